using SequenceModels.Heads;

namespace SequenceModels.Networks;

/// <summary>The likeliest of all ways in which the steps of a sequence spell given tokens.</summary>
/// <remarks>Viterbi's algorithm over the states of a <see cref="CtcLattice"/>.</remarks>
internal sealed class TokenAlignment
{
    private double[] _best = [], _next = []; // [S] log p of the likeliest way up to the step and its state
    private byte[] _from = [];               // [T, S] how many states before it came from

    /// <summary>When each token is said.</summary>
    /// <param name="scores">[T, K] probabilities.</param>
    /// <param name="outputs">K.</param>
    /// <param name="tokens">Keys that the steps can spell.</param>
    public TokenTime[] Find(ReadOnlySpan<float> scores, int outputs, ReadOnlySpan<uint> tokens)
    {
        if (tokens.IsEmpty)
            return [];
        int steps = scores.Length / outputs, states = 2 * tokens.Length + 1;
        Reserve(steps, states);
        Array.Fill(_best, double.NegativeInfinity, 0, states);
        for (int s = 0; s < 2; s++)
            _best[s] = Math.Log(scores[OutputOf(tokens, s)]);
        for (int t = 1; t < steps; t++)
        {
            ReadOnlySpan<float> row = scores.Slice(t * outputs, outputs);
            for (int s = 0; s < states; s++)
            {
                int from = s > 0 && _best[s - 1] > _best[s] ? 1 : 0;
                if (s > 2 && s % 2 == 1 && tokens[s / 2] != tokens[s / 2 - 1] && _best[s - 2] > _best[s - from])
                    from = 2;
                _from[t * states + s] = (byte)from;
                _next[s] = _best[s - from] + Math.Log(row[OutputOf(tokens, s)]);
            }
            (_best, _next) = (_next, _best);
        }
        var times = new TokenTime[tokens.Length];
        for (int t = steps - 1, s = _best[states - 2] > _best[states - 1] ? states - 2 : states - 1; t >= 0; t--)
        {
            if (s % 2 == 1)
                times[s / 2] = new TokenTime(t, times[s / 2].NumberOfSteps + 1);
            s -= t > 0 ? _from[t * states + s] : 0;
        }
        return times;
    }

    private static int OutputOf(ReadOnlySpan<uint> tokens, int state) =>
        state % 2 == 0 ? CtcOutputLayer.Blank : (int)tokens[state / 2];

    private void Reserve(int steps, int states)
    {
        if (_best.Length < states)
            (_best, _next) = (new double[states], new double[states]);
        if (_from.Length < (long)steps * states)
            _from = new byte[Kernels.ArrayLength.Of(steps, states)];
    }
}
