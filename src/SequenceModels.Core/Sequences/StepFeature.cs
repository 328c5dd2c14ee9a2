using SequenceModels.Kernels;

namespace SequenceModels.Sequences;

/// <summary>One of the features that each step of a sequence has.</summary>
internal sealed record StepFeature
{
    private StepFeature(StepFeatureKind kind, int size, int embeddingSize, int hiddenSize, int stacked = 1)
    {
        if (size < 1)
            throw new ArgumentOutOfRangeException(nameof(size), InvariantText.Of(size),
                $"A feature of {kind} needs a size of at least 1.");
        if (embeddingSize < (kind is StepFeatureKind.Characters or StepFeatureKind.Subwords ? 1 : 0))
            throw new ArgumentOutOfRangeException(nameof(embeddingSize), InvariantText.Of(embeddingSize),
                $"The size of the learned vectors of a feature of {kind} is too small.");
        if (hiddenSize < 1 && kind == StepFeatureKind.Characters)
            throw new ArgumentOutOfRangeException(nameof(hiddenSize), InvariantText.Of(hiddenSize),
                "The LSTM that reads characters needs at least 1 unit.");
        if (stacked < 1 || size % stacked != 0)
            throw new ArgumentOutOfRangeException(nameof(stacked), InvariantText.Of(stacked),
                Invariant($"Frames of {size} numbers cannot be made of so many steps."));
        (Kind, Size, EmbeddingSize, HiddenSize, Stacked) = (kind, size, embeddingSize, hiddenSize, stacked);
    }

    public StepFeatureKind Kind { get; }

    /// <summary>
    /// V, the number of tokens, of characters, or of the buckets of subwords (keys 1..V; 0 is unknown), or F, the numbers in a
    /// frame.
    /// </summary>
    public int Size { get; }

    /// <summary>Of frames: how many steps of the data are read as one, side by side in its frame. Else 1.</summary>
    public int Stacked { get; }

    /// <summary>Of frames: the numbers of a step of the data, of which a frame has one or several. Else V.</summary>
    public int StepSize => Size / Stacked;

    /// <summary>
    /// Length of the learned vector of a token, character or subword; 0 of frames, and of tokens that enter as one-hot vectors.
    /// </summary>
    public int EmbeddingSize { get; }

    /// <summary>Units of the LSTM that reads a word's characters, in each direction; else 0.</summary>
    public int HiddenSize { get; }

    /// <summary>Numbers that the feature puts into a step's vector.</summary>
    public int VectorSize => Kind switch
    {
        StepFeatureKind.Tokens => IsOneHot ? Size : EmbeddingSize,
        StepFeatureKind.Frames => Size,
        StepFeatureKind.Subwords => EmbeddingSize,
        _ => 2 * HiddenSize,
    };

    /// <summary>Whether a step is a word, which has keys of its parts.</summary>
    public bool IsWord => Kind is StepFeatureKind.Characters or StepFeatureKind.Subwords;

    /// <summary>Whether it is tokens that enter as one-hot vectors.</summary>
    public bool IsOneHot => Kind == StepFeatureKind.Tokens && EmbeddingSize == 0;

    /// <summary>A key at each step.</summary>
    /// <param name="vocabularySize">V, at least 1.</param>
    /// <param name="embeddingSize">E; 0: the key enters as a one-hot vector.</param>
    public static StepFeature Tokens(int vocabularySize, int embeddingSize) =>
        new(StepFeatureKind.Tokens, vocabularySize, embeddingSize, 0);

    /// <summary>Numbers at each step.</summary>
    /// <param name="stepSize">Numbers of a step of the data, at least 1.</param>
    /// <param name="stacked">How many steps of the data are read as one, at least 1.</param>
    public static StepFeature Frames(int stepSize, int stacked = 1) =>
        new(StepFeatureKind.Frames, checked(stepSize * stacked), 0, 0, stacked);

    /// <summary>
    /// Whole frames of steps of the data; where the last lacks some, the last step stands in their place.
    /// </summary>
    /// <param name="steps">[T, <see cref="StepSize"/>] numbers, step after step.</param>
    /// <returns>[ceil(T / <see cref="Stacked"/>), <see cref="Size"/>] numbers; the same memory where they are whole.</returns>
    public ReadOnlySpan<float> Stack(ReadOnlySpan<float> steps)
    {
        if (steps.Length % Size == 0)
            return steps;
        float[] frames = new float[ArrayLength.Of((steps.Length + Size - 1) / Size, Size)];
        steps.CopyTo(frames);
        for (int at = steps.Length; at < frames.Length; at += StepSize)
            steps[^StepSize..].CopyTo(frames.AsSpan(at));
        return frames;
    }

    /// <summary>A word at each step, whose characters a bidirectional LSTM reads.</summary>
    /// <param name="vocabularySize">Number of characters, at least 1.</param>
    /// <param name="embeddingSize">Length of a character's vector, at least 1.</param>
    /// <param name="hiddenSize">Units in each direction, at least 1.</param>
    public static StepFeature Characters(int vocabularySize, int embeddingSize, int hiddenSize) =>
        new(StepFeatureKind.Characters, vocabularySize, embeddingSize, hiddenSize);

    /// <summary>A word at each step, which has the mean of the vectors of its subwords.</summary>
    /// <param name="buckets">Number of buckets, of which each subword picks one; at least 1.</param>
    /// <param name="embeddingSize">Length of a bucket's vector, at least 1.</param>
    public static StepFeature Subwords(int buckets, int embeddingSize) =>
        new(StepFeatureKind.Subwords, buckets, embeddingSize, 0);

    /// <summary>Such as "Characters of 80, vectors of 25, 25 units": all that tells one feature from another.</summary>
    public override string ToString() => Invariant($"{Kind} of {StepSize}") +
        (Stacked > 1 ? Invariant($", {Stacked} at a time") : "") +
        (EmbeddingSize > 0 ? Invariant($", vectors of {EmbeddingSize}") : "") +
        (HiddenSize > 0 ? Invariant($", {Counted.Of(HiddenSize, "unit")}") : "");
}
