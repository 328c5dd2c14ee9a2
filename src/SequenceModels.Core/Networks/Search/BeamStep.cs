using System.Numerics.Tensors;

namespace SequenceModels.Networks;

/// <summary>
/// One step of a source's search: of all hypotheses and all tokens behind them the best are taken. Of the best, as many as the
/// beam is wide, those that end are put aside; so many go on.
/// </summary>
internal sealed class BeamStep(SearchSettings settings, INextTokens network)
{
    /// <summary>Tokens whose largest probability is found at once.</summary>
    private const int Piece = 128;

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
            int found = FindBest(network.ProbabilitiesOf(from + i));
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

    /// <summary>The likeliest tokens, likeliest first: twice as many as the beam is wide, for half of them may be ends.</summary>
    private int FindBest(ReadOnlySpan<float> probabilities)
    {
        int count = 0;
        for (int from = 0; from < probabilities.Length; from += Piece)
        {
            ReadOnlySpan<float> piece = probabilities[from..Math.Min(from + Piece, probabilities.Length)];
            // Of a large vocabulary nearly no piece has one of the best: one look at its largest tells.
            if (count < _tokens.Length || TensorPrimitives.MaxNumber(piece) > _tokens[count - 1].Probability)
                count = FindBest(piece, from, count);
        }
        return count;
    }

    private int FindBest(ReadOnlySpan<float> piece, int from, int count)
    {
        int unknown = network.Unknown;
        for (int i = 0; i < piece.Length; i++)
        {
            float probability = piece[i];
            if ((count == _tokens.Length && !(probability > _tokens[count - 1].Probability)) ||
                (from + i == unknown && !settings.AllowsUnknown) || !(probability > 0))
                continue;
            int place = count < _tokens.Length ? count++ : count - 1;
            for (; place > 0 && probability > _tokens[place - 1].Probability; place--)
                _tokens[place] = _tokens[place - 1];
            _tokens[place] = (probability, from + i);
        }
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
