using SequenceModels.Cells;
using SequenceModels.Kernels;
using SequenceModels.Tests.Kernels;
using SequenceModels.Tests.Onnx;
using SequenceModels.Tests.Reference;
using Xunit;

namespace SequenceModels.Tests.Layers;

/// <summary>Every registered cell, in both directions, over ragged batches: forward against ONNX Runtime, backward against the textbook.</summary>
[Collection(EveryWidth.Name)]
public class RecurrentTests
{
    private static readonly int[] Lengths = [6, 4, 4, 1];

    public static IEnumerable<TheoryDataRow<string, bool, int, int>> ForwardCases =>
        from cell in RecurrentCells.All
        from reverse in new[] { false, true }
        from size in new[] { 1, 3, 17, 64, 100 }
        from width in Simd.Widths
        select new TheoryDataRow<string, bool, int, int>(cell.Name, reverse, size, width);

    /// <summary>The sizes end with one that fills a panel of gates and begins another.</summary>
    public static IEnumerable<TheoryDataRow<string, bool, int, int>> BackwardCases =>
        from cell in RecurrentCells.All
        from reverse in new[] { false, true }
        from size in new[] { 1, 3, cell.UnitsPerPanel + 1 }
        from width in Simd.Widths
        select new TheoryDataRow<string, bool, int, int>(cell.Name, reverse, size, width);

    [Theory]
    [MemberData(nameof(ForwardCases))]
    public void States_are_those_of_OnnxRuntime(string name, bool reverse, int hiddenSize, int width) => EveryWidth.At(width, () =>
    {
        double[][][] sequences = RandomSequences.Create(features: 5, Lengths);
        var run = new RecurrentRun(RecurrentCells.Find(name)!, hiddenSize, reverse, sequences);
        double[][][] actual = run.Forward();
        var weights = new OnnxDirection(run.Weights["W"], run.Weights["R"], run.Weights["b"], run.Weights.GetValueOrDefault("bR"));
        AssertClose(OnnxRecurrent.Run(name, [weights], sequences, reverse), actual, 1e-5);
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
            CheckGradients(cell.Name, hiddenSize: 2, reverse, lengths);
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
        var cell = ReferenceCell.Create(name, weights["W"], weights["R"], weights["b"], weights.GetValueOrDefault("bR"));
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
