using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SequenceModels.Kernels;

/// <summary>8 columns: pairs of products are added in 16 bits, and pairs of these in 32.</summary>
internal readonly unsafe struct ByteSums256(Vector256<int> value) : IByteSums<ByteSums256>
{
    private readonly Vector256<int> _value = value;

    public static bool IsSupported => Avx2.IsSupported;

    public static int Count => 8;

    public static int TileColumns => 2;

    public static int TileRows => 4;

    public static int RowColumns => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteSums256 Load(void* source) => new(Vector256.Load((int*)source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteSums256 Repeat(byte* numbers) => new(Vector256.Create(*(int*)numbers));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteSums256 AddProducts(ByteSums256 sums, ByteSums256 weights, ByteSums256 numbers) =>
        new(sums._value + Avx2.MultiplyAddAdjacent(
            Avx2.MultiplyAddAdjacent(numbers._value.AsByte(), weights._value.AsSByte()), Vector256<short>.One));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ByteSums256 sums, float rowScale, float* columnScales, float* start, float* to) =>
        (Vector256.Load(start) + Vector256.ConvertToSingle(sums._value) *
            (Vector256.Create(rowScale) * Vector256.Load(columnScales))).Store(to);
}
