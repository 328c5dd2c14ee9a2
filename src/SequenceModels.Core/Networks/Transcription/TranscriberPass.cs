using SequenceModels.Heads;
using SequenceModels.Kernels;
using SequenceModels.Sequences;

namespace SequenceModels.Networks;

/// <summary>Writes down what is said in sequences, with memory that the next ones use again. One per thread.</summary>
/// <param name="network">Has the weights.</param>
internal sealed class TranscriberPass(EncoderNetwork network)
{
    private readonly EncoderPass _pass = network.CreatePass();
    private readonly BestPath _path = new();
    private readonly CtcLattice _lattice = new();
    private readonly TokenAlignment _alignment = new();
    private float[] _scores = [], _label = [];

    /// <summary>Rows of a data set. Each gets, to the bit, what it would get alone.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="rows">Which, longest first.</param>
    /// <param name="search">How to look.</param>
    /// <param name="most">How many answers each should have.</param>
    /// <param name="throwIfCanceled">Asked now and then.</param>
    public TranscribedSequence[][] Transcribe(SequenceDataset data, ReadOnlySpan<int> rows, TranscriptionSearch search, int most,
        Action throwIfCanceled)
    {
        NetworkInput.RequireFinite(network.Spec.Inputs, 0, data, rows);
        _pass.Load(data, rows, rows, StepRange.All);
        network.Predict(_pass);
        var found = new TranscribedSequence[rows.Length][];
        for (int k = 0; k < rows.Length; k++)
            found[k] = Find(ScoresOf(k), search, most, throwIfCanceled);
        return found;
    }

    /// <summary>What some scores say.</summary>
    /// <param name="scores">[T, K] probabilities, the blank's first.</param>
    /// <param name="search">How to look.</param>
    /// <param name="most">How many answers are wanted.</param>
    /// <param name="throwIfCanceled">Asked now and then.</param>
    public TranscribedSequence[] Find(ReadOnlySpan<float> scores, TranscriptionSearch search, int most, Action throwIfCanceled)
    {
        if (search.BeamSize == 1)
            return [OfBestPath(scores)];
        TokenLanguage? language = search is { Language: { } model, LanguageModelWeight: > 0 } ? new TokenLanguage(model) : null;
        List<(uint[] Tokens, double Score)> found =
            new PrefixBeamSearch(search, language).Run(scores, Outputs, most, throwIfCanceled);
        var answers = new TranscribedSequence[found.Count];
        for (int i = 0; i < answers.Length; i++)
            answers[i] = new TranscribedSequence(found[i].Tokens, _alignment.Find(scores, Outputs, found[i].Tokens),
                LogProbability(scores, found[i].Tokens), found[i].Score);
        return answers;
    }

    private int Outputs => network.Output.NumberOfOutputs;

    private TranscribedSequence OfBestPath(ReadOnlySpan<float> scores)
    {
        _path.Clear();
        for (int first = 0; first < scores.Length; first += Outputs)
            _path.Add(BestPath.Decide(scores.Slice(first, Outputs)));
        uint[] tokens = [.. _path.Tokens];
        double logProbability = LogProbability(scores, tokens);
        return new TranscribedSequence(tokens, [.. _path.Times], logProbability, logProbability);
    }

    private double LogProbability(ReadOnlySpan<float> scores, ReadOnlySpan<uint> tokens)
    {
        int steps = scores.Length / Outputs;
        if (steps == 0)
            return 0;
        if (_label.Length < tokens.Length)
            _label = new float[tokens.Length];
        for (int i = 0; i < tokens.Length; i++)
            _label[i] = tokens[i];
        _lattice.Begin(_label.AsSpan(0, tokens.Length), steps);
        for (int t = 0; t < steps; t++)
            _lattice.SetProbabilities(t, scores.Slice(t * Outputs, Outputs));
        return _lattice.Forward();
    }

    /// <summary>[T, K] of the k-th longest sequence, step after step.</summary>
    private ReadOnlySpan<float> ScoresOf(int k)
    {
        int steps = _pass.Batch.Length(k), length = ArrayLength.Of(steps, Outputs);
        if (_scores.Length < length)
            _scores = new float[length];
        for (int t = 0; t < steps; t++)
            FiniteNumbers.RequireScores(_pass.ScoresOf(_pass.Batch.Offset(t) + k)).CopyTo(_scores.AsSpan(t * Outputs));
        return _scores.AsSpan(0, length);
    }
}
