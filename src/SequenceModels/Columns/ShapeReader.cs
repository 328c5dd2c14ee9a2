using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Text;

namespace SequenceModels.Columns;

/// <summary>Reads a vector of words by their shapes.</summary>
internal sealed class ShapeReader(SequenceColumn column, DataViewRow row) : SequenceReader(column, row)
{
    private readonly ValueGetter<VBuffer<ReadOnlyMemory<char>>> _get =
        row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(column.Column);
    private VBuffer<ReadOnlyMemory<char>> _sparse, _words;

    public override void Read()
    {
        _get(ref _sparse);
        _sparse.CopyToDense(ref _words);
        Length = _words.Length;
        Span<uint> shapes = Grow(ref TokenBuffer, Length);
        ReadOnlySpan<ReadOnlyMemory<char>> words = _words.GetValues();
        for (int t = 0; t < words.Length; t++)
            shapes[t] = WordShape.Of(words[t].Span);
    }
}
