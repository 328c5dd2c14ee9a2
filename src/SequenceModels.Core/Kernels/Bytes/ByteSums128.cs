using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SequenceModels.Kernels;

/// <summary>4 columns, by products of numbers of 32 bits: on any machine.</summary>
internal readonly unsafe struct ByteSums128(Vector128<int> value) : IByteSums<ByteSums128>
{
    private readonly Vector128<int> _value = value;

    public static int Count => 4;

    public static int TileColumns => 2;

    public static int TileRows => 2;

    public static int RowColumns => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteSums128 Load(void* source) => new(Vector128.Load((int*)source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteSums128 Repeat(byte* numbers) => new(Vector128.Create(*(int*)numbers));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteSums128 AddProducts(ByteSums128 sums, ByteSums128 weights, ByteSums128 numbers)
    {
        // A byte is brought to the upper end of its 32 bits, and from there down again: with its sign, or without.
        Vector128<int> w = weights._value;
        Vector128<uint> n = numbers._value.AsUInt32();
        return new(sums._value + (w << 24 >> 24) * (n << 24 >> 24).AsInt32() + (w << 16 >> 24) * (n << 16 >> 24).AsInt32() +
            (w << 8 >> 24) * (n << 8 >> 24).AsInt32() + (w >> 24) * (n >> 24).AsInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ByteSums128 sums, float rowScale, float* columnScales, float* start, float* to) =>
        (Vector128.Load(start) + Vector128.ConvertToSingle(sums._value) *
            (Vector128.Create(rowScale) * Vector128.Load(columnScales))).Store(to);
}
