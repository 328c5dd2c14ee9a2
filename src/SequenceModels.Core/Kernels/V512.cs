using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SequenceModels.Kernels;

/// <summary>16 floats.</summary>
internal readonly unsafe struct V512(Vector512<float> value) : IVector<V512>
{
    private readonly Vector512<float> _value = value;

    /// <summary>Control of the reduce instruction: subtract the nearest whole number.</summary>
    private const byte NearestWhole = 0;

    /// <summary>2^126, whose reciprocal is still a normal number.</summary>
    private const float LargestReciprocal = 8.507059e37f;

    public static int Count => 16;

    public static int TileColumns => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Load(float* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(V512 value, float* destination) => value._value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Create(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 operator +(V512 a, V512 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 operator -(V512 a, V512 b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 operator *(V512 a, V512 b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 operator /(V512 a, V512 b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 MultiplyAdd(V512 a, V512 b, V512 c) => new(Vector512.MultiplyAddEstimate(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Min(V512 a, V512 b) => new(Vector512.MinNative(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Max(V512 a, V512 b) => new(Vector512.MaxNative(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Sqrt(V512 value) => new(Vector512.Sqrt(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Round(V512 value) => new(Vector512.Round(value._value));

    // What reduce leaves of an infinity is 0, and scaling by an infinite power gives infinity or 0: no bounds are needed.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Split(V512 x, out V512 whole)
    {
        Vector512<float> rest = Avx512DQ.Reduce(x._value, NearestWhole);
        whole = new(x._value - rest);
        return new(rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 ScaleByPowerOfTwo(V512 value, V512 exponent) => new(Avx512F.Scale(value._value, exponent._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Reciprocal(V512 value) =>
        Simd.DividesFast ? new(Vector512<float>.One / value._value) : ImprovedEstimate(value);

    /// <summary>An estimate of 14 bits and one step of Newton's method, which infinity would turn into NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 ImprovedEstimate(V512 value)
    {
        Vector512<float> bounded = Vector512.MinNative(Vector512.Create(LargestReciprocal), value._value);
        Vector512<float> estimate = Avx512F.Reciprocal14(bounded);
        Vector512<float> error = Avx512F.FusedMultiplyAddNegated(bounded, estimate, Vector512<float>.One);
        return new(Vector512.MultiplyAddEstimate(estimate, error, estimate));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 FlushTiny(V512 value) => new(Vector512.ConditionalSelect(
        Vector512.GreaterThan(Vector512.Abs(value._value), Vector512.Create(1e-25f)), value._value, Vector512<float>.Zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(V512 value) => V256.Sum(new(value._value.GetLower() + value._value.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(V512 value) => V256.Max(new(Vector256.MaxNative(value._value.GetLower(), value._value.GetUpper())));
}
