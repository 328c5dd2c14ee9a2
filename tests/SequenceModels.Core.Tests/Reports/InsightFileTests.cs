using SequenceModels.Files;
using SequenceModels.Networks;
using SequenceModels.Reports;
using SequenceModels.Tests.Reference;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Reports;

public class InsightFileTests
{
    [Fact]
    public void What_was_measured_comes_back()
    {
        foreach (NetworkShape spec in new[] { Insights.Tokens("LSTM"), Insights.Tokens("RNN"), Insights.Frames("GRU") })
        {
            NetworkInsight insight = Insights.Measure(spec).Insight;
            byte[] bytes = Insights.Bytes(insight.Write);
            var reader = new PayloadReader(bytes, "TESTKIND", 1);
            NetworkInsight read = NetworkInsight.Read(reader);
            reader.RequireEnd();
            Assert.Equal(bytes, Insights.Bytes(read.Write));
            Assert.Equal(insight.Layers[0].GradientNorms, read.Layers[0].GradientNorms);
            Assert.Equal(insight.Predictions.Confusion, read.Predictions.Confusion);
            Assert.Equal(insight.Predictions.Numbers, read.Predictions.Numbers);
            Assert.Equal(insight.Trace!.Steps, read.Trace!.Steps);
        }
    }

    /// <summary>Weights may be so large that some rows come to no number: a model of them can be saved, and so must be read.</summary>
    [Fact]
    public void What_came_to_no_number_is_left_out()
    {
        SequenceNetwork network = new NetworkRun(Insights.Frames("GRU")).Network;
        network.Layers.Parameters.Values.Span.Fill(float.NaN);
        NetworkInsight insight = NetworkInsight.Measure(network, Insights.Choose(Insights.Rows(Insights.Frames("GRU"), 60)), new InsightNames());
        Assert.Empty(insight.Predictions.Numbers);
        Assert.Equal(0, insight.Predictions.Count);
        Assert.Null(insight.Trace);
        byte[] bytes = Insights.Bytes(insight.Write);
        Assert.Equal(bytes, Insights.Bytes(NetworkInsight.Read(new PayloadReader(bytes, "TESTKIND", 1)).Write));
    }

    [Fact]
    public void A_history_comes_back()
    {
        TrainingEpoch[] history = [Insights.Epoch(1), Insights.Epoch(2, validated: false), Insights.Epoch(3)];
        var reader = new PayloadReader(Insights.Bytes(writer => TrainingHistoryFile.Write(writer, history)), "TESTKIND", 1);
        Assert.Equal(history, TrainingHistoryFile.Read(reader));
        reader.RequireEnd();
    }

    [Fact]
    public void Bytes_cut_short_anywhere_are_refused()
    {
        byte[] insight = Insights.Bytes(Insights.Measure(Insights.Tokens("GRU")).Insight.Write);
        byte[] history = Insights.Bytes(writer => TrainingHistoryFile.Write(writer, [Insights.Epoch(1), Insights.Epoch(2, validated: false)]));
        for (int length = 0; length < insight.Length; length++)
            Assert.Throws<InvalidDataException>(() => NetworkInsight.Read(new PayloadReader(insight.AsMemory(0, length), "TESTKIND", 1)));
        for (int length = 0; length < history.Length; length++)
            Assert.Throws<InvalidDataException>(() => TrainingHistoryFile.Read(new PayloadReader(history.AsMemory(0, length), "TESTKIND", 1)));
    }

    /// <summary>A seal does not make its content true: whoever writes a file can seal it.</summary>
    [Fact]
    public void Altered_bytes_are_refused_or_can_be_shown()
    {
        (SequenceNetwork network, NetworkInsight insight) = Insights.Measure(Insights.Tokens("GRU") with { NumberOfLayers = 1 }, count: 12, longest: 6);
        (SequenceNetwork regression, NetworkInsight numbers) = Insights.Measure(Insights.Frames("LSTM"), count: 12, longest: 6);
        int shown = 0;
        foreach (byte[] whole in new[] { Insights.Bytes(insight.Write), Insights.Bytes(numbers.Write) })
            for (int at = 0; at < whole.Length; at += at < 120 ? 1 : 61)
                foreach (byte value in new byte[] { 0, 1, 127, 255 })
                {
                    byte[] altered = [.. whole];
                    altered[at] = value;
                    NetworkInsight read;
                    try
                    {
                        read = NetworkInsight.Read(new PayloadReader(altered, "TESTKIND", 1));
                    }
                    catch (InvalidDataException)
                    {
                        continue;
                    }
                    shown++;
                    Assert.DoesNotContain("NaN", ReportPage.Render(read.Predictions.Classes == 0 ? regression : network, [], read), StringComparison.Ordinal);
                }
        Assert.True(shown > 100);
    }

    [Fact]
    public void An_altered_history_is_refused_or_can_be_shown()
    {
        SequenceNetwork network = Insights.Measure(Insights.Tokens("GRU")).Network;
        byte[] whole = Insights.Bytes(writer => TrainingHistoryFile.Write(writer, [Insights.Epoch(1), Insights.Epoch(2)]));
        for (int at = 0; at < whole.Length; at++)
            foreach (byte value in new byte[] { 0, 127, 255 })
            {
                byte[] altered = [.. whole];
                altered[at] = value;
                try
                {
                    string page = ReportPage.Render(network, TrainingHistoryFile.Read(new PayloadReader(altered, "TESTKIND", 1)), null);
                    Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
                }
                catch (InvalidDataException)
                {
                }
            }
    }
}
