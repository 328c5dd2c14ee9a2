using SequenceModels.Sequences;

namespace SequenceModels.Networks;

/// <summary>Translates sequences with memory that the next ones use again. One per thread.</summary>
/// <param name="network">Has the weights.</param>
/// <param name="search">How translations are looked for.</param>
internal sealed class TranslatorPass(TranslationNetwork network, TranslationSearch search)
{
    private readonly TranslationPass _pass = network.CreatePass();
    private readonly SequenceDataset _row = new(network.Spec.Inputs); // one row: it has no file, and needs no end

    /// <summary>Translates one sequence of tokens.</summary>
    /// <param name="source">Keys.</param>
    /// <param name="options">Valid, or refused.</param>
    /// <param name="onStep">Told after each step; null: nobody is.</param>
    public IReadOnlyList<TranslatedSequence> Translate(ReadOnlySpan<uint> source, TranslatingOptions options,
        Action<SourceBeam>? onStep = null)
    {
        TranslationSearch own = search.With(options);
        _row.Clear();
        _row.Add(source, label: 0);
        return
        [
            .. Translate(_row, [0], own, options.NumberOfAnswers, keepsAttention: true,
                options.CancellationToken.ThrowIfCancellationRequested, onStep)[0].Select(found => new TranslatedSequence(
                    found.Tokens, found.LogProbability, found.Score, found.IsFinished, found.Attention)),
        ];
    }

    /// <summary>Translates rows of a data set in one search. Each gets, to the bit, what it would get alone.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="rows">Which, longest first.</param>
    /// <param name="keepsAttention">Whether what was looked at is wanted.</param>
    public FoundSequence[][] Translate(SequenceDataset data, ReadOnlySpan<int> rows, bool keepsAttention) =>
        Translate(data, rows, search, 1, keepsAttention, () => { }, null);

    private FoundSequence[][] Translate(SequenceDataset data, ReadOnlySpan<int> rows, TranslationSearch own, int answers,
        bool keepsAttention, Action throwIfCanceled, Action<SourceBeam>? onStep)
    {
        NetworkInput.RequireFinite(network.Spec.Inputs, 0, data, rows);
        _pass.Load(data, rows, rows, StepRange.All);
        network.Encode(_pass);
        int[] steps = new int[rows.Length];
        for (int k = 0; k < steps.Length; k++)
            steps[k] = data.Length(rows[k]);
        var beams = new BeamSearch(new TranslationHypotheses(network, _pass), own.SettingsFor(answers), keepsAttention)
        {
            ThrowIfCanceled = throwIfCanceled, OnStep = onStep,
        };
        return beams.Run(rows.Length, (uint)network.Spec.Decoder.VocabularySize + 1, k => own.MostTokens(steps[k]));
    }
}
