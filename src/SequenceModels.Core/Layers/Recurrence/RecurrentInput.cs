namespace SequenceModels.Layers;

/// <summary>
/// What a recurrent layer reads: vectors to multiply with W, or tokens that pick rows of W. Each batch row has one of its own,
/// or, where an index is given, several rows share one.
/// </summary>
internal readonly unsafe ref struct RecurrentInput
{
    private RecurrentInput(float* vectors, nint stride, ReadOnlySpan<uint> tokens, int count, int* index, bool areVectors,
        bool arePicked)
    {
        (AreVectors, ArePicked) = (areVectors, arePicked);
        Vectors = vectors;
        Stride = stride;
        Tokens = tokens;
        Count = count;
        Index = index;
    }

    /// <summary>Whether it is vectors; else tokens that pick rows of W.</summary>
    public bool AreVectors { get; }

    /// <summary>Whether an index says which of them a row has. Not told by the pointer: a batch without rows has none.</summary>
    public bool ArePicked { get; }

    /// <summary>[Count, I], <see cref="Stride"/> floats a row; null where tokens pick rows of W.</summary>
    public float* Vectors { get; }

    public nint Stride { get; }

    /// <summary>[Count] keys, 0 = unknown, which picks no row.</summary>
    public ReadOnlySpan<uint> Tokens { get; }

    public int Count { get; }

    /// <summary>[batch rows] which of the vectors or tokens a row has; null where row r has the r-th.</summary>
    public int* Index { get; }

    public static RecurrentInput OfVectors(float* vectors, nint stride, int count, int* index = null) =>
        new(vectors, stride, default, count, index, areVectors: true, arePicked: index is not null);

    public static RecurrentInput OfTokens(ReadOnlySpan<uint> tokens, int* index = null) =>
        new(null, 0, tokens, tokens.Length, index, areVectors: false, arePicked: index is not null);

    /// <summary>
    /// Rows of a precomputed projection (<see cref="InputProjection.Precompute"/>), which has one for each key.
    /// </summary>
    /// <param name="keys">[batch rows].</param>
    public static RecurrentInput OfKeys(int* keys) => new(null, 0, default, 0, keys, areVectors: false, arePicked: true);

    /// <summary>The vectors or tokens from <paramref name="first"/> on.</summary>
    public RecurrentInput Slice(int first, int count) => AreVectors
        ? OfVectors(Vectors + first * Stride, Stride, count)
        : OfTokens(Tokens.Slice(first, count));
}
