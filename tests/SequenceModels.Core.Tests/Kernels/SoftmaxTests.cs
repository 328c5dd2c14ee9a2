using SequenceModels.Kernels;
using Xunit;

namespace SequenceModels.Tests.Kernels;

/// <summary>The softmax of a row against its formula in double, for every number of classes and at every vector width.</summary>
[Collection(EveryWidth.Name)]
public unsafe class SoftmaxTests
{
    public static TheoryData<int> Widths => EveryWidth.Widths;

    [Theory]
    [MemberData(nameof(Widths))]
    public void It_is_the_formula_and_leaves_zeros_behind_the_row(int width) => EveryWidth.At(width, () =>
    {
        foreach (int count in (int[])[1, 2, 15, 16, 17, 65, 1000])
            Check([.. Enumerable.Range(0, count).Select(i => MathF.Sin(i) * 9)], factor: 0.25f);
        Check([1000, 999, -1000], factor: 1); // e^1000 is more than any float
        Check([-1000, -1000.5f, -1003], factor: 1);
    });

    private static void Check(float[] logits, float factor)
    {
        int padded = Rows.Padded(logits.Length);
        var row = new FloatBuffer(padded);
        row.Span.Fill(7);
        logits.CopyTo(row.Span);
        double logOfSum = Softmax.Scaled(row.Data, logits.Length, padded, factor);

        double largest = logits.Max(), sum = logits.Sum(x => Math.Exp(x - largest));
        Assert.Equal(largest + Math.Log(sum), logOfSum, 1e-6 * (1 + Math.Abs(largest)));
        for (int i = 0; i < logits.Length; i++)
            Assert.Equal(factor * Math.Exp(logits[i] - largest) / sum, row.Span[i], 1e-6);
        for (int i = logits.Length; i < padded; i++)
            Assert.Equal(0, row.Span[i]);
    }
}
