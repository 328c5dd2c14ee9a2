using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SequenceModels.Kernels;

/// <summary>16 columns, by the instruction that adds four products.</summary>
internal readonly unsafe struct ByteSumsVnni512(Vector512<int> value) : IByteSums<ByteSumsVnni512>
{
    private readonly Vector512<int> _value = value;

    public static bool IsSupported => AvxVnniInt8.V512.IsSupported;

    public static int Count => 16;

    public static int TileColumns => 4;

    public static int TileRows => 4;

    public static int RowColumns => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteSumsVnni512 Load(void* source) => new(Vector512.Load((int*)source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteSumsVnni512 Repeat(byte* numbers) => new(Vector512.Create(*(int*)numbers));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteSumsVnni512 AddProducts(ByteSumsVnni512 sums, ByteSumsVnni512 weights, ByteSumsVnni512 numbers) =>
        new(AvxVnniInt8.V512.MultiplyWideningAndAdd(sums._value, weights._value.AsSByte(), numbers._value.AsByte()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ByteSumsVnni512 sums, float rowScale, float* columnScales, float* start, float* to) =>
        (Vector512.Load(start) + Vector512.ConvertToSingle(sums._value) *
            (Vector512.Create(rowScale) * Vector512.Load(columnScales))).Store(to);
}
