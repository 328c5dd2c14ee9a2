using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SequenceModels.Kernels;

/// <summary>16 columns, by products of 16-bit numbers.</summary>
internal readonly unsafe struct ByteSums512(Vector512<int> sums) : IByteSums<ByteSums512, ByteSums512.Words>
{
    private readonly Vector512<int> _sums = sums;

    public static bool IsSupported => Vector512.IsHardwareAccelerated && Avx512BW.IsSupported;

    public static int Count => 16;

    public static int TileColumns => 4;

    public static int TileRows => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteSums512 Create(int value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words LoadWeights(byte* weights)
    {
        Vector512<short> bytes = Vector512.Load((short*)weights);
        return new Words(bytes & Vector512.Create((short)0xFF), bytes >>> 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words LoadNumbers(sbyte* numbers)
    {
        Vector512<short> bytes = Vector512.Create(*(int*)numbers).AsInt16();
        return new Words((bytes << 8) >> 8, bytes >> 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteSums512 AddProducts(ByteSums512 sums, Words weights, Words numbers) => new(sums._sums +
        Avx512BW.MultiplyAddAdjacent(weights.Even, numbers.Even) + Avx512BW.MultiplyAddAdjacent(weights.Odd, numbers.Odd));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ByteSums512 sums, float rowScale, float* columnScales, float* start, float* to) =>
        (Vector512.Load(start) + Vector512.ConvertToSingle(sums._sums) *
            (Vector512.Create(rowScale) * Vector512.Load(columnScales))).Store(to);

    /// <summary>Bytes as 16-bit numbers: the first and third, the second and fourth of each four.</summary>
    public readonly struct Words(Vector512<short> even, Vector512<short> odd)
    {
        public readonly Vector512<short> Even = even, Odd = odd;
    }
}
