using SequenceModels.Networks;
using SequenceModels.Sequences;

namespace SequenceModels.Training;

/// <summary>How well a network transcribes by itself, the likeliest output of each step being taken.</summary>
/// <param name="data">The rows.</param>
internal sealed class TranscriptionMeasurement(SequenceDataset data) : SequenceMeasurement(data, hasBleu: false)
{
    protected override uint[][] Read(NetworkPass pass, ReadOnlySpan<int> rows)
    {
        var found = new uint[rows.Length][];
        var path = new BestPath();
        for (int k = 0; k < rows.Length; k++)
        {
            path.Clear();
            for (int t = 0; t < pass.Batch.Length(k); t++)
                path.Add((int)pass.Decisions[pass.Batch.Offset(t) + k]);
            found[k] = [.. path.Tokens];
        }
        return found;
    }
}
