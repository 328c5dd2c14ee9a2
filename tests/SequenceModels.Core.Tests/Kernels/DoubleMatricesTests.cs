using SequenceModels.Kernels;
using Xunit;

namespace SequenceModels.Tests.Kernels;

/// <summary>Products of doubles at every vector width.</summary>
[Collection(EveryWidth.Name)]
public unsafe class DoubleMatricesTests
{
    public static TheoryData<int> Widths => EveryWidth.Widths;

    [Theory]
    [MemberData(nameof(Widths))]
    public void Sums_of_products_and_largest_sums_are_as_their_definition(int width) => EveryWidth.At(width, () =>
    {
        var random = new Random(1);
        foreach (int rows in new[] { 1, 3, 4, 9 })
            foreach ((int inner, int columns) in new[] { (1, 16), (5, 32), (33, 48) })
            {
                DoubleBuffer a = Filled(rows * columns, random), b = Filled(inner * columns, random),
                    c = Filled(rows * columns, random);
                DoubleMatrix left = new((nint)a.Data, inner < columns ? columns : 0);
                Check<SumOfProducts>(rows, inner, columns, left, b, c, (x, y) => x * y, (sum, term) => sum + term, 0);
                Check<MaximumOfSums>(rows, inner, columns, left, b, c, (x, y) => x + y, Math.Max, double.NegativeInfinity);
            }
    });

    [Theory]
    [MemberData(nameof(Widths))]
    public void A_row_has_the_same_bits_alone_and_among_others(int width) => EveryWidth.At(width, () =>
    {
        const int Rows = 7, Inner = 20, Columns = 32;
        var random = new Random(2);
        DoubleBuffer a = Filled(Rows * Columns, random), b = Filled(Inner * Columns, random), all = new(), one = new();
        all.Reserve(Rows * Columns);
        one.Reserve(Columns);
        DoubleMatrix right = DoubleMatrix.Panels(b.Data, Inner);
        DoubleMatrices.Product<SumOfProducts>(Rows, Inner, Columns, DoubleMatrix.Rows(a.Data, Columns), right,
            DoubleMatrix.Rows(all.Data, Columns));
        for (int row = 0; row < Rows; row++)
        {
            DoubleMatrices.Product<SumOfProducts>(1, Inner, Columns, DoubleMatrix.Rows(a.Data + row * Columns, Columns), right,
                DoubleMatrix.Rows(one.Data, Columns));
            Assert.Equal(all.First(Rows * Columns).Slice(row * Columns, Columns).ToArray(), one.First(Columns).ToArray());
        }
    });

    [Theory]
    [MemberData(nameof(Widths))]
    public void Rows_are_multiplied_summed_and_scaled(int width) => EveryWidth.At(width, () =>
    {
        const int Count = 48;
        var random = new Random(3);
        DoubleBuffer a = Filled(Count, random), b = Filled(Count, random), c = Filled(Count, random);
        (a.Data[3], a.Data[40]) = (0, 1e-200);
        double[] products = [.. a.First(Count).ToArray().Zip(b.First(Count).ToArray(), (x, y) => x * y)];
        Assert.Equal(products.Sum(), DoubleRows.Dot(a.Data, b.Data, Count), 1e-12);
        Assert.Equal(products.Sum(), DoubleRows.Multiply(a.Data, b.Data, c.Data, Count), 1e-12);
        Assert.Equal(products, c.First(Count).ToArray());
        Assert.Equal(a.First(Count).ToArray().Sum(), DoubleRows.Sum(a.Data, Count), 1e-12);
        Assert.Equal(2e-200, DoubleRows.Scale(a.Data, 2, Count));
        Assert.Equal(0, a.Data[3]);
        Assert.Equal(products.Sum() * 2, DoubleRows.Multiply(a.Data, b.Data, Count), 1e-12);
        Assert.Equal([.. products.Select(product => product * 2)], a.First(Count).ToArray());
    });

    private static void Check<TSemiring>(int rows, int inner, int columns, DoubleMatrix a, DoubleBuffer b, DoubleBuffer c,
        Func<double, double, double> multiply, Func<double, double, double> add, double zero) where TSemiring : ISemiring
    {
        foreach (bool panels in new[] { false, true })
        {
            DoubleMatrix right = panels ? DoubleMatrix.Panels(b.Data, inner) : DoubleMatrix.Rows(b.Data, columns);
            DoubleMatrices.Product<TSemiring>(rows, inner, columns, a, right, DoubleMatrix.Rows(c.Data, columns));
            for (int i = 0; i < rows; i++)
                for (int j = 0; j < columns; j++)
                {
                    double expected = zero;
                    for (int k = 0; k < inner; k++)
                        expected = add(expected, multiply(*a.At(i, k), panels
                            ? b.Data[j / 16 * inner * 16 + k * 16 + j % 16] : b.Data[k * columns + j]));
                    Assert.Equal(expected, c.Data[i * columns + j], 1e-12);
                }
        }
    }

    private static DoubleBuffer Filled(int length, Random random)
    {
        var buffer = new DoubleBuffer();
        buffer.Reserve(length);
        foreach (ref double value in buffer.First(length))
            value = random.NextDouble();
        return buffer;
    }
}
