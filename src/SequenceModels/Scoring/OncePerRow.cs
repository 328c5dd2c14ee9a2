using Microsoft.ML;

namespace SequenceModels.Scoring;

/// <summary>Work that is done once for each row that a cursor stands on, however many columns ask for what comes of it.</summary>
/// <param name="row">The row or cursor.</param>
/// <param name="work">What to do for the row as it stands.</param>
internal sealed class OncePerRow(DataViewRow row, Action work)
{
    private long? _position;

    /// <summary>Does the work, unless it was done for this row.</summary>
    public void Do()
    {
        if (row.Position == _position)
            return;
        _position = null; // where the work throws, no getter may take what is left of the row before
        work();
        _position = row.Position;
    }
}
