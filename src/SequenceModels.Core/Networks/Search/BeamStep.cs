using System.Numerics;

namespace SequenceModels.Networks;

/// <summary>
/// One step of a source's search: of all hypotheses and all tokens behind them the best are taken. Of the best, as many as the
/// beam is wide, those that end are put aside; so many go on.
/// </summary>
internal sealed class BeamStep(SearchSettings settings, INextTokens network)
{
    /// <summary>Tokens that are looked at together.</summary>
    private const int Piece = 32;

    /// <summary>More than exponential and logarithm can be wrong by.</summary>
    private const double Rounding = 1e-6;

    private readonly List<Candidate> _best = [];
    private readonly List<Hypothesis> _next = [];
    private readonly (float Probability, int Token)[] _tokens = new (float, int)[2 * settings.BeamSize];

    private readonly record struct Candidate(double LogProbability, int Hypothesis, int Token);

    /// <summary>Takes the step.</summary>
    /// <param name="beam">The source's hypotheses become those behind the step.</param>
    /// <param name="from">The place of the first of the hypotheses among all.</param>
    public void Advance(SourceBeam beam, int from)
    {
        _best.Clear();
        for (int i = 0; i < beam.Alive.Count; i++)
        {
            int found = FindBest(network.ProbabilitiesOf(from + i), LeastBehind(beam.Alive[i]));
            for (int j = 0; j < found; j++)
                Insert(new Candidate(beam.Alive[i].LogProbability + Math.Log(_tokens[j].Probability), i, _tokens[j].Token));
        }
        _next.Clear();
        for (int rank = 0; rank < _best.Count && _next.Count < settings.BeamSize; rank++)
        {
            Candidate candidate = _best[rank];
            Hypothesis hypothesis = beam.Alive[candidate.Hypothesis];
            if (!network.Ends(candidate.Token))
                _next.Add(beam.Extend(hypothesis, from + candidate.Hypothesis, (uint)candidate.Token, candidate.LogProbability,
                    network.AttentionOf(from + candidate.Hypothesis)));
            else if (rank < settings.BeamSize)
                beam.End(hypothesis, (uint)candidate.Token, candidate.LogProbability);
        }
        beam.GoOn(_next);
    }

    /// <summary>
    /// What a token's probability must exceed for the hypothesis with it to be among the best so far. No others are looked for,
    /// which spares most of a large vocabulary.
    /// </summary>
    private float LeastBehind(Hypothesis hypothesis)
    {
        if (_best.Count < 2 * settings.BeamSize)
            return 0;
        double least = Math.Exp(_best[^1].LogProbability - hypothesis.LogProbability) * (1 - Rounding);
        return Math.Max(0, MathF.BitDecrement((float)least));
    }

    /// <summary>The likeliest tokens, likeliest first: twice as many as the beam is wide, for half of them may be ends.</summary>
    private int FindBest(ReadOnlySpan<float> probabilities, float least)
    {
        int count = 0, from = 0;
        while (from < probabilities.Length)
        {
            ReadOnlySpan<float> rest = probabilities[from..];
            // Of a large vocabulary nearly no token is one of the best: only pieces that have one are looked at closely.
            from += NextPiece(rest, count < _tokens.Length ? least : _tokens[count - 1].Probability);
            int end = Math.Min(from + Piece, probabilities.Length);
            for (; from < end; from++)
                count = Consider(probabilities[from], from, count, least);
        }
        return count;
    }

    /// <summary>Where the first piece begins in which a probability exceeds the least, or that is the last.</summary>
    private static int NextPiece(ReadOnlySpan<float> probabilities, float least)
    {
        var limit = new Vector<float>(least);
        int from = 0;
        for (; from + Piece <= probabilities.Length; from += Piece)
        {
            Vector<int> exceeds = Vector<int>.Zero;
            for (int i = from; i < from + Piece; i += Vector<float>.Count)
                exceeds |= Vector.GreaterThan(new Vector<float>(probabilities[i..]), limit);
            if (exceeds != Vector<int>.Zero)
                break;
        }
        return from;
    }

    private int Consider(float probability, int token, int count, float least)
    {
        if (!(probability > (count < _tokens.Length ? least : _tokens[count - 1].Probability)) ||
            (token == network.Unknown && !settings.AllowsUnknown))
            return count;
        int place = count < _tokens.Length ? count++ : count - 1;
        for (; place > 0 && probability > _tokens[place - 1].Probability; place--)
            _tokens[place] = _tokens[place - 1];
        _tokens[place] = (probability, token);
        return count;
    }

    private void Insert(Candidate candidate)
    {
        int place = _best.Count;
        while (place > 0 && candidate.LogProbability > _best[place - 1].LogProbability)
            place--;
        if (place < 2 * settings.BeamSize)
            _best.Insert(place, candidate);
        if (_best.Count > 2 * settings.BeamSize)
            _best.RemoveAt(_best.Count - 1);
    }
}
