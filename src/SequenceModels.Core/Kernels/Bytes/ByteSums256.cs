using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SequenceModels.Kernels;

/// <summary>8 columns, by products of 16-bit numbers.</summary>
internal readonly unsafe struct ByteSums256(Vector256<int> sums) : IByteSums<ByteSums256, ByteSums256.Words>
{
    private readonly Vector256<int> _sums = sums;

    public static bool IsSupported => Avx2.IsSupported;

    public static int Count => 8;

    public static int TileColumns => 2;

    public static int TileRows => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteSums256 Create(int value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words LoadWeights(byte* weights)
    {
        Vector256<short> bytes = Vector256.Load((short*)weights);
        return new Words(bytes & Vector256.Create((short)0xFF), bytes >>> 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words LoadNumbers(sbyte* numbers)
    {
        Vector256<short> bytes = Vector256.Create(*(int*)numbers).AsInt16();
        return new Words((bytes << 8) >> 8, bytes >> 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteSums256 AddProducts(ByteSums256 sums, Words weights, Words numbers) => new(sums._sums +
        Avx2.MultiplyAddAdjacent(weights.Even, numbers.Even) + Avx2.MultiplyAddAdjacent(weights.Odd, numbers.Odd));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ByteSums256 sums, float rowScale, float* columnScales, float* start, float* to) =>
        (Vector256.Load(start) + Vector256.ConvertToSingle(sums._sums) *
            (Vector256.Create(rowScale) * Vector256.Load(columnScales))).Store(to);

    /// <summary>Bytes as 16-bit numbers: the first and third, the second and fourth of each four.</summary>
    public readonly struct Words(Vector256<short> even, Vector256<short> odd)
    {
        public readonly Vector256<short> Even = even, Odd = odd;
    }
}
