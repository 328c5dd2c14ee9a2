using System.Runtime.InteropServices;
using Microsoft.ML;
using SequenceModels.Sequences;
using SequenceModels.Text;

namespace SequenceModels.Columns;

/// <summary>Reads a text: its tokens are the steps, and its n-grams what the row has as a whole.</summary>
internal sealed class TextReader : SequenceReader
{
    private readonly ValueGetter<ReadOnlyMemory<char>> _get;
    private readonly SequenceTokenizer _tokenizer;
    private readonly TextEncoder _encoder;
    private readonly NGramEncoder? _ngrams;
    private readonly int _ngramCount;
    private readonly List<uint> _keys = [];
    private readonly List<int> _slots = [];
    private readonly List<float> _values = [];
    private ReadOnlyMemory<char> _text;

    /// <param name="column">Of texts.</param>
    /// <param name="row">A row or cursor.</param>
    public TextReader(SequenceColumn column, DataViewRow row) : base(column, row)
    {
        TextFeatures text = column.Text!;
        _get = row.GetGetter<ReadOnlyMemory<char>>(column.Column);
        _tokenizer = text.Tokenizer;
        _encoder = _tokenizer.CreateEncoder();
        _ngramCount = text.NGrams.Count;
        _ngrams = _ngramCount > 0 ? new NGramEncoder(text.NGrams) : null;
    }

    /// <summary>The text that was read last.</summary>
    public ReadOnlyMemory<char> Text => _text;

    public override void Read()
    {
        _get(ref _text);
        _tokenizer.Encode(_text.Span, _encoder, _keys);
        Length = _keys.Count;
        _keys.CopyTo(Grow(ref TokenBuffer, Length));
        _ngrams?.Encode(_text.Span);
    }

    /// <summary>Gives the row that a data set closes next its n-grams, and behind them what it has in another column.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="column">Reads that column; null: there is none.</param>
    public void SetRowFeatures(SequenceDataset data, RowFeatureReader? column)
    {
        if (_ngrams is null || column is null)
        {
            if (_ngrams is not null)
                data.RowFeatures.Set(_ngrams.Slots, _ngrams.Values);
            column?.SetIn(data);
            return;
        }
        _slots.Clear();
        _values.Clear();
        _slots.AddRange(_ngrams.Slots);
        _values.AddRange(_ngrams.Values);
        column.AddTo(_slots, _values, firstSlot: _ngramCount);
        data.RowFeatures.Set(CollectionsMarshal.AsSpan(_slots), CollectionsMarshal.AsSpan(_values));
    }
}
