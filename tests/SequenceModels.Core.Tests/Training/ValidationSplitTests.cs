using SequenceModels.Files;
using SequenceModels.Sequences;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Training;

public class ValidationSplitTests
{
    [Theory]
    [InlineData(0.1)]
    [InlineData(0.25)]
    [InlineData(0.9)]
    public void Each_class_gives_the_same_share(double fraction)
    {
        SequenceDataset data = Data([.. Enumerable.Range(0, 1000).Select(row => row % 10 == 0 ? 2f : row % 3 == 0 ? 1 : 0)]);
        (int[] training, int[] validation) = Draw(data, fraction, 1, byClass: true);
        Assert.Equal(Enumerable.Range(0, 1000), training.Concat(validation).Order());
        Assert.Equal(training.Order(), training);
        Assert.Equal(validation.Order(), validation);
        foreach (IGrouping<float, int> ofClass in Enumerable.Range(0, 1000).GroupBy(row => data.Labels(row)[0]))
            Assert.Equal(Math.Round(fraction * ofClass.Count(), MidpointRounding.AwayFromZero), validation.Count(row => data.Labels(row)[0] == ofClass.Key));
    }

    [Fact]
    public void Without_classes_the_share_is_of_all_rows()
    {
        SequenceDataset data = Data([.. Enumerable.Range(0, 100).Select(row => (float)row)]);
        (int[] training, int[] validation) = Draw(data, 0.2, 1, byClass: false);
        Assert.Equal((80, 20), (training.Length, validation.Length));
        Assert.Equal(Enumerable.Range(0, 100), training.Concat(validation).Order());
    }

    [Fact]
    public void The_seed_alone_decides()
    {
        float[] labels = [.. Enumerable.Range(0, 200).Select(row => (float)(row % 2))];
        SequenceDataset data = Data(labels);
        using SequenceDataset mapped = Data(labels, memory: 0);
        int[] first = Draw(data, 0.3, 1, true).Validation;
        Assert.Equal(first, Draw(data, 0.3, 1, true).Validation);
        Assert.Equal(first, Draw(mapped, 0.3, 1, true).Validation);
        Assert.NotEqual(first, Draw(data, 0.3, 2, true).Validation);
    }

    [Fact]
    public void Every_row_is_drawn_alike_often()
    {
        SequenceDataset data = Data(new float[20]);
        int[] drawn = new int[20];
        for (int seed = 0; seed < 2000; seed++)
            foreach (int row in Draw(data, 0.25, seed, byClass: false).Validation)
                drawn[row]++;
        Assert.All(drawn, count => Assert.InRange(count, 400, 600)); // 500 expected, deviation 19
    }

    [Fact]
    public void A_row_of_each_class_stays_in_training()
    {
        (int[] training, int[] validation) = Draw(Data([0, 1, 1, 2, 2, 2]), 0.99, 1, byClass: true);
        Assert.Equal((3, 3), (training.Length, validation.Length));
        Assert.Contains(0, training);
    }

    [Fact]
    public void Rows_without_weight_stay_in_training()
    {
        var data = new SequenceDataset([StepFeature.Tokens(3, 0)]);
        for (int row = 0; row < 40; row++)
            data.Add([1u], label: row % 2, weight: row % 4 < 2 ? 0 : 1);
        foreach (bool byClass in new[] { false, true })
        {
            (int[] training, int[] validation) = Draw(data, 0.5, 1, byClass);
            Assert.Equal((30, 10), (training.Length, validation.Length));
            Assert.All(validation, row => Assert.Equal(1, data.Weight(row)));
        }
    }

    [Theory]
    [InlineData(5, 0.01, false)]
    [InlineData(5, 0.99, false)]
    [InlineData(1, 0.5, true)]
    [InlineData(3, 0.1, true)]
    public void An_empty_side_is_refused(int rows, double fraction, bool byClass)
    {
        var error = Assert.Throws<InvalidOperationException>(() => ValidationSplit.Draw(Data(new float[rows]), fraction, 1, byClass));
        Assert.Contains(FormattableString.Invariant($"ValidationFraction is {fraction}, and of the {Counted.Of(rows, "row")} with a weight"), error.Message, StringComparison.Ordinal);
    }

    private static (int[] Training, int[] Validation) Draw(SequenceDataset data, double fraction, int seed, bool byClass)
    {
        using ValidationSplit split = ValidationSplit.Draw(data, fraction, seed, byClass);
        return (List(split.Training), List(split.Validation));
    }

    private static int[] List(SpillList<int> rows) => rows.Span(0, (int)rows.Count).ToArray();

    private static SequenceDataset Data(float[] labels, long memory = long.MaxValue)
    {
        var data = new SequenceDataset([StepFeature.Tokens(3, 0)], memory);
        foreach (float label in labels)
            data.Add([1u], label);
        return data;
    }
}
