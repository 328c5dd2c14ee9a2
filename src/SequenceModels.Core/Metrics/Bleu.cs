using SequenceModels.Metrics;

namespace SequenceModels;

/// <summary>BLEU of a corpus, as sacreBLEU computes it. Rows are added one by one.</summary>
/// <remarks>
/// <para>
/// p_n is the share of the hypotheses' n-grams (n = 1 to 4) that the references have, each counted at most as often as in the
/// reference that has it most often; counts are summed over the corpus. BLEU = BP · exp(mean of log p_n), with the brevity
/// penalty BP = exp(1 - r / c) where the hypotheses' length c is less than that of the references, r: of each row, the length
/// closest to that of the hypothesis, of two as close the shorter one.
/// </para>
/// <para>
/// Smoothing "exp": the first p_n that is 0 becomes 1 / 2 of one n-gram, the next 1 / 4, and so on. Without a single common word,
/// and where no hypothesis has four tokens, BLEU is 0. Of a single short sentence it says little.
/// </para>
/// <para>
/// Papineni et al., "BLEU: a Method for Automatic Evaluation of Machine Translation", ACL 2002; Post, "A Call for Clarity in
/// Reporting BLEU Scores", WMT 2018.
/// </para>
/// </remarks>
public sealed class Bleu
{
    private const int Orders = 4;

    private readonly BleuTokenization _tokenization;
    private readonly WordNumbers _words = new();
    private readonly Signature _signature = new();
    private readonly NGramCounts _hypothesis = new(32), _reference = new(32), _references = new(32);
    private readonly long[] _matches = new long[Orders], _totals = new long[Orders];

    /// <summary>A corpus without rows.</summary>
    /// <param name="tokenization">How texts are cut.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such tokenization.</exception>
    public Bleu(BleuTokenization tokenization = BleuTokenization.Mteval13a)
    {
        if (!Enum.IsDefined(tokenization))
            throw new ArgumentOutOfRangeException(nameof(tokenization), tokenization,
                $"{nameof(BleuTokenization)} must be {nameof(BleuTokenization.Mteval13a)} or {nameof(BleuTokenization.None)}.");
        _tokenization = tokenization;
    }

    /// <summary>Tokens of all hypotheses.</summary>
    public long HypothesisLength { get; private set; }

    /// <summary>Tokens of all references; of several of a row, those of the one whose length is closest.</summary>
    public long ReferenceLength { get; private set; }

    /// <summary>Below 1 where the hypotheses are shorter than the references, in all; 0 where they have no token.</summary>
    public double BrevityPenalty => HypothesisLength >= ReferenceLength ? 1
        : HypothesisLength == 0 ? 0 : Math.Exp(1 - (double)ReferenceLength / HypothesisLength);

    /// <summary>In percent, of n-grams of 1 to 4 tokens, smoothed; 0 where there are none.</summary>
    public IReadOnlyList<double> Precisions => SmoothedPrecisions();

    /// <summary>
    /// From 0 to 100. Where all is right, rounding may leave it 1e-13 above, as it does in sacreBLEU. Of no rows: 0.
    /// </summary>
    public double Score
    {
        get
        {
            double[] precisions = SmoothedPrecisions();
            return precisions.Contains(0) ? 0 : BrevityPenalty * Math.Exp(precisions.Sum(Math.Log) / Orders);
        }
    }

    /// <summary>
    /// What sacreBLEU prints beside the figure: <c>nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0</c>. The version
    /// is the one whose definition is followed.
    /// </summary>
    public string Signature =>
        _signature.Text($"case:mixed|eff:no|tok:{(_tokenization == BleuTokenization.None ? "none" : "13a")}|smooth:exp");

    /// <summary>Adds a row.</summary>
    /// <param name="hypothesis">What was predicted; may be empty.</param>
    /// <param name="references">What would have been right: one text, or several of which each is; they may be empty.</param>
    /// <exception cref="ArgumentException">There is no reference.</exception>
    public void Add(string hypothesis, params ReadOnlySpan<string> references)
    {
        ArgumentNullException.ThrowIfNull(hypothesis);
        var numbers = new int[references.Length][];
        for (int i = 0; i < numbers.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(references[i], nameof(references));
            numbers[i] = Tokenize(references[i]);
        }
        Add(Tokenize(hypothesis), numbers);
    }

    /// <summary>Adds a row of tokens that have numbers already, from 0.</summary>
    /// <exception cref="ArgumentException">There is no reference.</exception>
    internal void Add(ReadOnlySpan<int> hypothesis, params ReadOnlySpan<int[]> references)
    {
        if (references.IsEmpty)
            throw new ArgumentException("A row needs at least one reference.", nameof(references));
        _signature.See(references.Length);
        int closest = references[0].Length;
        foreach (int[] reference in references)
            if ((Math.Abs(reference.Length - hypothesis.Length), reference.Length)
                .CompareTo((Math.Abs(closest - hypothesis.Length), closest)) < 0)
                closest = reference.Length;
        HypothesisLength += hypothesis.Length;
        ReferenceLength += closest;
        for (int n = 1; n <= Orders; n++)
        {
            _hypothesis.Count(hypothesis, n);
            _references.Clear();
            foreach (int[] reference in references)
            {
                _reference.Count(reference, n);
                _references.Unite(_reference);
            }
            _totals[n - 1] += _hypothesis.Total;
            _matches[n - 1] += _hypothesis.Matches(_references);
        }
    }

    /// <summary>The figure with its parts, in the manner of sacreBLEU.</summary>
    public override string ToString() => Invariant($"BLEU|{Signature} = {Score:F2} ") +
        string.Join('/', SmoothedPrecisions().Select(precision => Invariant($"{precision:F1}"))) +
        Invariant($" (BP = {BrevityPenalty:F3} ratio = {(ReferenceLength == 0 ? 0
            : (double)HypothesisLength / ReferenceLength):F3} hyp_len = {HypothesisLength} ref_len = {ReferenceLength})");

    private int[] Tokenize(string text) => _words.Of(WhiteSpace.Split(
        _tokenization == BleuTokenization.None ? text : MtevalTokenizer.Separate(text)));

    private double[] SmoothedPrecisions()
    {
        var precisions = new double[Orders];
        if (_matches[0] == 0)
            return precisions;
        double smoothing = 1;
        for (int n = 0; n < Orders && _totals[n] > 0; n++)
            precisions[n] = _matches[n] > 0 ? 100.0 * _matches[n] / _totals[n] : 100.0 / ((smoothing *= 2) * _totals[n]);
        return precisions;
    }
}
