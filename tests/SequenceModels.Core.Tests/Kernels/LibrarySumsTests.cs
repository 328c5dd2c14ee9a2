using System.Numerics.Tensors;
using Xunit;

namespace SequenceModels.Tests;

/// <summary>
/// Initial weights, norms of gradients and reports are sums of the library. Arrays begin anywhere in memory:
/// if the library began its vectors at an aligned address, equal seeds would not give equal networks.
/// </summary>
public class LibrarySumsTests
{
    private const int MostOffset = 16;

    public static TheoryData<int> Lengths => [1, 3, 8, 15, 16, 17, 31, 64, 65, 100, 127, 129, 200, 256, 257, 513, 1_000, 4_099];

    [Theory, MemberData(nameof(Lengths))]
    public void Sums_have_the_same_bits_wherever_the_numbers_lie(int length)
    {
        double[] a = Random(length, seed: 1), b = Random(length, seed: 2), aMoved = new double[length + MostOffset],
            bMoved = new double[length + MostOffset];
        float[] single = [.. a.Select(value => (float)value)], singleMoved = new float[length + MostOffset];
        for (int offset = 0; offset < MostOffset; offset++)
        {
            Span<double> left = aMoved.AsSpan(offset, length), right = bMoved.AsSpan((3 * offset + 1) % MostOffset, length);
            Span<float> row = singleMoved.AsSpan(offset, length);
            a.CopyTo(left);
            b.CopyTo(right);
            single.CopyTo(row);
            Assert.Equal(TensorPrimitives.Dot<double>(a, b), TensorPrimitives.Dot<double>(left, right));
            Assert.Equal(TensorPrimitives.Norm<double>(a), TensorPrimitives.Norm<double>(left));
            Assert.Equal(TensorPrimitives.Dot<float>(single, single), TensorPrimitives.Dot<float>(row, row));
            Assert.Equal(TensorPrimitives.SumOfSquares<float>(single), TensorPrimitives.SumOfSquares<float>(row));
            Assert.Equal(TensorPrimitives.SumOfMagnitudes<float>(single), TensorPrimitives.SumOfMagnitudes<float>(row));
        }
    }

    private static double[] Random(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() - 0.5)];
    }
}
