using SequenceModels.Cells;
using SequenceModels.Kernels;
using SequenceModels.Tests.Kernels;
using SequenceModels.Tests.Onnx;
using SequenceModels.Tests.Reference;
using Xunit;

namespace SequenceModels.Tests.Layers;

/// <summary>
/// Every registered cell, in both directions, over ragged batches: forward against ONNX Runtime where ONNX has the cell,
/// backward against the textbook.
/// </summary>
[Collection(EveryWidth.Name)]
public class RecurrentTests
{
    private static readonly int[] Lengths = [6, 4, 4, 1];

    public static IEnumerable<TheoryDataRow<string, bool, int, int>> ForwardCases =>
        from cell in RecurrentCells.All
        where cell.Onnx is not null
        from reverse in new[] { false, true }
        from size in new[] { 1, 3, 17, 64, 100 }
        from width in Simd.Widths
        select new TheoryDataRow<string, bool, int, int>(cell.Name, reverse, size, width);

    /// <summary>
    /// The sizes end with one that fills a panel of gates and begins another, or has more units than a cache line holds.
    /// </summary>
    public static IEnumerable<TheoryDataRow<string, bool, int, int>> BackwardCases =>
        from cell in RecurrentCells.All
        from reverse in new[] { false, true }
        from size in new[] { 1, 3, cell.UnitsPerPanel(1) + 1 }
        from width in Simd.Widths
        select new TheoryDataRow<string, bool, int, int>(cell.Name, reverse, size, width);

    [Theory]
    [MemberData(nameof(ForwardCases))]
    public void States_are_those_of_OnnxRuntime(string name, bool reverse, int hiddenSize, int width) =>
        EveryWidth.At(width, () =>
    {
        double[][][] sequences = RandomSequences.Create(features: 5, Lengths);
        RecurrentCell cell = RecurrentCells.Find(name)!;
        var run = new RecurrentRun(cell, hiddenSize, reverse, sequences);
        double[][][] actual = run.Forward();
        AssertClose(OnnxRecurrent.Run(cell.Onnx!, [run.Weights], sequences, reverse), actual, 1e-5);
    });

    [Theory]
    [MemberData(nameof(BackwardCases))]
    public void Gradients_are_finite_differences_of_the_textbook(string name, bool reverse, int hiddenSize, int width) =>
        EveryWidth.At(width, () => CheckGradients(name, hiddenSize, reverse, hiddenSize < 20 ? Lengths : [3, 2]));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gradients_are_complete_over_more_steps_than_are_taken_at_once(bool reverse)
    {
        int[] lengths = [.. Enumerable.Range(0, 45).Select(i => 21 - i / 3)]; // 630 steps
        foreach (RecurrentCell cell in RecurrentCells.All)
            // Of two numbers normalisation leaves little more than which is larger: nothing to take a slope of.
            CheckGradients(cell.Name, hiddenSize: cell.ReadsWholeRows ? 5 : 2, reverse, lengths);
    }

    [Theory]
    [MemberData(nameof(BackwardCases))]
    public void States_are_those_of_the_textbook(string name, bool reverse, int hiddenSize, int width) =>
        EveryWidth.At(width, () =>
    {
        double[][][] sequences = RandomSequences.Create(features: 5, Lengths);
        var run = new RecurrentRun(RecurrentCells.Find(name)!, hiddenSize, reverse, sequences);
        double[][][] actual = run.Forward();
        AssertClose([.. sequences.Select(steps => Textbook(name, run.Weights, reverse, steps))], actual, 1e-5);
    });

    /// <summary>A decoder begins where its encoder ends: the encoder learns from what its last states lead to.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void States_that_sequences_begin_with_have_the_gradients_of_the_textbook(bool reverse)
    {
        const int Hidden = 3;
        foreach (RecurrentCell cell in RecurrentCells.All)
        {
            double[][][] sequences = RandomSequences.Create(features: 3, Lengths),
                share = RandomSequences.Create(Hidden, Lengths, seed: 9);
            double[][][] initial = RandomSequences.Create(Hidden, [.. Lengths.Select(_ => cell.HasCellState ? 2 : 1)], seed: 7);
            var run = new RecurrentRun(cell, Hidden, reverse, sequences);
            run.BeginWith(initial);
            double[][] Run(int b)
            {
                var textbook = ReferenceCell.Create(cell.Name, part => run.Weights[part]);
                textbook.Into = (step, _, state) => step == 0 ? initial[b] : state;
                return reverse ? textbook.RunFromEnd(sequences[b]) : textbook.Run(sequences[b]);
            }
            double LossOf(int b) => Run(b).Zip(share[b], (h, s) => h.Zip(s, (x, y) => x * y).Sum()).Sum();

            AssertClose([.. Enumerable.Range(0, Lengths.Length).Select(Run)], run.Forward(), 1e-5);
            run.Backward(share);
            double[][][] actual = run.InitialGradients();
            for (int b = 0; b < Lengths.Length; b++)
                for (int which = 0; which < initial[b].Length; which++)
                    Matrices.AssertAgree($"{cell.Name}, sequence {b}, state {which}",
                        InputGradient(initial[b], which, () => LossOf(b)), Row(actual[b][which]));
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(20)]
    public void A_cell_may_have_more_gates_than_fit_a_panel(int hiddenSize)
    {
        double[][][] sequences = RandomSequences.Create(features: 3, Lengths);
        var many = new RecurrentRun(new ManyGates(), hiddenSize, reverse: false, sequences);
        Dictionary<string, double[,]> sums =
            many.Weights.ToDictionary(part => part.Key, part => SumOfGates(part.Value, hiddenSize));
        AssertClose([.. sequences.Select(steps => Textbook("RNN", sums, reverse: false, steps))], many.Forward(), 1e-4);

        // Each gate's gradient is that of the one gate of a plain cell with the sums for weights.
        double[][][] share = RandomSequences.Create(hiddenSize, Lengths, seed: 9);
        var plain = new RecurrentRun(RecurrentCells.Find("RNN")!, hiddenSize, reverse: false, sequences, sums);
        plain.Forward();
        Dictionary<string, double[,]> expected = plain.Backward(share).Weights, actual = many.Backward(share).Weights;
        foreach ((string part, double[,] matrix) in expected)
            for (int gate = 0; gate < 7; gate++)
                Matrices.AssertAgree($"{part}, gate {gate}", matrix, GateOf(actual[part], gate, hiddenSize));
    }

    private static double[,] GateOf(double[,] matrix, int gate, int hiddenSize)
    {
        var one = new double[matrix.GetLength(0), hiddenSize];
        for (int row = 0; row < matrix.GetLength(0); row++)
            for (int unit = 0; unit < hiddenSize; unit++)
                one[row, unit] = matrix[row, gate * hiddenSize + unit];
        return one;
    }

    private static double[,] SumOfGates(double[,] matrix, int hiddenSize)
    {
        var sum = new double[matrix.GetLength(0), hiddenSize];
        for (int row = 0; row < matrix.GetLength(0); row++)
            for (int column = 0; column < matrix.GetLength(1); column++)
                sum[row, column % hiddenSize] += matrix[row, column];
        return sum;
    }

    private static void CheckGradients(string name, int hiddenSize, bool reverse, int[] lengths)
    {
        double[][][] sequences = RandomSequences.Create(features: 3, lengths);
        var run = new RecurrentRun(RecurrentCells.Find(name)!, hiddenSize, reverse, sequences);
        // Every state of every step counts in the loss, each by another amount: no lost step can hide.
        double[][][] share = RandomSequences.Create(hiddenSize, lengths, seed: 9);
        double LossOf(int b) => Textbook(name, run.Weights, reverse, sequences[b])
            .Zip(share[b], (h, s) => h.Zip(s, (x, y) => x * y).Sum()).Sum();

        run.Forward();
        (Dictionary<string, double[,]> weights, double[][][] input) = run.Backward(share);

        foreach ((string part, double[,] matrix) in run.Weights)
            FiniteDifferences.AssertGradient(part, matrix, () => Enumerable.Range(0, lengths.Length).Sum(LossOf), weights[part]);
        for (int b = 0; b < sequences.Length; b++)
            for (int t = 0; t < sequences[b].Length; t++)
                Matrices.AssertAgree($"x[{b}, {t}]", InputGradient(sequences[b], t, () => LossOf(b)), Row(input[b][t]));
    }

    private static double[][] Textbook(string name, Dictionary<string, double[,]> weights, bool reverse, double[][] steps)
    {
        var cell = ReferenceCell.Create(name, part => weights[part]);
        return reverse ? cell.RunFromEnd(steps) : cell.Run(steps);
    }

    private static double[,] InputGradient(double[][] sequence, int t, Func<double> loss)
    {
        double[] original = sequence[t];
        double[,] moved = Row(original);
        double[,] gradient = FiniteDifferences.Gradient(moved, () =>
        {
            sequence[t] = [.. moved.Cast<double>()];
            return loss();
        });
        sequence[t] = original;
        return gradient;
    }

    private static double[,] Row(double[] values)
    {
        var row = new double[1, values.Length];
        for (int i = 0; i < values.Length; i++)
            row[0, i] = values[i];
        return row;
    }

    private static void AssertClose(double[][][] expected, double[][][] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int b = 0; b < expected.Length; b++)
        {
            Assert.Equal(expected[b].Length, actual[b].Length);
            for (int t = 0; t < expected[b].Length; t++)
                for (int j = 0; j < expected[b][t].Length; j++)
                    Assert.Equal(expected[b][t][j], actual[b][t][j], tolerance);
        }
    }
}
