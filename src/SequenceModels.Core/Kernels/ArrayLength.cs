namespace SequenceModels.Kernels;

/// <summary>Sizes of arrays that are products of sizes, each of which may be fine by itself.</summary>
internal static class ArrayLength
{
    private const string Mend = "Make the batch, the sequences or the layers smaller.";

    /// <summary>A length that an array can have.</summary>
    /// <exception cref="InvalidOperationException">It is more than an array can hold.</exception>
    public static int Of(long length) => length <= Array.MaxLength ? (int)length : throw TooLong(length);

    /// <summary>The length of a matrix.</summary>
    /// <exception cref="InvalidOperationException">It is more than an array can hold.</exception>
    public static int Of(long rows, long columns) =>
        Math.BigMul(rows, columns, out long product) == 0 && product >= 0 ? Of(product) : throw TooLong(rows, columns);

    private static InvalidOperationException TooLong(long length) => new(Invariant(
        $"{length:N0} numbers are needed in one piece, more than {Array.MaxLength:N0}. ") + Mend);

    /// <summary>Of a product that is too long for a number.</summary>
    private static InvalidOperationException TooLong(long rows, long columns) => new(Invariant(
        $"{rows:N0} times {columns:N0} numbers are needed in one piece, more than {Array.MaxLength:N0}. ") + Mend);
}
