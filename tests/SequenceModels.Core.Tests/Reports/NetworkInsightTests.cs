using SequenceModels.Networks;
using SequenceModels.Reports;
using SequenceModels.Tests.Reference;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Reports;

public class NetworkInsightTests
{
    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        foreach (NetworkShape spec in new[] { Insights.Tokens("LSTM"), Insights.Frames("GRU") })
        {
            SequenceNetwork network = new NetworkRun(spec).Network;
            SampledRows rows = Insights.Choose(Insights.Rows(spec, 150));
            byte[] one = Insights.Bytes(NetworkInsight.Measure(network, rows, new InsightNames(), threads: 1).Write);
            Assert.Equal(one, Insights.Bytes(NetworkInsight.Measure(network, rows, new InsightNames(), threads: 4).Write));
            Assert.Equal(one, Insights.Bytes(NetworkInsight.Measure(network, rows, new InsightNames()).Write));
        }
    }

    [Fact]
    public void A_look_waits_until_it_is_asked_for_and_an_error_is_not_kept()
    {
        NetworkShape spec = Insights.Tokens("GRU");
        bool fails = true;
        var names = new InsightNames { Token = _ => fails ? throw new IOException() : "x" };
        var result = new TrainingResult(new NetworkRun(spec).Network.Layers, [], Insights.Choose(Insights.Rows(spec, 10)));
        Lazy<NetworkInsight> look = NetworkInsight.OnDemand(result, names, threads: 1)!;
        Assert.False(look.IsValueCreated);
        Assert.Throws<IOException>(() => look.Value);
        fails = false;
        Assert.Equal("x", look.Value.Trace!.Steps[0]);
        Assert.Null(NetworkInsight.OnDemand(result with { Examples = null }, names, threads: 1));
    }

    [Theory]
    [InlineData(60, "all 60 training rows.")]
    [InlineData(2500, "2,000 of 2,500 training rows, evenly spread over all.")]
    public void A_page_says_how_many_rows_were_measured(int rows, string text)
    {
        (SequenceNetwork network, NetworkInsight insight) = Insights.Measure(Insights.Frames("RNN"), rows, longest: 5);
        Assert.Contains("Measured with the trained network on " + text, ReportPage.Render(network, [], insight), StringComparison.Ordinal);
    }
}
