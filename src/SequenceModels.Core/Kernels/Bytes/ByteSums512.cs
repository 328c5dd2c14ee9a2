using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SequenceModels.Kernels;

/// <summary>16 columns: pairs of products are added in 16 bits, and pairs of these in 32.</summary>
internal readonly unsafe struct ByteSums512(Vector512<int> value) : IByteSums<ByteSums512>
{
    private readonly Vector512<int> _value = value;

    public static bool IsSupported => Vector512.IsHardwareAccelerated && Avx512BW.IsSupported;

    public static int Count => 16;

    public static int TileColumns => 4;

    public static int TileRows => 4;

    public static int RowColumns => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteSums512 Load(void* source) => new(Vector512.Load((int*)source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteSums512 Repeat(byte* numbers) => new(Vector512.Create(*(int*)numbers));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteSums512 AddProducts(ByteSums512 sums, ByteSums512 weights, ByteSums512 numbers) =>
        new(sums._value + Avx512BW.MultiplyAddAdjacent(
            Avx512BW.MultiplyAddAdjacent(numbers._value.AsByte(), weights._value.AsSByte()), Vector512<short>.One));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ByteSums512 sums, float rowScale, float* columnScales, float* start, float* to) =>
        (Vector512.Load(start) + Vector512.ConvertToSingle(sums._value) *
            (Vector512.Create(rowScale) * Vector512.Load(columnScales))).Store(to);
}
