namespace SequenceModels.Kernels;

/// <summary>
/// A vector register of floats. A kernel is written once over this interface; the JIT compiles it apart for each width, and
/// every call below becomes one or two instructions.
/// </summary>
internal unsafe interface IVector<TSelf> where TSelf : struct, IVector<TSelf>
{
    /// <summary>Floats in the register.</summary>
    static abstract int Count { get; }

    /// <summary>Registers side by side in one row of the matrix product's tile: as many as leave room for six rows.</summary>
    static abstract int TileColumns { get; }

    static abstract TSelf Load(float* source);

    static abstract void Store(TSelf value, float* destination);

    /// <summary>The same number in every lane.</summary>
    static abstract TSelf Create(float value);

    static abstract TSelf operator +(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a, TSelf b);

    static abstract TSelf operator *(TSelf a, TSelf b);

    static abstract TSelf operator /(TSelf a, TSelf b);

    /// <summary>a * b + c, rounded once where the machine can.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    static abstract TSelf Min(TSelf a, TSelf b);

    static abstract TSelf Max(TSelf a, TSelf b);

    static abstract TSelf Sqrt(TSelf value);

    /// <summary>The nearest whole number.</summary>
    static abstract TSelf Round(TSelf value);

    /// <summary>
    /// Splits x into its nearest whole number and the rest, in [-1/2, 1/2]. Numbers beyond all exponents of a float are held at,
    /// or act in <see cref="ScaleByPowerOfTwo"/> as, the largest or smallest of them.
    /// </summary>
    static abstract TSelf Split(TSelf x, out TSelf whole);

    /// <summary>
    /// value * 2^exponent, for whole exponents in [-126, 126] or as <see cref="Split"/> gives them, and values from 1/2 to 2 with
    /// no subnormal product: the exponent may be added to the bits of the value's own. NaN stays NaN.
    /// </summary>
    static abstract TSelf ScaleByPowerOfTwo(TSelf value, TSelf exponent);

    /// <summary>1 / value to the last bit or two, for values from 1 on, infinity included.</summary>
    static abstract TSelf Reciprocal(TSelf value);

    /// <summary>
    /// Values too small to matter (below 1e-25) become 0: arithmetic on subnormal numbers is up to a hundred times slower.
    /// </summary>
    static abstract TSelf FlushTiny(TSelf value);

    /// <summary>The sum of all lanes: halves are added until one is left.</summary>
    static abstract float Sum(TSelf value);

    /// <summary>The largest of all lanes.</summary>
    static abstract float Max(TSelf value);
}
