namespace SequenceModels;

/// <summary>
/// How far predicted sequences are from those that would have been right: token error rate and sequence error rate. Rows are
/// added one by one.
/// </summary>
/// <remarks>
/// Tokens may be of any kind: characters give the character error rate (CER), words the word error rate (WER), phonemes the
/// phoneme error rate. What papers on pronunciations call word error rate is the <see cref="SequenceErrorRate"/>.
/// </remarks>
public sealed class ErrorRates
{
    private long[] _previous = [], _current = [];

    /// <summary>Rows that were added.</summary>
    public long NumberOfSequences { get; private set; }

    /// <summary>Those that are not wholly right.</summary>
    public long NumberOfWrongSequences { get; private set; }

    /// <summary>Tokens of the references.</summary>
    public long NumberOfTokens { get; private set; }

    /// <summary>
    /// Tokens that hypotheses have and references do not. Where several alignments need the fewest edits, the one counts that has
    /// most substitutions.
    /// </summary>
    public long Insertions { get; private set; }

    /// <summary>Tokens that references have and hypotheses do not.</summary>
    public long Deletions { get; private set; }

    /// <summary>Tokens in whose place another one stands.</summary>
    public long Substitutions { get; private set; }

    /// <summary>
    /// Insertions, deletions and substitutions, the fewest that make the references of the hypotheses (Levenshtein's distance),
    /// for each token of the references: the lower the better; 0 is best, and it may be over 1. Where the references have no
    /// token: 0 without insertions, else infinite.
    /// </summary>
    public double TokenErrorRate =>
        Insertions + Deletions + Substitutions is > 0 and var edits ? (double)edits / NumberOfTokens : 0;

    /// <summary>Share of the rows that are not wholly right, 0 to 1; of no rows: 0.</summary>
    public double SequenceErrorRate => NumberOfSequences == 0 ? 0 : (double)NumberOfWrongSequences / NumberOfSequences;

    /// <summary>Adds a row.</summary>
    /// <typeparam name="T">What tokens are: keys, texts.</typeparam>
    /// <param name="hypothesis">What was predicted; may be empty.</param>
    /// <param name="reference">What would have been right; may be empty.</param>
    public void Add<T>(ReadOnlySpan<T> hypothesis, ReadOnlySpan<T> reference)
        where T : IEquatable<T>
    {
        NumberOfSequences++;
        NumberOfTokens += reference.Length;
        // What both begin and end with needs no edit.
        int common = hypothesis.CommonPrefixLength(reference);
        hypothesis = hypothesis[common..];
        reference = reference[common..];
        while (!hypothesis.IsEmpty && !reference.IsEmpty && hypothesis[^1].Equals(reference[^1]))
        {
            hypothesis = hypothesis[..^1];
            reference = reference[..^1];
        }
        if (hypothesis.IsEmpty && reference.IsEmpty)
            return;
        NumberOfWrongSequences++;
        long cost = Cost(hypothesis, reference);
        long moved = (uint)cost, longer = hypothesis.Length - reference.Length;
        Substitutions += (cost >> 32) - moved;
        Insertions += (moved + longer) / 2;
        Deletions += (moved - longer) / 2;
    }

    /// <summary>
    /// The fewest edits in the upper 32 bits, and in the lower ones how many of them are insertions and deletions, at the least.
    /// </summary>
    private long Cost<T>(ReadOnlySpan<T> hypothesis, ReadOnlySpan<T> reference)
        where T : IEquatable<T>
    {
        const long Substitution = 1L << 32, Shift = Substitution + 1;
        if (_previous.Length <= reference.Length)
            (_previous, _current) = (new long[reference.Length + 1], new long[reference.Length + 1]);
        for (int r = 0; r <= reference.Length; r++)
            _previous[r] = r * Shift;
        foreach (T token in hypothesis)
        {
            _current[0] = _previous[0] + Shift;
            for (int r = 0; r < reference.Length; r++)
                _current[r + 1] = Math.Min(_previous[r] + (token.Equals(reference[r]) ? 0 : Substitution),
                    Math.Min(_previous[r + 1], _current[r]) + Shift);
            (_previous, _current) = (_current, _previous);
        }
        return _previous[reference.Length];
    }
}
