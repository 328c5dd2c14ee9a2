using System.Runtime.CompilerServices;

namespace SequenceModels.Kernels;

/// <summary>The two operations that a product of matrices is made of.</summary>
internal interface ISemiring
{
    /// <summary>The sum of nothing.</summary>
    static abstract double Zero { get; }

    /// <summary>sum + a * b.</summary>
    static abstract V Add<V>(V a, V b, V sum) where V : struct, IDoubles<V>;
}

/// <summary>Sums of products: of probabilities, over all ways.</summary>
internal readonly struct SumOfProducts : ISemiring
{
    public static double Zero => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Add<V>(V a, V b, V sum) where V : struct, IDoubles<V> => V.MultiplyAdd(a, b, sum);
}

/// <summary>Maxima of sums: of logarithms, the best of all ways.</summary>
internal readonly struct MaximumOfSums : ISemiring
{
    public static double Zero => double.NegativeInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Add<V>(V a, V b, V sum) where V : struct, IDoubles<V> => V.Max(sum, a + b);
}

/// <summary>
/// A matrix of doubles: element (row, column) stands at Data + row * Row + column * Column within a panel of 16 columns,
/// and the next panel begins Panel doubles further.
/// </summary>
/// <param name="Data">First element.</param>
/// <param name="Row">Doubles from one row to the next.</param>
/// <param name="Panel">Doubles from one panel to the next.</param>
/// <param name="Column">Doubles from one column to the next; of a left operand alone, which has no panels, other than 1.</param>
internal readonly unsafe record struct DoubleMatrix(nint Data, nint Row, nint Panel = DoubleMatrices.PanelWidth, nint Column = 1)
{
    /// <summary>Stored row after row, each of <paramref name="stride"/> doubles.</summary>
    public static DoubleMatrix Rows(double* data, nint stride) => new((nint)data, stride);

    /// <summary>The transpose of a matrix stored row after row, as a left operand.</summary>
    public static DoubleMatrix Columns(double* data, nint stride) => new((nint)data, 1, 0, stride);

    /// <summary>Stored in panels, each of <paramref name="rows"/> rows.</summary>
    public static DoubleMatrix Panels(double* data, int rows) =>
        new((nint)data, DoubleMatrices.PanelWidth, (nint)rows * DoubleMatrices.PanelWidth);

    public double* At(nint row, nint column) => (double*)Data + row * Row + column * Column;
}

/// <summary>
/// Products of small matrices of doubles. Each element is summed up in the order of k, whatever else is computed.
/// </summary>
internal static unsafe class DoubleMatrices
{
    /// <summary>Columns of a panel. Columns of a product are padded to whole panels.</summary>
    public const int PanelWidth = 16;

    private const int TileRows = 4;

    /// <summary>C [rows, columns] = A [rows, inner] * B [inner, columns].</summary>
    /// <param name="rows">M.</param>
    /// <param name="inner">K.</param>
    /// <param name="columns">A multiple of 16.</param>
    /// <param name="a">[M, K]; its columns stand at equal distance.</param>
    /// <param name="b">[K, columns].</param>
    /// <param name="c">[M, columns] overwritten.</param>
    /// <typeparam name="TSemiring">What sum and product are.</typeparam>
    public static void Product<TSemiring>(int rows, int inner, int columns, DoubleMatrix a, DoubleMatrix b, DoubleMatrix c)
        where TSemiring : ISemiring
    {
        if (rows > 0)
            Simd.RunDoubles<Kernel<TSemiring>, Operands>(
                new() { Rows = rows, Inner = inner, Columns = columns, A = a, B = b, C = c });
    }

    private struct Operands
    {
        public int Rows, Inner, Columns;
        public DoubleMatrix A, B, C;
    }

    private readonly struct Kernel<TSemiring> : IDoubleKernel<Operands> where TSemiring : ISemiring
    {
        public static void Run<V>(in Operands o) where V : struct, IDoubles<V>
        {
            for (int panel = 0; panel * PanelWidth < o.Columns; panel++)
                for (int column = 0; column < PanelWidth; column += 2 * V.Count)
                    for (int row = 0; row < o.Rows; row += TileRows)
                        Tile<V>(o.Rows - row, o.Inner, o.A.At(row, 0), o.A.Row, o.A.Column,
                            o.B.At(0, 0) + panel * o.B.Panel + column, o.B.Row,
                            o.C.At(row, 0) + panel * o.C.Panel + column, o.C.Row);
        }

        /// <summary>
        /// Four rows and two registers of columns. Where fewer rows are left, the last is computed again in place of each that
        /// is missing: with one row alone the arithmetic units would wait for each other's sums as long.
        /// </summary>
        [MethodImpl(Simd.Kernel)]
        private static void Tile<V>(int rows, int inner, double* a, nint aRow, nint aColumn, double* b, nint bRow, double* c,
            nint cRow)
            where V : struct, IDoubles<V>
        {
            int second = Math.Min(1, rows - 1), third = Math.Min(2, rows - 1), fourth = Math.Min(3, rows - 1);
            double* a1 = a + second * aRow, a2 = a + third * aRow, a3 = a + fourth * aRow;
            V zero = V.Create(TSemiring.Zero);
            V c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c21 = zero, c30 = zero, c31 = zero;
            for (int k = 0; k < inner; k++, b += bRow)
            {
                V b0 = V.Load(b), b1 = V.Load(b + V.Count);
                nint at = k * aColumn;
                V factor = V.Create(a[at]);
                (c00, c01) = (TSemiring.Add(factor, b0, c00), TSemiring.Add(factor, b1, c01));
                factor = V.Create(a1[at]);
                (c10, c11) = (TSemiring.Add(factor, b0, c10), TSemiring.Add(factor, b1, c11));
                factor = V.Create(a2[at]);
                (c20, c21) = (TSemiring.Add(factor, b0, c20), TSemiring.Add(factor, b1, c21));
                factor = V.Create(a3[at]);
                (c30, c31) = (TSemiring.Add(factor, b0, c30), TSemiring.Add(factor, b1, c31));
            }
            V.Store(c00, c);
            V.Store(c01, c + V.Count);
            V.Store(c10, c + second * cRow);
            V.Store(c11, c + second * cRow + V.Count);
            V.Store(c20, c + third * cRow);
            V.Store(c21, c + third * cRow + V.Count);
            V.Store(c30, c + fourth * cRow);
            V.Store(c31, c + fourth * cRow + V.Count);
        }
    }
}
