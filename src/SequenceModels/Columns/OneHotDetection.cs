using Microsoft.ML;

namespace SequenceModels.Columns;

/// <summary>
/// Tells whether a column of dimensions [*, V] without the annotation SequenceKind holds one-hot steps: each has at most one
/// active value, and that is 1. ML.NET's own OneHotEncoding leaves no other trace of what it made.
/// </summary>
internal static class OneHotDetection
{
    /// <summary>Reads rows until one tells that the steps are frames; real frames mostly do so in the first row.</summary>
    public static bool IsOneHot(IDataView data, SequenceColumn column)
    {
        using DataViewRowCursor cursor = data.GetRowCursor([column.Column]);
        var reader = new OneHotReader(column, cursor);
        while (cursor.MoveNext())
            if (!reader.TryRead(out _))
                return false;
        return true;
    }
}
