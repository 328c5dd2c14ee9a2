using SequenceModels.Kernels;
using SequenceModels.Networks;

namespace SequenceModels.Scoring;

/// <summary>Memory for the scores of rows, or of all their steps one after the other; it grows as needed.</summary>
/// <param name="numberOfScores">K.</param>
/// <param name="hasTags">Whether each step has a tag beside its scores.</param>
/// <param name="hasSequences">Whether each row becomes a sequence.</param>
internal sealed class ScoreBuffer(int numberOfScores, bool hasTags, bool hasSequences)
{
    private float[] _scores = [];
    private int[] _tags = [];
    private FoundSequence[] _sequences = [];
    private int _count;

    /// <summary>[n, K] for n rows or steps.</summary>
    public Span<float> Scores => _scores.AsSpan(0, _count * numberOfScores);

    /// <summary>[n], or empty.</summary>
    public Span<int> Tags => hasTags ? _tags.AsSpan(0, _count) : [];

    /// <summary>[n], or empty.</summary>
    public Span<FoundSequence> Sequences => hasSequences ? _sequences.AsSpan(0, _count) : [];

    /// <summary>Makes room for the scores of n rows or steps.</summary>
    /// <exception cref="InvalidOperationException">There are more than an array can hold.</exception>
    public void Reserve(int count)
    {
        _count = count;
        if (_scores.Length < (long)count * numberOfScores)
            _scores = new float[ArrayLength.Of(count, numberOfScores)];
        if (hasTags && _tags.Length < count)
            _tags = new int[count];
        if (hasSequences && _sequences.Length < count)
            _sequences = new FoundSequence[count];
    }

    /// <summary>[count, K] the scores of some rows or steps.</summary>
    public ReadOnlySpan<float> ScoresOf(int first, int count) => Scores.Slice(first * numberOfScores, count * numberOfScores);

    /// <summary>[count] the tags of some steps, or empty.</summary>
    public ReadOnlySpan<int> TagsOf(int first, int count) => hasTags ? Tags.Slice(first, count) : [];
}
