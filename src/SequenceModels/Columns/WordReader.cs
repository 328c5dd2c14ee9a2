using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Sequences;
using SequenceModels.Text;

namespace SequenceModels.Columns;

/// <summary>
/// Reads a vector of words. What a data set gets of each is the number of its parts' keys in the set's table of words.
/// </summary>
internal sealed class WordReader(SequenceColumn column, DataViewRow row) : SequenceReader(column, row)
{
    private readonly ValueGetter<VBuffer<ReadOnlyMemory<char>>> _get =
        row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(column.Column);
    private readonly IWordParts _parts = column.Parts!;
    private readonly List<uint> _keys = [];
    private VBuffer<ReadOnlyMemory<char>> _sparse, _words;

    public override void Read()
    {
        _get(ref _sparse);
        _sparse.CopyToDense(ref _words);
        Length = _words.Length;
        Grow(ref TokenBuffer, Length).Clear(); // their numbers are known once they are put somewhere
    }

    public override void SetIn(SequenceDataset data, int feature)
    {
        ReadOnlySpan<ReadOnlyMemory<char>> words = _words.GetValues();
        for (int t = 0; t < words.Length; t++)
        {
            _parts.Find(words[t].Span, _keys);
            TokenBuffer[t] = data.WordOf(feature, CollectionsMarshal.AsSpan(_keys));
        }
        data.Set(feature, Tokens);
    }
}
