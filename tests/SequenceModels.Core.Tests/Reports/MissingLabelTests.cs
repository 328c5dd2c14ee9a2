using SequenceModels.Networks;
using SequenceModels.Reports;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using Xunit;

namespace SequenceModels.Tests.Reports;

public class MissingLabelTests
{
    [Fact]
    public void Steps_without_a_label_are_neither_counted_nor_part_of_the_loss()
    {
        NetworkShape spec = Insights.Tokens("GRU") with { EveryStep = true };
        SequenceNetwork network = new NetworkRun(spec).Network;
        var data = new SequenceDataset(spec.Inputs, targets: data => new StepTargets(data));
        data.Add([1u, 2, 3], [0, float.NaN, 2]);
        data.Add([4u, 5], [1, 0]);

        NetworkInsight insight = NetworkInsight.Measure(network, Insights.Choose(data), new InsightNames());

        Assert.Equal(4, insight.Predictions.Count);
        Assert.Equal(4, insight.Predictions.Confusion.Sum(pair => pair.Count));
        float[] first = network.Score([1u, 2, 3]), second = network.Score([4u, 5]);
        double expected = -(Math.Log(first[0]) + Math.Log(first[(2 * 3) + 2]) + Math.Log(second[1]) + Math.Log(second[3])) / 2 / 2;
        Assert.Equal(expected, insight.Loss, 1e-5);
    }
}
