namespace SequenceModels.Kernels;

/// <summary>
/// A register of whole numbers, one for each of some columns, to which products of bytes are added: weights, kept as w + 128 in
/// unsigned bytes, times numbers of a row, in signed bytes. Four products are added at once. A kernel is written once over this
/// interface, and every implementation gives the same numbers: none is rounded and nothing saturates, because a product is at
/// most 255 * 127.
/// </summary>
/// <typeparam name="TSelf">The register.</typeparam>
/// <typeparam name="TBytes">The bytes as its products need them.</typeparam>
internal unsafe interface IByteSums<TSelf, TBytes>
    where TSelf : struct, IByteSums<TSelf, TBytes>
    where TBytes : struct
{
    /// <summary>Columns in the register; a power of two, at most 16.</summary>
    static abstract int Count { get; }

    /// <summary>Registers side by side in one row of a tile, and rows of a tile: as many as the processor has room for.</summary>
    static abstract int TileColumns { get; }

    /// <inheritdoc cref="TileColumns"/>
    static abstract int TileRows { get; }

    /// <summary>The same number in every column.</summary>
    static abstract TSelf Create(int value);

    /// <summary>Four bytes of each column.</summary>
    static abstract TBytes LoadWeights(byte* weights);

    /// <summary>Four bytes of a row, the same for all columns.</summary>
    static abstract TBytes LoadNumbers(sbyte* numbers);

    /// <summary>sums + weights · numbers.</summary>
    static abstract TSelf AddProducts(TSelf sums, TBytes weights, TBytes numbers);

    /// <summary>
    /// to = start + sums * (rowScale * columnScales), each of the three rounded by itself, so that machines agree on them.
    /// </summary>
    static abstract void Store(TSelf sums, float rowScale, float* columnScales, float* start, float* to);
}
