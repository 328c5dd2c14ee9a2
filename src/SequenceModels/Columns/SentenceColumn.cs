using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Text;

namespace SequenceModels.Columns;

/// <summary>A column with a sentence: a vector of keys that stand for texts, of the texts themselves, or one text.</summary>
internal sealed class SentenceColumn
{
    private readonly SequenceColumn? _keys; // null: texts
    private readonly List<string> _tokens = []; // of keys 1, 2, ...; texts get theirs as they come
    private readonly Dictionary<string, uint> _keysOfTexts = [];

    /// <exception cref="ArgumentOutOfRangeException">It is missing or of another type.</exception>
    public SentenceColumn(IDataView data, string name)
    {
        Column = data.Schema.Find(name, ColumnRule.Sentences);
        Joining = TokenNames.JoiningOf(Column);
        IsText = Column.Type is TextDataViewType;
        if (IsText || ((VectorDataViewType)Column.Type).ItemType is TextDataViewType)
            return;
        _keys = SequenceColumn.Bind(data.Schema, name);
        _tokens = [.. TokenNames.Texts(Column)];
    }

    public DataViewSchema.Column Column { get; }

    /// <summary>Whether it is one text, which has no tokens of its own.</summary>
    public bool IsText { get; }

    /// <summary>How its tokens become a text again, where the column tells.</summary>
    public Detokenization? Joining { get; }

    /// <summary>Reads the sentence of the row that a cursor stands on. Good until the next call.</summary>
    /// <param name="row">The cursor.</param>
    /// <param name="joining">How the tokens become a text.</param>
    /// <param name="unknown">What stands for a token that is unknown, a character by itself.</param>
    public Func<Sentence> CreateReader(DataViewRow row, Detokenization joining, char unknown)
    {
        if (IsText)
            return OfText(row);
        Func<ReadOnlyMemory<uint>> read = _keys is null ? OfTexts(row) : OfKeys(_keys, row);
        var detokenizer = new Detokenizer(joining, _tokens);
        string unknownToken = unknown.ToString();
        return () =>
        {
            ReadOnlySpan<uint> keys = read().Span;
            var tokens = new List<string>(keys.Length);
            int unknowns = 0;
            foreach (uint key in keys)
            {
                if (key > 0 && key <= joining.SpecialTokens)
                    continue;
                bool isKnown = key > 0 && key <= _tokens.Count;
                unknowns += isKnown ? 0 : 1;
                tokens.Add(isKnown ? _tokens[(int)key - 1] : unknownToken);
            }
            return new Sentence([.. tokens], detokenizer.TextOf(keys).Replace(Detokenizer.Unknown[0], unknown), unknowns);
        };
    }

    /// <summary>Without tokens.</summary>
    private Func<Sentence> OfText(DataViewRow row)
    {
        ValueGetter<ReadOnlyMemory<char>> get = row.GetGetter<ReadOnlyMemory<char>>(Column);
        ReadOnlyMemory<char> text = default;
        return () =>
        {
            get(ref text);
            return new Sentence([], text.ToString(), Unknown: 0);
        };
    }

    private static Func<ReadOnlyMemory<uint>> OfKeys(SequenceColumn column, DataViewRow row)
    {
        SequenceReader reader = column.CreateReader(row);
        return () =>
        {
            reader.Read();
            return (column.IsPadded ? reader.Tokens.Trim(0u) : reader.Tokens).ToArray();
        };
    }

    /// <summary>Empty texts are no tokens.</summary>
    private Func<ReadOnlyMemory<uint>> OfTexts(DataViewRow row)
    {
        ValueGetter<VBuffer<ReadOnlyMemory<char>>> get = row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(Column);
        VBuffer<ReadOnlyMemory<char>> texts = default;
        return () =>
        {
            get(ref texts);
            var keys = new List<uint>(texts.Length);
            foreach (ReadOnlyMemory<char> text in texts.GetValues())
            {
                if (text.IsEmpty)
                    continue;
                string token = text.ToString();
                if (!_keysOfTexts.TryGetValue(token, out uint key))
                {
                    _tokens.Add(token);
                    _keysOfTexts.Add(token, key = (uint)_tokens.Count);
                }
                keys.Add(key);
            }
            return keys.ToArray();
        };
    }
}

/// <summary>The sentence of a row.</summary>
/// <param name="Tokens">Without special tokens.</param>
/// <param name="Text">What they join to.</param>
/// <param name="Unknown">How many tokens are unknown.</param>
internal readonly record struct Sentence(string[] Tokens, string Text, int Unknown);
