using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SequenceModels.Kernels;

/// <summary>A vector register of doubles, as <see cref="IVector{TSelf}"/> is one of floats.</summary>
internal unsafe interface IDoubles<TSelf> where TSelf : struct, IDoubles<TSelf>
{
    /// <summary>Doubles in the register.</summary>
    static abstract int Count { get; }

    static abstract TSelf Load(double* source);

    static abstract void Store(TSelf value, double* destination);

    /// <summary>The same number in every lane.</summary>
    static abstract TSelf Create(double value);

    static abstract TSelf operator +(TSelf a, TSelf b);

    static abstract TSelf operator *(TSelf a, TSelf b);

    /// <summary>a * b + c, rounded once where the machine can.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    static abstract TSelf Min(TSelf a, TSelf b);

    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary>Each lane that is 0 becomes infinity; the others stay.</summary>
    static abstract TSelf InfinityForZero(TSelf value);

    /// <summary>Writes the lanes one after the other.</summary>
    static abstract void CopyTo(TSelf value, Span<double> lanes);
}

/// <summary>2 doubles.</summary>
internal readonly unsafe struct D128(Vector128<double> value) : IDoubles<D128>
{
    private readonly Vector128<double> _value = value;

    public static int Count => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D128 Load(double* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(D128 value, double* destination) => value._value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D128 Create(double value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D128 operator +(D128 a, D128 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D128 operator *(D128 a, D128 b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D128 MultiplyAdd(D128 a, D128 b, D128 c) => new(Vector128.MultiplyAddEstimate(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D128 Min(D128 a, D128 b) => new(Vector128.MinNative(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D128 Max(D128 a, D128 b) => new(Vector128.MaxNative(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D128 InfinityForZero(D128 value) => new(Vector128.ConditionalSelect(
        Vector128.Equals(value._value, Vector128<double>.Zero), Vector128.Create(double.PositiveInfinity), value._value));

    public static void CopyTo(D128 value, Span<double> lanes) => value._value.CopyTo(lanes);
}

/// <summary>4 doubles.</summary>
internal readonly unsafe struct D256(Vector256<double> value) : IDoubles<D256>
{
    private readonly Vector256<double> _value = value;

    public static int Count => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D256 Load(double* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(D256 value, double* destination) => value._value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D256 Create(double value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D256 operator +(D256 a, D256 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D256 operator *(D256 a, D256 b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D256 MultiplyAdd(D256 a, D256 b, D256 c) => new(Vector256.MultiplyAddEstimate(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D256 Min(D256 a, D256 b) => new(Vector256.MinNative(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D256 Max(D256 a, D256 b) => new(Vector256.MaxNative(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D256 InfinityForZero(D256 value) => new(Vector256.ConditionalSelect(
        Vector256.Equals(value._value, Vector256<double>.Zero), Vector256.Create(double.PositiveInfinity), value._value));

    public static void CopyTo(D256 value, Span<double> lanes) => value._value.CopyTo(lanes);
}

/// <summary>8 doubles.</summary>
internal readonly unsafe struct D512(Vector512<double> value) : IDoubles<D512>
{
    private readonly Vector512<double> _value = value;

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D512 Load(double* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(D512 value, double* destination) => value._value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D512 Create(double value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D512 operator +(D512 a, D512 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D512 operator *(D512 a, D512 b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D512 MultiplyAdd(D512 a, D512 b, D512 c) => new(Vector512.MultiplyAddEstimate(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D512 Min(D512 a, D512 b) => new(Vector512.MinNative(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D512 Max(D512 a, D512 b) => new(Vector512.MaxNative(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D512 InfinityForZero(D512 value) => new(Vector512.ConditionalSelect(
        Vector512.Equals(value._value, Vector512<double>.Zero), Vector512.Create(double.PositiveInfinity), value._value));

    public static void CopyTo(D512 value, Span<double> lanes) => value._value.CopyTo(lanes);
}
