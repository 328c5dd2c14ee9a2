using SequenceModels.Metrics;

namespace SequenceModels;

/// <summary>
/// chrF of a corpus, as sacreBLEU computes it (chrF2; with words chrF2++): how far the character n-grams of hypotheses and
/// references are the same. Rows are added one by one.
/// </summary>
/// <remarks>
/// <para>
/// n-grams of 1 to 6 characters (code points) without white space, for chrF++ also of 1 and 2 words, of which a punctuation
/// mark at one side is cut off. Counts are summed over the corpus; precision and recall are the means of those of each order
/// that both have n-grams of; chrF = (1 + β²) · P · R / (β² · P + R) with β = 2. Of several references of a row the one counts
/// that has the highest chrF by itself.
/// </para>
/// <para>Popović, "chrF: character n-gram F-score for automatic MT evaluation", WMT 2015; "chrF++", WMT 2017.</para>
/// </remarks>
public sealed class ChrF
{
    private const int CharacterOrders = 6, MostWordOrders = 4;

    private readonly int _wordOrders;
    private readonly NGramOverlap[] _sums, _row, _best;
    private readonly NGramCounts _characters = new(21), _words = new(32), _otherCharacters = new(21), _otherWords = new(32);
    private readonly WordNumbers _numbers = new();
    private readonly Signature _signature = new();

    /// <summary>A corpus without rows.</summary>
    /// <param name="wordOrder">n-grams of how many words count too, at most: 0 (chrF) to 4; 2 is chrF++.</param>
    /// <exception cref="ArgumentOutOfRangeException">The order is out of its range.</exception>
    public ChrF(int wordOrder = 0)
    {
        if (wordOrder is < 0 or > MostWordOrders)
            throw new ArgumentOutOfRangeException(nameof(wordOrder), InvariantText.Of(wordOrder),
                Invariant($"wordOrder must be between 0 (chrF) and {MostWordOrders}; 2 is chrF++."));
        _wordOrders = wordOrder;
        (_sums, _row, _best) = (new NGramOverlap[CharacterOrders + wordOrder], new NGramOverlap[CharacterOrders + wordOrder],
            new NGramOverlap[CharacterOrders + wordOrder]);
    }

    /// <summary>From 0 to 100. Of no rows: 0.</summary>
    public double Score => NGramOverlap.FScore(_sums);

    /// <summary>
    /// What sacreBLEU prints beside the figure: <c>nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|version:2.6.0</c>. The version
    /// is the one whose definition is followed.
    /// </summary>
    public string Signature =>
        _signature.Text(Invariant($"case:mixed|eff:yes|nc:{CharacterOrders}|nw:{_wordOrders}|space:no"));

    /// <summary>By order, of characters first.</summary>
    internal IReadOnlyList<NGramOverlap> Overlaps => _sums;

    /// <summary>Adds a row.</summary>
    /// <param name="hypothesis">What was predicted; may be empty.</param>
    /// <param name="references">What would have been right: one text, or several of which each is; they may be empty.</param>
    /// <exception cref="ArgumentException">There is no reference.</exception>
    public void Add(string hypothesis, params ReadOnlySpan<string> references)
    {
        ArgumentNullException.ThrowIfNull(hypothesis);
        if (references.IsEmpty)
            throw new ArgumentException("A row needs at least one reference.", nameof(references));
        _signature.See(references.Length);
        var text = new ChrFText(hypothesis, _wordOrders > 0 ? _numbers : null);
        double best = -1;
        foreach (string reference in references)
        {
            ArgumentNullException.ThrowIfNull(reference, nameof(references));
            Compare(text, new ChrFText(reference, _wordOrders > 0 ? _numbers : null));
            double score = NGramOverlap.FScore(_row);
            if (score <= best)
                continue;
            best = score;
            _row.CopyTo(_best, 0);
        }
        for (int i = 0; i < _sums.Length; i++)
            _sums[i] += _best[i];
    }

    /// <summary>The figure, in the manner of sacreBLEU.</summary>
    public override string ToString() => Invariant($"chrF2{new string('+', _wordOrders)}|{Signature} = {Score:F2}");

    private void Compare(ChrFText hypothesis, ChrFText reference)
    {
        for (int i = 0; i < _row.Length; i++)
            _row[i] = i < CharacterOrders
                ? Overlap(hypothesis.Characters, reference.Characters, i + 1, _characters, _otherCharacters)
                : Overlap(hypothesis.Words, reference.Words, i - CharacterOrders + 1, _words, _otherWords);
    }

    private static NGramOverlap Overlap(int[] hypothesis, int[] reference, int order, NGramCounts own, NGramCounts other)
    {
        own.Count(hypothesis, order);
        other.Count(reference, order);
        // n-grams of an order that this reference is too short for do not count against the hypothesis.
        return new NGramOverlap(other.Total > 0 ? own.Total : 0, other.Total, own.Matches(other));
    }
}
