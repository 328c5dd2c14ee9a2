using SequenceModels.Networks;
using SequenceModels.Sequences;

namespace SequenceModels.Training;

/// <summary>
/// Compares the sequences that a network makes of rows with their labels. Batches are read on several threads, and counted in the
/// order of their rows.
/// </summary>
/// <param name="data">The rows.</param>
/// <param name="hasBleu">Whether sequences are texts, of which BLEU tells something.</param>
internal abstract class SequenceMeasurement(SequenceDataset data, bool hasBleu)
{
    /// <summary>By place among the measured rows.</summary>
    private readonly List<uint[]?> _found = [];

    protected SequenceDataset Data => data;

    /// <summary>What a network is measured by beside its loss; null: it makes no sequences.</summary>
    public static SequenceMeasurement? For(Network network, SequenceDataset data) => network switch
    {
        TranslationNetwork translating => new TranslationMeasurement(translating, data),
        EncoderNetwork { Spec.Output.Head: Heads.HeadKind.Ctc } => new TranscriptionMeasurement(data),
        _ => null,
    };

    /// <summary>Takes the rows of a batch.</summary>
    /// <param name="pass">Has read and measured them.</param>
    /// <param name="rows">Which, longest first.</param>
    /// <param name="start">The place of the first among all that are measured.</param>
    public void Take(NetworkPass pass, ReadOnlySpan<int> rows, int start)
    {
        uint[][] found = Read(pass, rows);
        lock (_found)
        {
            while (_found.Count < start + rows.Length)
                _found.Add(null);
            for (int k = 0; k < rows.Length; k++)
                _found[start + k] = found[k];
        }
    }

    /// <summary>The figures of all rows.</summary>
    /// <param name="metrics">Those that there are.</param>
    /// <param name="rowAt">The row at a place.</param>
    public ValidationMetrics Complete(ValidationMetrics metrics, Func<int, int> rowAt)
    {
        var rates = new ErrorRates();
        var bleu = new Bleu(BleuTokenization.None);
        for (int place = 0; place < _found.Count; place++)
        {
            int[] given = Array.ConvertAll(_found[place]!, token => (int)token);
            int[] wanted = Array.ConvertAll(data.Labels(rowAt(place)).ToArray(), token => (int)token);
            rates.Add<int>(given, wanted);
            if (hasBleu)
                bleu.Add(given, wanted);
        }
        return metrics with
        {
            TokenErrorRate = rates.TokenErrorRate,
            SequenceErrorRate = rates.SequenceErrorRate,
            Bleu = hasBleu ? bleu.Score : null,
        };
    }

    /// <summary>The sequence of each row of a batch.</summary>
    protected abstract uint[][] Read(NetworkPass pass, ReadOnlySpan<int> rows);
}
