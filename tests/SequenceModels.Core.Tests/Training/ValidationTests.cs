using SequenceModels.Files;
using SequenceModels.Heads;
using SequenceModels.Kernels;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Training;

public class ValidationTests
{
    private const double Tolerance = 1e-5;

    /// <summary>Heads that take each output by itself; a chain of tags has tests of its own.</summary>
    public static IEnumerable<TheoryDataRow<string, int, bool>> Cases =>
        from head in new[] { nameof(HeadKind.Sigmoid), nameof(HeadKind.Softmax), nameof(HeadKind.Regression) }
        from count in new[] { 1, 63, 64, 65, 1000 }
        from everyStep in new[] { false, true }
        select new TheoryDataRow<string, int, bool>(head, count, everyStep);

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_figures_are_those_of_all_rows_by_their_weights(string head, int count, bool everyStep)
    {
        EncoderNetwork network = Network(Kind(head), everyStep);
        SequenceDataset data = Rows(network, count);
        ValidationMetrics expected = PlainMetrics.Of(network, data), found = Measure(network, data);
        AssertClose(expected, found);
        Assert.Equal(head == nameof(HeadKind.Sigmoid) && !everyStep, found.AreaUnderRocCurve is not null);
    }

    [Theory]
    [InlineData(nameof(HeadKind.Sigmoid))]
    [InlineData(nameof(HeadKind.Softmax))]
    [InlineData(nameof(HeadKind.Regression))]
    public void Only_the_selected_rows_count(string head)
    {
        EncoderNetwork network = Network(Kind(head));
        SequenceDataset data = Rows(network, 200);
        int[] chosen = [.. Enumerable.Range(0, 200).Where(row => row % 3 > 0)];
        using SpillList<int> numbers = data.NewList<int>();
        numbers.Write(0, chosen);
        using var validation = new Validation(network, new RowSelection(data, numbers), threads: 1);
        AssertClose(PlainMetrics.Of(network, data, chosen), validation.Measure(() => { }));
    }

    [Theory]
    [InlineData(nameof(HeadKind.Sigmoid))]
    [InlineData(nameof(HeadKind.Softmax))]
    [InlineData(nameof(HeadKind.Regression))]
    public void A_row_of_weight_two_counts_twice_and_one_of_weight_zero_not_at_all(string head)
    {
        EncoderNetwork network = Network(Kind(head));
        SequenceDataset weighted = Data(network), repeated = Data(network);
        SequenceDataset rows = Rows(network, 90);
        for (int row = 0; row < rows.Count; row++)
        {
            int times = row % 3;
            weighted.Add(rows.Tokens(row), rows.Labels(row)[0], times);
            for (int i = 0; i < times; i++)
                repeated.Add(rows.Tokens(row), rows.Labels(row)[0]);
        }
        AssertClose(Measure(network, repeated), Measure(network, weighted), 1e-12);
    }

    [Theory]
    [InlineData(nameof(HeadKind.Sigmoid))]
    [InlineData(nameof(HeadKind.Softmax))]
    [InlineData(nameof(HeadKind.Regression))]
    public void Any_number_of_threads_measures_the_same_bits(string head)
    {
        EncoderNetwork network = Network(Kind(head));
        SequenceDataset data = Rows(network, 1000);
        ValidationMetrics one = Measure(network, data, threads: 1);
        foreach (int threads in new[] { 0, 2, 5 })
            Assert.Equal(one, Measure(network, data, threads));
    }

    [Fact]
    public void Rows_longer_than_a_batch_count_like_others()
    {
        EncoderNetwork network = Network(HeadKind.Softmax);
        SequenceDataset data = Data(network);
        var random = new Random(4);
        foreach (int length in new[] { 3, 9000, 8192, 20_000, 8193, 1, 4000, 4000, 4000 })
            data.Add([.. Enumerable.Range(0, length).Select(_ => (uint)random.Next(1, 4))], label: random.Next(3));
        AssertClose(PlainMetrics.Of(network, data), Measure(network, data));
    }

    [Fact]
    public void Labels_far_from_zero_keep_their_deviation()
    {
        EncoderNetwork network = Network(HeadKind.Regression, labels: new LabelTransform(16_000_000, 30));
        SequenceDataset data = Data(network);
        for (int row = 0; row < 100; row++)
            data.Add([(uint)(1 + row % 3)], label: 16_000_000 + row);
        ValidationMetrics expected = PlainMetrics.Of(network, data), found = Measure(network, data);
        Assert.Equal(expected.RootMeanSquaredError!.Value, found.RootMeanSquaredError!.Value, 1e-9);
        Assert.Equal(expected.RSquared!.Value, found.RSquared!.Value, 1e-9);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void One_class_alone_has_no_ROC_curve(int label)
    {
        EncoderNetwork network = Network(HeadKind.Sigmoid);
        SequenceDataset data = Data(network);
        data.Add([1u, 2], label);
        data.Add([2u], label);
        data.Add([3u], 1 - label, weight: 0);
        ValidationMetrics found = Measure(network, data);
        Assert.Equal(double.NaN, found.AreaUnderRocCurve);
        Assert.True(double.IsFinite(found.Loss));
    }

    [Fact]
    public void Scores_that_are_all_alike_rank_no_row_before_another()
    {
        EncoderNetwork network = Network(HeadKind.Sigmoid);
        SequenceDataset data = Data(network);
        for (int row = 0; row < 9; row++)
            data.Add([1u, 2], label: row < 2 ? 1 : 0);
        Assert.Equal(0.5, Measure(network, data).AreaUnderRocCurve);
    }

    [Fact]
    public void Measuring_can_be_cancelled_and_done_again()
    {
        EncoderNetwork network = Network(HeadKind.Softmax);
        SequenceDataset data = Rows(network, 1000);
        using var validation = new Validation(network, new RowSelection(data), threads: 1);
        int asked = 0;
        Assert.Throws<OperationCanceledException>(() => validation.Measure(() =>
        {
            if (++asked == 3)
                throw new OperationCanceledException();
        }));
        Assert.Equal(3, asked);
        AssertClose(PlainMetrics.Of(network, data), validation.Measure(() => { }));
    }

    [Fact]
    public void The_weights_of_the_moment_are_measured()
    {
        EncoderNetwork network = Network(HeadKind.Softmax);
        SequenceDataset data = Rows(network, 100);
        using var validation = new Validation(network, new RowSelection(data), threads: 2);
        ValidationMetrics before = validation.Measure(() => { });
        network.Initialize(seed: 8);
        ValidationMetrics after = validation.Measure(() => { });
        Assert.NotEqual(before, after);
        AssertClose(PlainMetrics.Of(network, data), after);
    }

    private static ValidationMetrics Measure(EncoderNetwork network, SequenceDataset data, int threads = 2)
    {
        using var validation = new Validation(network, new RowSelection(data), threads);
        return validation.Measure(() => { });
    }

    private static EncoderNetwork Network(HeadKind head, bool everyStep = false, LabelTransform? labels = null)
    {
        var network = new EncoderNetwork(new NetworkShape
        {
            Input = StepFeatureKind.Tokens, InputSize = 3, EmbeddingSize = 4, Cell = "RNN", HiddenSize = 6, Head = head,
            EveryStep = everyStep,
            NumberOfOutputs = head == HeadKind.Softmax ? 3 : 1,
        }, FrameTransform.None, labels ?? (head == HeadKind.Regression ? new LabelTransform(2, 3) : LabelTransform.None));
        network.Parameters.Allocate();
        network.Initialize(seed: 5);
        return network;
    }

    private static SequenceDataset Data(EncoderNetwork network) =>
        new(network.Spec.Inputs, targets: network.Spec.Output.EveryStep ? data => new StepTargets(data) : null);

    /// <summary>So short and of so few tokens that many are alike, some empty; with weights from 0 to 1.5.</summary>
    private static SequenceDataset Rows(EncoderNetwork network, int count)
    {
        var random = new Random(3);
        SequenceDataset data = Data(network);
        for (int row = 0; row < count; row++)
        {
            uint[] tokens = [.. Enumerable.Range(0, row == 0 ? 4 : random.Next(5)).Select(_ => (uint)random.Next(1, 4))];
            float weight = (row + 1) % 4 / 2f;
            if (network.Spec.Output.EveryStep)
                data.Add(tokens, [.. tokens.Select(_ => Label())], weight);
            else
                data.Add(tokens, Label(), weight);
        }
        return data;

        float Label() => network.Spec.Output.Head switch
        {
            HeadKind.Regression => 10 * random.NextSingle(),
            HeadKind.Sigmoid => random.Next(2),
            _ => random.Next(3),
        };
    }

    private static HeadKind Kind(string head) => Enum.Parse<HeadKind>(head);

    private static void AssertClose(ValidationMetrics expected, ValidationMetrics found, double tolerance = Tolerance)
    {
        foreach (Func<ValidationMetrics, double?> figure in new Func<ValidationMetrics, double?>[]
        {
            metrics => metrics.Loss, metrics => metrics.Accuracy, metrics => metrics.LogLoss, metrics =>
                metrics.AreaUnderRocCurve,
            metrics => metrics.RootMeanSquaredError, metrics => metrics.RSquared,
        })
        {
            Assert.Equal(figure(expected) is null, figure(found) is null);
            if (figure(expected) is { } value)
                Assert.Equal(value, figure(found)!.Value, tolerance * Math.Max(1, double.IsFinite(value) ? Math.Abs(value) : 1));
        }
    }
}
