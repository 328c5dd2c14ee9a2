using SequenceModels.Sequences;

namespace SequenceModels.Networks;

/// <summary>Translates sequences with memory that the next ones use again. One per thread.</summary>
/// <param name="network">Has the weights.</param>
/// <param name="search">How translations are looked for.</param>
internal sealed class TranslatorPass(TranslationNetwork network, TranslationSearch search)
{
    private readonly TranslationPass _pass = network.CreatePass();
    private readonly SequenceDataset _row = OfOneRow(network);

    /// <summary>Translates one sequence of tokens.</summary>
    /// <param name="source">Keys.</param>
    /// <param name="options">Valid, or refused.</param>
    public IReadOnlyList<TranslatedSequence> Translate(ReadOnlySpan<uint> source, TranslatingOptions options)
    {
        BeamSearch beams = Begin(source, options);
        while (beams.Advance()) ;
        return
        [
            .. beams[0].Best(options.NumberOfAnswers).Select(found => new TranslatedSequence(found.Tokens, found.LogProbability,
                found.Score, found.IsFinished, found.Attention)),
        ];
    }

    /// <summary>Begins to translate one sequence of tokens.</summary>
    public BeamSearch Begin(ReadOnlySpan<uint> source, TranslatingOptions options)
    {
        TranslationSearch own = search.With(options, network.Spec);
        _row.Clear();
        _row.Add(source, label: 0);
        int most = own.MostTokens(source.Length);
        BeamSearch beams = Read(_row, [0], own.SettingsFor(options.NumberOfAnswers), keepsAttention: true,
            options.CancellationToken.ThrowIfCancellationRequested);
        beams.Begin(1, Boundary, _ => most);
        return beams;
    }

    /// <summary>Translates rows of a data set in one search. Each gets, to the bit, what it would get alone.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="rows">Which, longest first.</param>
    /// <param name="keepsAttention">Whether what was looked at is wanted.</param>
    public FoundSequence[][] Translate(SequenceDataset data, ReadOnlySpan<int> rows, bool keepsAttention)
    {
        int[] most = new int[rows.Length];
        for (int k = 0; k < most.Length; k++)
            most[k] = search.MostTokens(data.Length(rows[k]));
        return Read(data, rows, search.SettingsFor(answers: 1), keepsAttention, () => { })
            .Run(rows.Length, Boundary, k => most[k]);
    }

    /// <summary>Has no file, and needs no end.</summary>
    private static SequenceDataset OfOneRow(TranslationNetwork network) => new(network.Spec.Inputs);

    private uint Boundary => (uint)network.Spec.Decoder.VocabularySize + 1;

    private BeamSearch Read(SequenceDataset data, ReadOnlySpan<int> rows, SearchSettings settings, bool keepsAttention,
        Action throwIfCanceled)
    {
        NetworkInput.RequireFinite(network.Spec.Inputs, 0, data, rows);
        _pass.Load(data, rows, rows, StepRange.All);
        network.Encode(_pass);
        return new BeamSearch(new TranslationHypotheses(network, _pass), settings, keepsAttention)
        {
            ThrowIfCanceled = throwIfCanceled,
        };
    }
}
