using SequenceModels.Networks;
using SequenceModels.Sequences;

namespace SequenceModels.Training;

/// <summary>
/// How well a network translates by itself, the likeliest token being taken each time. Batches are translated on several
/// threads, and counted in the order of their rows.
/// </summary>
/// <param name="network">Its weights of the moment are measured.</param>
/// <param name="data">The rows.</param>
internal sealed class TranslationMeasurement(TranslationNetwork network, SequenceDataset data)
{
    /// <summary>What a translation may have more than twice the tokens of its label, before it is cut.</summary>
    private const int Allowance = 10;

    /// <summary>By place among the measured rows.</summary>
    private readonly List<uint[]?> _translations = [];

    /// <summary>Translates the rows of a batch.</summary>
    /// <param name="pass">Has read them.</param>
    /// <param name="rows">Which, longest first.</param>
    /// <param name="start">The place of the first among all that are measured.</param>
    public void Translate(TranslationPass pass, ReadOnlySpan<int> rows, int start)
    {
        var targets = (SequenceTargets)data.Targets;
        int[] most = new int[rows.Length];
        for (int k = 0; k < rows.Length; k++)
            most[k] = 2 * targets.Of(rows[k]).Length + Allowance;
        var search = new BeamSearch(new TranslationHypotheses(network, pass), new SearchSettings(BeamSize: 1),
            keepsAttention: false);
        FoundSequence[][] found = search.Run(rows.Length, (uint)targets.Boundary, k => most[k]);
        lock (_translations)
        {
            while (_translations.Count < start + rows.Length)
                _translations.Add(null);
            for (int k = 0; k < rows.Length; k++)
                _translations[start + k] = found[k] is [var best, ..] ? best.Tokens : [];
        }
    }

    /// <summary>The figures of all rows.</summary>
    /// <param name="metrics">Those that there are.</param>
    /// <param name="rowAt">The row at a place.</param>
    public ValidationMetrics Complete(ValidationMetrics metrics, Func<int, int> rowAt)
    {
        var rates = new ErrorRates();
        var bleu = new Bleu(BleuTokenization.None);
        for (int place = 0; place < _translations.Count; place++)
        {
            int[] given = Array.ConvertAll(_translations[place]!, token => (int)token);
            int[] wanted = Array.ConvertAll(data.Labels(rowAt(place)).ToArray(), token => (int)token);
            rates.Add<int>(given, wanted);
            bleu.Add(given, wanted);
        }
        return metrics with
        {
            TokenErrorRate = rates.TokenErrorRate,
            SequenceErrorRate = rates.SequenceErrorRate,
            Bleu = bleu.Score,
        };
    }
}
