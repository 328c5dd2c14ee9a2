using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SequenceModels.Kernels;

/// <summary>16 columns, by the instruction that adds four products of bytes.</summary>
internal readonly unsafe struct ByteSumsVnni512(Vector512<int> sums) : IByteSums<ByteSumsVnni512, Vector512<byte>>
{
    private readonly Vector512<int> _sums = sums;

    public static bool IsSupported => AvxVnniInt8.V512.IsSupported;

    public static int Count => 16;

    public static int TileColumns => 4;

    public static int TileRows => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteSumsVnni512 Create(int value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> LoadWeights(byte* weights) => Vector512.Load(weights);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> LoadNumbers(sbyte* numbers) => Vector512.Create(*(int*)numbers).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteSumsVnni512 AddProducts(ByteSumsVnni512 sums, Vector512<byte> weights, Vector512<byte> numbers) =>
        new(AvxVnniInt8.V512.MultiplyWideningAndAdd(sums._sums, numbers.AsSByte(), weights));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ByteSumsVnni512 sums, float rowScale, float* columnScales, float* start, float* to) =>
        (Vector512.Load(start) + Vector512.ConvertToSingle(sums._sums) *
            (Vector512.Create(rowScale) * Vector512.Load(columnScales))).Store(to);
}
