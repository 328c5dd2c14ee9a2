using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;

namespace SequenceModels.Tagging;

/// <summary>A column with a tag for each token: a vector of keys, or of the tags themselves as texts.</summary>
internal sealed class TagColumn
{
    /// <summary>In place of a tag: nobody gave this token one.</summary>
    public const uint NoTag = uint.MaxValue;

    private readonly SequenceColumn? _keys;
    private readonly string _padding;
    private readonly Dictionary<string, uint> _numbers = [];

    /// <summary>Finds the column; reads the rows once where it is of texts, for the tags that there are.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is missing or of another type.</exception>
    public TagColumn(IDataView data, string name)
    {
        Column = data.Schema.Find(name, ColumnRule.Tags);
        _padding = Column.Annotations.TextOrNull(AnnotationNames.SequencePadding) ?? "";
        if (((VectorDataViewType)Column.Type).ItemType is TextDataViewType)
        {
            Names = ReadNames(data);
            for (int i = 0; i < Names.Length; i++)
                _numbers[Names[i]] = (uint)i + 1;
            return;
        }
        _keys = SequenceColumn.Bind(data.Schema, name);
        (Names, HasNames) = NamesOf(Column);
    }

    public DataViewSchema.Column Column { get; }

    /// <summary>The tags from 1 on; of keys that stand for nothing, their numbers.</summary>
    public string[] Names { get; }

    /// <summary>Whether these are all tags that the column could have; of texts there may be others that did not occur.</summary>
    public bool KnowsAll => _keys is not null;

    /// <summary>Whether the tags are more than numbers of keys.</summary>
    public bool HasNames { get; } = true;

    /// <summary>The tags of a column of keys; false: its keys stand for nothing, and the tags are their numbers.</summary>
    public static (string[] Names, bool AreNames) NamesOf(DataViewSchema.Column column)
    {
        string[] names = TokenNames.Texts(column);
        int count = checked((int)((KeyDataViewType)((VectorDataViewType)column.Type).ItemType).Count);
        return names.Length > 0 ? (names, true)
            : ([.. Enumerable.Range(1, count).Select(key => key.ToString(CultureInfo.InvariantCulture))], false);
    }

    /// <summary>
    /// Reads the tags of the row that a cursor stands on: numbers from 1; 0, a key that is missing, for a tag that is not known;
    /// <see cref="NoTag"/> of an empty text, and where the column was filled up. Good until the next call.
    /// </summary>
    public Func<ReadOnlyMemory<uint>> CreateReader(DataViewRow row) =>
        _keys is not null ? OfKeys(_keys.CreateReader(row)) : OfTexts(row);

    private Func<ReadOnlyMemory<uint>> OfKeys(SequenceReader reader)
    {
        uint[] tags = [];
        return () =>
        {
            reader.Read();
            if (tags.Length < reader.Length)
                tags = new uint[reader.Length];
            Span<uint> row = tags.AsSpan(0, reader.Length);
            reader.Tokens.CopyTo(row);
            for (int t = row.Length - 1; t >= 0 && row[t] == 0 && _padding == nameof(SequenceSide.End); t--)
                row[t] = NoTag;
            for (int t = 0; t < row.Length && row[t] == 0 && _padding == nameof(SequenceSide.Start); t++)
                row[t] = NoTag;
            return tags.AsMemory(0, reader.Length);
        };
    }

    private Func<ReadOnlyMemory<uint>> OfTexts(DataViewRow row)
    {
        ValueGetter<VBuffer<ReadOnlyMemory<char>>> get = row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(Column);
        Dictionary<string, uint>.AlternateLookup<ReadOnlySpan<char>> numbers = _numbers.GetAlternateLookup<ReadOnlySpan<char>>();
        VBuffer<ReadOnlyMemory<char>> texts = default;
        uint[] tags = [];
        return () =>
        {
            get(ref texts);
            if (tags.Length < texts.Length)
                tags = new uint[texts.Length];
            int t = 0;
            foreach (ReadOnlyMemory<char> text in texts.DenseValues())
                tags[t++] = text.IsEmpty ? NoTag : numbers[text.Span];
            return tags.AsMemory(0, t);
        };
    }

    private string[] ReadNames(IDataView data)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        using DataViewRowCursor cursor = data.GetRowCursor([Column]);
        ValueGetter<VBuffer<ReadOnlyMemory<char>>> get = cursor.GetGetter<VBuffer<ReadOnlyMemory<char>>>(Column);
        VBuffer<ReadOnlyMemory<char>> texts = default;
        while (cursor.MoveNext())
        {
            get(ref texts);
            foreach (ReadOnlyMemory<char> text in texts.GetValues())
                if (!text.IsEmpty)
                    names.Add(text.ToString());
        }
        return [.. names];
    }
}
