namespace SequenceModels;

/// <summary>How far predicted sequences are from those that would have been right.</summary>
/// <remarks>
/// <see cref="Bleu"/> and <see cref="ChrF"/> are of texts, as DetokenizeSequence makes them; error rates are of tokens. A token
/// that is unknown (key 0) is wrong wherever it stands, in the labels too.
/// </remarks>
public sealed class TranslationMetrics
{
    private readonly Bleu _bleu;
    private readonly ChrF _chrF;
    private readonly ErrorRates _rates;

    internal TranslationMetrics(Bleu bleu, ChrF chrF, ErrorRates rates, long unknown) =>
        (_bleu, _chrF, _rates, NumberOfUnknownTokens) = (bleu, chrF, rates, unknown);

    /// <summary>BLEU of all rows, 0 to 100, as sacreBLEU computes it (<see cref="SequenceModels.Bleu"/>).</summary>
    public double Bleu => _bleu.Score;

    /// <summary>
    /// What sacreBLEU prints beside BLEU: <c>nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0</c>. Give it with the
    /// figure.
    /// </summary>
    public string BleuSignature => _bleu.Signature;

    /// <summary>chrF2 of all rows, 0 to 100, as sacreBLEU computes it (<see cref="SequenceModels.ChrF"/>).</summary>
    public double ChrF => _chrF.Score;

    /// <summary>
    /// What sacreBLEU prints beside chrF2: <c>nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|version:2.6.0</c>.
    /// </summary>
    public string ChrFSignature => _chrF.Signature;

    /// <summary>
    /// Insertions, deletions and substitutions, the fewest that make the labels of the predictions, for each token of the
    /// labels: 0 is best, and it may be over 1. Of characters it is the character error rate, of words the word error rate.
    /// </summary>
    public double TokenErrorRate => _rates.TokenErrorRate;

    /// <summary>
    /// Share of the rows whose prediction is not the label, token by token, 0 to 1. Papers on pronunciations call it word error
    /// rate.
    /// </summary>
    public double SequenceErrorRate => _rates.SequenceErrorRate;

    /// <summary>
    /// Tokens that predictions have and labels do not. Where several alignments need the fewest edits, the one counts that has
    /// most substitutions.
    /// </summary>
    public long Insertions => _rates.Insertions;

    /// <summary>Tokens that labels have and predictions do not.</summary>
    public long Deletions => _rates.Deletions;

    /// <summary>Tokens in whose place another one is predicted.</summary>
    public long Substitutions => _rates.Substitutions;

    /// <summary>Rows that have a label.</summary>
    public long NumberOfSequences => _rates.NumberOfSequences;

    /// <summary>Tokens of the labels; start and end tokens do not count.</summary>
    public long NumberOfTokens => _rates.NumberOfTokens;

    /// <summary>Tokens of the labels that are unknown (key 0). No prediction of them is right; 0 is best.</summary>
    public long NumberOfUnknownTokens { get; }

    /// <summary>The figures as a table; BLEU and chrF in the manner of sacreBLEU.</summary>
    public override string ToString()
    {
        string unknown = NumberOfUnknownTokens == 0 ? "" : Invariant($", {NumberOfUnknownTokens} of them unknown");
        return Invariant($"{Counted.Of(NumberOfSequences, "sequence")}, {Counted.Of(NumberOfTokens, "token")}{unknown}\n") +
            Invariant($"sequence error rate {SequenceErrorRate:P2}; token error rate {TokenErrorRate:P2}: ") +
            $"{Counted.Of(Insertions, "insertion")}, {Counted.Of(Deletions, "deletion")}, " +
            $"{Counted.Of(Substitutions, "substitution")}\n{_bleu}\n{_chrF}\n";
    }
}
