namespace SequenceModels.Kernels;

/// <summary>
/// A register: of whole numbers, one for each of some columns, to which products of bytes are added, or of the bytes themselves.
/// A kernel is written once over this interface, and every implementation gives the same numbers, because none saturates: a
/// number of a row is at most 255, and two weights that follow each other in a column are at most 128 together.
/// </summary>
internal unsafe interface IByteSums<TSelf> where TSelf : struct, IByteSums<TSelf>
{
    /// <summary>Columns in the register; a power of two, at most 16.</summary>
    static abstract int Count { get; }

    /// <summary>Registers of sums side by side, as many as the processor has room for: of several rows.</summary>
    static abstract int TileColumns { get; }

    /// <summary>Rows that a tile has at most.</summary>
    static abstract int TileRows { get; }

    /// <summary>Registers of sums side by side of a single row.</summary>
    static abstract int RowColumns { get; }

    /// <summary>A number for each column, or four signed bytes, its weights.</summary>
    static abstract TSelf Load(void* source);

    /// <summary>Four bytes without sign, of a row: the same for all columns.</summary>
    static abstract TSelf Repeat(byte* numbers);

    /// <summary>In each column sums + w0 n0 + w1 n1 + w2 n2 + w3 n3.</summary>
    static abstract TSelf AddProducts(TSelf sums, TSelf weights, TSelf numbers);

    /// <summary>
    /// to = start + sums * (rowScale * columnScales), each of the three rounded by itself, so that machines agree on them.
    /// </summary>
    static abstract void Store(TSelf sums, float rowScale, float* columnScales, float* start, float* to);
}
