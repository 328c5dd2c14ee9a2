using Microsoft.ML;

namespace SequenceModels.Scoring;

/// <summary>
/// The scores of the row that a cursor stands on. Score, Probability and PredictedLabel ask here, and the network runs once for
/// all of them. One per cursor: it holds the cursor's scratch memory.
/// </summary>
/// <param name="row">The row or cursor.</param>
/// <param name="count">K, the number of scores.</param>
/// <param name="score">Scores the row as it stands.</param>
internal sealed class RowScores(DataViewRow row, int count, Action<Span<float>> score)
{
    private readonly float[] _scores = new float[count];
    private long? _position;

    /// <summary>[K] scores; valid until the cursor moves.</summary>
    public ReadOnlySpan<float> Compute()
    {
        if (row.Position == _position)
            return _scores;
        _position = null; // should scoring throw, no getter may take what is left of the row before
        score(_scores);
        _position = row.Position;
        return _scores;
    }
}
