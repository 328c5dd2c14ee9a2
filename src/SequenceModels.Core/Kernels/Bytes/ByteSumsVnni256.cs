using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SequenceModels.Kernels;

/// <summary>8 columns, by the instruction that adds four products of bytes.</summary>
internal readonly unsafe struct ByteSumsVnni256(Vector256<int> sums) : IByteSums<ByteSumsVnni256, Vector256<byte>>
{
    private readonly Vector256<int> _sums = sums;

    public static bool IsSupported => AvxVnni.IsSupported;

    public static int Count => 8;

    public static int TileColumns => 4;

    /// <summary>With AVX-512 the processor has 32 registers, else 16.</summary>
    public static int TileRows => Avx512F.VL.IsSupported ? 4 : 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteSumsVnni256 Create(int value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> LoadWeights(byte* weights) => Vector256.Load(weights);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> LoadNumbers(sbyte* numbers) => Vector256.Create(*(int*)numbers).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteSumsVnni256 AddProducts(ByteSumsVnni256 sums, Vector256<byte> weights, Vector256<byte> numbers) =>
        new(AvxVnni.MultiplyWideningAndAdd(sums._sums, weights, numbers.AsSByte()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ByteSumsVnni256 sums, float rowScale, float* columnScales, float* start, float* to) =>
        (Vector256.Load(start) + Vector256.ConvertToSingle(sums._sums) *
            (Vector256.Create(rowScale) * Vector256.Load(columnScales))).Store(to);
}
