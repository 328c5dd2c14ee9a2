using SequenceModels.Networks;
using SequenceModels.Sequences;

namespace SequenceModels.Training;

/// <summary>
/// How well a network translates by itself, the likeliest token being taken each time. Batches are translated on several
/// threads.
/// </summary>
/// <param name="network">Its weights of the moment are measured.</param>
/// <param name="data">The rows.</param>
internal sealed class TranslationMeasurement(TranslationNetwork network, SequenceDataset data)
    : SequenceMeasurement(data, hasBleu: true)
{
    /// <summary>What a translation may have more than twice the tokens of its label, before it is cut.</summary>
    private const int Allowance = 10;

    protected override uint[][] Read(NetworkPass pass, ReadOnlySpan<int> rows)
    {
        var targets = (SequenceTargets)Data.Targets;
        int[] most = new int[rows.Length];
        for (int k = 0; k < rows.Length; k++)
            most[k] = 2 * targets.Of(rows[k]).Length + Allowance;
        var search = new BeamSearch(new TranslationHypotheses(network, (TranslationPass)pass), new SearchSettings(BeamSize: 1),
            keepsAttention: false);
        FoundSequence[][] found = search.Run(rows.Length, (uint)targets.Boundary, k => most[k]);
        return Array.ConvertAll(found, answers => answers is [var best, ..] ? best.Tokens : []);
    }
}
