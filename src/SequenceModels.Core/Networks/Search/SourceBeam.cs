namespace SequenceModels.Networks;

/// <summary>A hypothesis that goes on.</summary>
/// <param name="Node">Its last token among those of its source's search; -1: it has none yet.</param>
/// <param name="Token">That token.</param>
/// <param name="Place">Its place among all hypotheses of the step before.</param>
/// <param name="LogProbability">Of its tokens.</param>
/// <param name="Length">How many these are.</param>
internal readonly record struct Hypothesis(int Node, uint Token, int Place, double LogProbability, int Length);

/// <summary>The search of one source: its hypotheses that go on, and those that have ended.</summary>
/// <param name="source">Which.</param>
/// <param name="sourceSteps">S.</param>
/// <param name="mostTokens">How many tokens a sequence has at most.</param>
/// <param name="settings">How it is looked for.</param>
/// <param name="keepsAttention">Whether what was looked at for each token is kept.</param>
internal sealed class SourceBeam(int source, int sourceSteps, int mostTokens, SearchSettings settings, bool keepsAttention)
{
    private readonly List<(int Parent, uint Token, float[] Attention)> _nodes = [];
    private readonly List<(int Node, uint? End, double LogProbability, double Score)> _ended = [];
    private readonly bool _needsAttention = keepsAttention || settings.CoveragePenalty > 0;

    public int Source => source;

    /// <summary>Those that go on, best first.</summary>
    public List<Hypothesis> Alive { get; } = [new(-1, 0, 0, 0, 0)];

    /// <summary>Adds a token behind a hypothesis.</summary>
    /// <returns>The longer hypothesis.</returns>
    public Hypothesis Extend(Hypothesis hypothesis, int place, uint token, double logProbability, ReadOnlySpan<float> attention)
    {
        _nodes.Add((hypothesis.Node, token, _needsAttention ? attention.ToArray() : []));
        return new Hypothesis(_nodes.Count - 1, token, place, logProbability, hypothesis.Length + 1);
    }

    /// <summary>A hypothesis has come to its end.</summary>
    public void End(Hypothesis hypothesis, uint end, double logProbability) =>
        Add(hypothesis, logProbability, hypothesis.Length + 1, end);

    /// <summary>
    /// Goes on with these, or ends the search: where they are as long as a sequence may be, or none could pass what was found.
    /// </summary>
    /// <exception cref="ArithmeticException">Nothing goes on, and nothing has ended: no probability is a number.</exception>
    public void GoOn(List<Hypothesis> hypotheses)
    {
        Alive.Clear();
        if (hypotheses.Count == 0 && _ended.Count == 0)
            throw new ArithmeticException(
                "The probability of a token is NaN, by numbers or weights that are too large for the network.");
        if (_ended.Count >= settings.BeamSize && !hypotheses.Any(MayPass))
            return;
        foreach (Hypothesis hypothesis in hypotheses)
            if (hypothesis.Length < mostTokens)
                Alive.Add(hypothesis);
            else if (!_ended.Any(ended => ended.End is not null))
                Add(hypothesis, hypothesis.LogProbability, hypothesis.Length, end: null);
    }

    /// <summary>The best sequences so far, best first; those that have not reached their end behind all that have.</summary>
    public FoundSequence[] Best(int count) =>
    [
        .. _ended.Select((ended, place) => (ended, place)).OrderByDescending(each => each.ended.End is not null)
            .ThenByDescending(each => each.ended.Score).ThenBy(each => each.place).Take(count)
            .Select(each => Sequence(each.ended.Node, each.ended.LogProbability, each.ended.Score, each.ended.End)),
    ];

    /// <summary>
    /// The tokens that all hypotheses begin with, those that have ended included: they will not change any more.
    /// </summary>
    public FoundSequence Settled()
    {
        FoundSequence[] all =
        [
            .. Alive.Select(hypothesis => hypothesis.Node).Concat(_ended.Select(ended => ended.Node))
                .Select(node => Sequence(node, 0, 0, end: null)),
        ];
        int common = all.Min(each => each.Tokens.AsSpan().CommonPrefixLength(all[0].Tokens));
        return all[0] with { Tokens = all[0].Tokens[..common] };
    }

    private FoundSequence Sequence(int node, double logProbability, double score, uint? end)
    {
        var tokens = new List<uint>();
        var attention = new List<float[]>();
        for (; node >= 0; node = _nodes[node].Parent)
        {
            tokens.Add(_nodes[node].Token);
            if (keepsAttention && sourceSteps > 0)
                attention.Add(_nodes[node].Attention);
        }
        tokens.Reverse();
        attention.Reverse();
        return new FoundSequence([.. tokens], logProbability, score, end, [.. attention]);
    }

    private void Add(Hypothesis hypothesis, double logProbability, int length, uint? end)
    {
        double score = logProbability / settings.LengthFactor(length) + Coverage(hypothesis.Node);
        _ended.Add((hypothesis.Node, end, logProbability, score));
    }

    /// <summary>
    /// β times the sum over the source of the logarithm of what was looked at, at most 1 each: never more than 0.
    /// </summary>
    private double Coverage(int node)
    {
        if (settings.CoveragePenalty == 0 || sourceSteps == 0)
            return 0;
        var sums = new double[sourceSteps];
        for (; node >= 0; node = _nodes[node].Parent)
            for (int i = 0; i < _nodes[node].Attention.Length; i++)
                sums[i] += _nodes[node].Attention[i];
        return settings.CoveragePenalty * sums.Sum(sum => Math.Log(Math.Clamp(sum, float.Epsilon, 1)));
    }

    /// <summary>Whether a hypothesis could end with a better score than the worst that is to be kept.</summary>
    private bool MayPass(Hypothesis hypothesis)
    {
        // The logarithm is negative and only falls; the factor is largest at the largest length.
        double attainable = hypothesis.LogProbability / Math.Max(settings.LengthFactor(hypothesis.Length + 1),
            settings.LengthFactor(mostTokens + 1));
        return attainable > WorstKept();
    }

    private double WorstKept() =>
        _ended.Select(ended => ended.Score).OrderDescending().Take(settings.Answers).Last();
}
