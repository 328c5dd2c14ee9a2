using SequenceModels.Heads;

namespace SequenceModels.Networks;

/// <summary>
/// Looks for the tokens that the steps of a sequence most likely spell, all ways to spell them together: after each step the best
/// prefixes go on. Ties go to the prefix that was better before, then to the smaller token, so that a search is the same wherever
/// it runs.
/// </summary>
/// <remarks>
/// Graves and Jaitly, "Towards End-To-End Speech Recognition with Recurrent Neural Networks", ICML 2014, section 3; with a
/// language model: Hannun et al., "First-Pass Large Vocabulary Continuous Speech Recognition using Bi-Directional Recurrent
/// DNNs", 2014, algorithm 1.
/// </remarks>
/// <param name="settings">How wide, and what counts beside the probability.</param>
/// <param name="language">Tells what comes next; null: nobody does.</param>
internal sealed class PrefixBeamSearch(TranscriptionSearch settings, TokenLanguage? language)
{
    private readonly List<Candidate> _best = [];
    private List<TokenPrefix> _alive = [], _next = [];
    private double[] _logs = [];

    /// <summary>A prefix behind the step at hand: one that is there, or one with another token.</summary>
    private readonly record struct Candidate(TokenPrefix Prefix, int Token, double NonBlank, double Bonus, double Score);

    /// <summary>The best sequences, best first: tokens, and that by which they were ranked.</summary>
    /// <param name="scores">[T, K] probabilities, the blank's first.</param>
    /// <param name="outputs">K.</param>
    /// <param name="most">How many are wanted.</param>
    /// <param name="throwIfCanceled">Asked before each step.</param>
    public List<(uint[] Tokens, double Score)> Run(ReadOnlySpan<float> scores, int outputs, int most, Action throwIfCanceled)
    {
        var root = new TokenPrefix(null, CtcOutputLayer.Blank, bonus: 0);
        root.Begin();
        (_alive, _logs) = ([root], _logs.Length < outputs ? new double[outputs] : _logs);
        for (int t = 0; t < scores.Length / outputs; t++)
        {
            throwIfCanceled();
            for (int k = 0; k < outputs; k++)
                _logs[k] = Math.Log(scores[t * outputs + k]);
            Advance(_logs.AsSpan(0, outputs));
        }
        _best.Clear();
        foreach (TokenPrefix prefix in _alive)
            Insert(new Candidate(prefix, 0, 0, 0,
                prefix.Score + (language?.LogOfEnd(prefix) ?? 0) * settings.LanguageModelWeight));
        return [.. _best.Take(most).Select(candidate => (candidate.Prefix.Tokens(), candidate.Score))];
    }

    private void Advance(ReadOnlySpan<double> logs)
    {
        foreach (TokenPrefix prefix in _alive)
            Stay(prefix, logs);
        _best.Clear();
        foreach (TokenPrefix prefix in _alive)
            Insert(new Candidate(prefix, 0, 0, 0, TokenPrefix.Sum(prefix.NextBlank, prefix.NextNonBlank) + prefix.Bonus));
        foreach (TokenPrefix prefix in _alive)
            Extend(prefix, logs);
        _next.Clear();
        foreach (Candidate candidate in _best)
            _next.Add(Take(candidate));
        foreach (TokenPrefix prefix in _next)
            if (!prefix.IsAlive)
                prefix.Advance();
        foreach (TokenPrefix prefix in _alive)
        {
            prefix.Advance();
            prefix.IsAlive = false;
        }
        foreach (TokenPrefix prefix in _next)
            prefix.IsAlive = true;
        (_alive, _next) = (_next, _alive);
    }

    /// <summary>What a step leaves of a prefix as it is, and adds to those in the beam that have another token.</summary>
    private static void Stay(TokenPrefix prefix, ReadOnlySpan<double> logs)
    {
        prefix.NextBlank = prefix.Total + logs[CtcOutputLayer.Blank];
        if (prefix.Parent is not { } parent)
            return;
        prefix.NextNonBlank = prefix.NonBlank + logs[prefix.Token];
        if (parent.IsAlive)
            prefix.NextNonBlank = TokenPrefix.Sum(prefix.NextNonBlank, Begun(parent, prefix.Token) + logs[prefix.Token]);
    }

    /// <summary>
    /// log p of all ways behind which a token is a new one: of the same token again, those that end with a blank.
    /// </summary>
    private static double Begun(TokenPrefix prefix, int token) => token == prefix.Token ? prefix.Blank : prefix.Total;

    private void Extend(TokenPrefix prefix, ReadOnlySpan<double> logs)
    {
        for (int token = 1; token < logs.Length; token++)
        {
            double nonBlank = Begun(prefix, token) + logs[token];
            // The language model only takes something away, and is asked where that may not matter.
            double most = nonBlank + prefix.Bonus + settings.LengthBonus;
            if (double.IsNegativeInfinity(nonBlank) || (_best.Count >= settings.BeamSize && !(most > _best[^1].Score)) ||
                prefix.Find(token) is { IsAlive: true })
                continue;
            double bonus = prefix.Bonus + settings.LengthBonus +
                (language?.LogOf(prefix, token) ?? 0) * settings.LanguageModelWeight;
            Insert(new Candidate(prefix, token, nonBlank, bonus, nonBlank + bonus));
        }
    }

    private static TokenPrefix Take(Candidate candidate)
    {
        if (candidate.Token == 0)
            return candidate.Prefix;
        TokenPrefix prefix = candidate.Prefix.Find(candidate.Token) ?? candidate.Prefix.Add(candidate.Token, candidate.Bonus);
        prefix.NextNonBlank = candidate.NonBlank;
        prefix.NextBlank = double.NegativeInfinity;
        return prefix;
    }

    private void Insert(Candidate candidate)
    {
        int place = _best.Count;
        while (place > 0 && candidate.Score > _best[place - 1].Score)
            place--;
        if (place >= settings.BeamSize)
            return;
        _best.Insert(place, candidate);
        if (_best.Count > settings.BeamSize)
            _best.RemoveAt(settings.BeamSize);
    }
}
