using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceModels.Columns;

/// <summary>A cursor over another's rows: at their positions and with their ids, unless a derived one says otherwise.</summary>
/// <param name="input">The other; disposed with this one.</param>
internal abstract class ForwardingCursor(DataViewRowCursor input) : DataViewRowCursor
{
    private bool _isDisposed;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override bool MoveNext() => input.MoveNext();

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
            input.Dispose();
        _isDisposed = true;
        base.Dispose(disposing);
    }
}
