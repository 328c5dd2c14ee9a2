namespace SequenceModels;

/// <summary>How far what was heard is from what was said.</summary>
public sealed class TranscriptionMetrics
{
    private readonly ErrorRates _tokens, _words;

    internal TranscriptionMetrics(ErrorRates tokens, ErrorRates words, long unknown) =>
        (_tokens, _words, NumberOfUnknownTokens) = (tokens, words, unknown);

    /// <summary>
    /// Insertions, deletions and substitutions, the fewest that make the labels of the predictions, for each token of the labels:
    /// 0 is best, and it may be over 1. Of characters it is the character error rate (CER).
    /// </summary>
    public double TokenErrorRate => _tokens.TokenErrorRate;

    /// <summary>
    /// The same of words (WER): of what stands between white space in the texts that DetokenizeSequence makes of the tokens.
    /// </summary>
    public double WordErrorRate => _words.TokenErrorRate;

    /// <summary>Share of the rows whose prediction is not the label, token by token, 0 to 1.</summary>
    public double SequenceErrorRate => _tokens.SequenceErrorRate;

    /// <summary>
    /// Tokens that predictions have and labels do not. Where several alignments need the fewest edits, the one counts that has
    /// most substitutions.
    /// </summary>
    public long Insertions => _tokens.Insertions;

    /// <summary>Tokens that labels have and predictions do not.</summary>
    public long Deletions => _tokens.Deletions;

    /// <summary>Tokens in whose place another one is predicted.</summary>
    public long Substitutions => _tokens.Substitutions;

    /// <summary>Rows.</summary>
    public long NumberOfSequences => _tokens.NumberOfSequences;

    /// <summary>Tokens of the labels; start and end tokens do not count.</summary>
    public long NumberOfTokens => _tokens.NumberOfTokens;

    /// <summary>Words of the labels.</summary>
    public long NumberOfWords => _words.NumberOfTokens;

    /// <summary>Tokens of the labels that are unknown (key 0). No prediction of them is right; 0 is best.</summary>
    public long NumberOfUnknownTokens { get; }

    /// <summary>The figures as a table.</summary>
    public override string ToString()
    {
        string unknown = NumberOfUnknownTokens == 0 ? "" : Invariant($", {NumberOfUnknownTokens} of them unknown");
        return Invariant($"{Counted.Of(NumberOfSequences, "sequence")}, {Counted.Of(NumberOfTokens, "token")}{unknown}, ") +
            Invariant($"{Counted.Of(NumberOfWords, "word")}\n") +
            Invariant($"sequence error rate {SequenceErrorRate:P2}; word error rate {WordErrorRate:P2}; ") +
            Invariant($"token error rate {TokenErrorRate:P2}: {Counted.Of(Insertions, "insertion")}, ") +
            $"{Counted.Of(Deletions, "deletion")}, {Counted.Of(Substitutions, "substitution")}";
    }
}
