using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SequenceModels.Kernels;

/// <summary>4 columns, by products of whole numbers, on any machine.</summary>
internal readonly unsafe struct ByteSums128(Vector128<int> sums) : IByteSums<ByteSums128, ByteSums128.Numbers>
{
    private readonly Vector128<int> _sums = sums;

    public static int Count => 4;

    public static int TileColumns => 2;

    public static int TileRows => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteSums128 Create(int value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Numbers LoadWeights(byte* weights)
    {
        Vector128<int> bytes = Vector128.Load((int*)weights), low = Vector128.Create(0xFF);
        return new Numbers(bytes & low, (bytes >>> 8) & low, (bytes >>> 16) & low, bytes >>> 24);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Numbers LoadNumbers(sbyte* numbers) => new(Vector128.Create((int)numbers[0]),
        Vector128.Create((int)numbers[1]), Vector128.Create((int)numbers[2]), Vector128.Create((int)numbers[3]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteSums128 AddProducts(ByteSums128 sums, Numbers weights, Numbers numbers) => new(sums._sums +
        weights.First * numbers.First + weights.Second * numbers.Second + weights.Third * numbers.Third +
        weights.Fourth * numbers.Fourth);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ByteSums128 sums, float rowScale, float* columnScales, float* start, float* to) =>
        (Vector128.Load(start) + Vector128.ConvertToSingle(sums._sums) *
            (Vector128.Create(rowScale) * Vector128.Load(columnScales))).Store(to);

    /// <summary>Each of the four bytes as a number of 32 bits.</summary>
    public readonly struct Numbers(Vector128<int> first, Vector128<int> second, Vector128<int> third, Vector128<int> fourth)
    {
        public readonly Vector128<int> First = first, Second = second, Third = third, Fourth = fourth;
    }
}
