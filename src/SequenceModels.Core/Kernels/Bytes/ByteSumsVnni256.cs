using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SequenceModels.Kernels;

/// <summary>8 columns, by the instruction that adds four products.</summary>
internal readonly unsafe struct ByteSumsVnni256(Vector256<int> value) : IByteSums<ByteSumsVnni256>
{
    private readonly Vector256<int> _value = value;

    public static bool IsSupported => AvxVnni.IsSupported;

    public static int Count => 8;

    public static int TileColumns => 4;

    /// <summary>With AVX-512 a processor has 32 registers, else 16.</summary>
    public static int TileRows => Avx512F.VL.IsSupported ? 4 : 2;

    public static int RowColumns => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteSumsVnni256 Load(void* source) => new(Vector256.Load((int*)source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteSumsVnni256 Repeat(byte* numbers) => new(Vector256.Create(*(int*)numbers));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteSumsVnni256 AddProducts(ByteSumsVnni256 sums, ByteSumsVnni256 weights, ByteSumsVnni256 numbers) =>
        new(AvxVnni.MultiplyWideningAndAdd(sums._value, numbers._value.AsByte(), weights._value.AsSByte()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ByteSumsVnni256 sums, float rowScale, float* columnScales, float* start, float* to) =>
        (Vector256.Load(start) + Vector256.ConvertToSingle(sums._value) *
            (Vector256.Create(rowScale) * Vector256.Load(columnScales))).Store(to);
}
