namespace SequenceModels.Networks;

/// <summary>
/// Looks for the likeliest sequences of many sources at once: at each step all hypotheses of all sources that go on are one
/// batch. With a beam of 1 and no penalties it takes the likeliest token each time. Ties go to the earlier hypothesis, then to
/// the smaller token, so that a search is the same wherever it runs.
/// </summary>
/// <remarks>
/// A hypothesis that ends leaves the beam. The search of a source is over when it has as many ended ones as the beam is wide and
/// none that goes on could still pass the worst of them, or at the source's largest length.
/// </remarks>
internal sealed class BeamSearch(INextTokens network, SearchSettings settings, bool keepsAttention)
{
    private readonly BeamStep _step = new(settings, network);
    private readonly List<SourceBeam> _beams = [];
    private int[] _sources = [], _parents = [];
    private uint[] _tokens = [];
    private uint _begin;
    private bool _isFirst;

    /// <summary>Asked before each step whether to stop; throws where it is.</summary>
    public Action ThrowIfCanceled { get; init; } = () => { };

    /// <summary>The best sequences of each source, best first: as many as are wanted, or fewer where fewer were found.</summary>
    /// <param name="sources">How many sources there are.</param>
    /// <param name="begin">The token that all sequences begin with.</param>
    /// <param name="mostTokens">Of each source, how many tokens a sequence has at most.</param>
    public FoundSequence[][] Run(int sources, uint begin, Func<int, int> mostTokens)
    {
        Begin(sources, begin, mostTokens);
        while (Advance()) ;
        return [.. _beams.Select(beam => beam.Best(settings.Answers))];
    }

    /// <summary>Begins a search that is gone on with step by step; the parameters are those of <see cref="Run"/>.</summary>
    public void Begin(int sources, uint begin, Func<int, int> mostTokens)
    {
        _beams.Clear();
        for (int source = 0; source < sources; source++)
            _beams.Add(new SourceBeam(source, network.SourceSteps(source), mostTokens(source), settings, keepsAttention));
        Reserve(sources * settings.BeamSize);
        (_begin, _isFirst) = (begin, true);
    }

    /// <summary>Takes a step; false: all is found.</summary>
    public bool Advance()
    {
        int count = Collect(_isFirst, _begin);
        if (count == 0)
            return false;
        ThrowIfCanceled();
        network.Continue(_sources.AsSpan(0, count), _parents.AsSpan(0, count), _tokens.AsSpan(0, count), _isFirst);
        _isFirst = false;
        int from = 0;
        foreach (SourceBeam beam in _beams)
        {
            int alive = beam.Alive.Count;
            if (alive > 0)
                _step.Advance(beam, from);
            from += alive;
        }
        return true;
    }

    /// <summary>The search of a source.</summary>
    public SourceBeam this[int source] => _beams[source];

    /// <summary>Lists all hypotheses that go on; returns how many there are.</summary>
    private int Collect(bool first, uint begin)
    {
        int count = 0;
        foreach (SourceBeam beam in _beams)
            foreach (Hypothesis hypothesis in beam.Alive)
                (_sources[count], _parents[count], _tokens[count++]) =
                    (beam.Source, hypothesis.Place, first ? begin : hypothesis.Token);
        return count;
    }

    private void Reserve(int count)
    {
        if (_sources.Length < count)
            (_sources, _parents, _tokens) = (new int[count], new int[count], new uint[count]);
    }
}
