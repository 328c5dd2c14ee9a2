using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;
using SequenceModels.Scoring;

namespace SequenceModels.Tagging;

/// <summary>The columns of <see cref="SpanExtractingTransformer"/>.</summary>
/// <param name="Output">The spans' texts; the names of the other added columns begin with it.</param>
/// <param name="Tags">A tag for each token.</param>
/// <param name="Offsets">[T, 2] start and length of each token in the text.</param>
/// <param name="Text">The text.</param>
internal sealed record SpanColumns(string Output, string Tags, string Offsets, string Text)
{
    /// <summary>Texts, types, starts and lengths.</summary>
    public DataViewSchema.DetachedColumn[] Added { get; } =
    [
        new(Output, new VectorDataViewType(TextDataViewType.Instance)),
        new(Output + "Type", new VectorDataViewType(TextDataViewType.Instance)),
        new(Output + "Start", new VectorDataViewType(NumberDataViewType.Int32)),
        new(Output + "Length", new VectorDataViewType(NumberDataViewType.Int32)),
    ];
}

/// <summary>Finds the spans of tags, bound to one schema.</summary>
internal sealed class SpanMapper : RowMapper
{
    private readonly SequenceColumn _tags;
    private readonly DataViewSchema.Column _offsets, _text;
    private readonly TagScheme _scheme;
    private readonly ReadOnlyMemory<char>[] _types;

    public SpanMapper(DataViewSchema inputSchema, SpanColumns columns) : base(inputSchema, columns.Added)
    {
        DataViewSchema.Column tags = inputSchema.Find(columns.Tags, ColumnRule.StepLabels);
        _tags = SequenceColumn.Bind(inputSchema, columns.Tags);
        _offsets = inputSchema.Find(columns.Offsets, ColumnRule.Offsets);
        _text = inputSchema.Find(columns.Text, ColumnRule.SingleText);
        _scheme = TagScheme.Of(TagColumn.NamesOf(tags).Names);
        _types = [.. _scheme.Types.Select(type => type.AsMemory())];
    }

    protected override IEnumerable<int> Inputs(bool[] active) => [_tags.Column.Index, _offsets.Index, _text.Index];

    protected override Delegate?[] MakeGetters(DataViewRow input, bool[] active)
    {
        if (!active.Contains(true))
            return new Delegate?[active.Length];
        var row = new RowSpans(this, input);
        return
        [
            row.Getter((span, text) => text.Slice(span.Start, span.Length)),
            row.Getter((span, _) => _types[span.Type]),
            row.Getter((span, _) => span.Start),
            row.Getter((span, _) => span.Length),
        ];
    }

    /// <summary>A span in the text.</summary>
    private readonly record struct TextSpan(int Type, int Start, int Length);

    /// <summary>
    /// The spans of the row that a cursor stands on, found once for all columns. One per cursor: it holds its scratch memory.
    /// </summary>
    private sealed class RowSpans
    {
        private readonly SpanMapper _mapper;
        private readonly DataViewRow _row;
        private readonly OncePerRow _found;
        private readonly SequenceReader _tags;
        private readonly ValueGetter<VBuffer<int>> _getOffsets;
        private readonly ValueGetter<ReadOnlyMemory<char>> _getText;
        private readonly List<TagSpan> _tokens = [];
        private readonly List<TextSpan> _spans = [];
        private VBuffer<int> _offsets, _dense;
        private ReadOnlyMemory<char> _text;

        public RowSpans(SpanMapper mapper, DataViewRow row)
        {
            (_mapper, _row) = (mapper, row);
            _found = new OncePerRow(row, Find);
            _tags = mapper._tags.CreateReader(row);
            _getOffsets = row.GetGetter<VBuffer<int>>(mapper._offsets);
            _getText = row.GetGetter<ReadOnlyMemory<char>>(mapper._text);
        }

        public ValueGetter<VBuffer<T>> Getter<T>(Func<TextSpan, ReadOnlyMemory<char>, T> part) => (ref VBuffer<T> value) =>
        {
            _found.Do();
            VBufferEditor<T> editor = VBufferEditor.Create(ref value, _spans.Count);
            for (int i = 0; i < _spans.Count; i++)
                editor.Values[i] = part(_spans[i], _text);
            value = editor.Commit();
        };

        private void Find()
        {
            _tags.Read();
            _getOffsets(ref _offsets);
            _offsets.CopyToDense(ref _dense);
            _getText(ref _text);
            if (_dense.Length != 2 * _tags.Length)
                throw Invalid($"{Counted.Of(_dense.Length, "number")} for {Counted.Of(_tags.Length, "tag")}",
                    "There must be a start and a length for each tag: take both columns from the same tokenization.");
            _mapper._scheme.FindSpans(_tags.Tokens, _tokens);
            _spans.Clear();
            foreach (TagSpan span in _tokens)
                _spans.Add(InText(span));
        }

        /// <summary>From the first to the last of its tokens that stand in the text; special tokens take no room there.</summary>
        private TextSpan InText(TagSpan span)
        {
            ReadOnlySpan<int> offsets = _dense.GetValues();
            int start = int.MaxValue, end = 0;
            for (int token = span.First; token < span.First + span.Count; token++)
            {
                (int from, int length) = (offsets[2 * token], offsets[2 * token + 1]);
                if (from < 0 || length < 0 || from > _text.Length - length)
                    throw Invalid(Invariant($"token {token} is said to stand at {from}, {length} long, in a text of ") +
                        Invariant($"{_text.Length} (column '{_mapper._text.Name}')"),
                        "The offsets must be those of this text.");
                if (length > 0)
                    (start, end) = (Math.Min(start, from), Math.Max(end, from + length));
            }
            return end > 0 ? new TextSpan(span.Type, start, end - start) : new TextSpan(span.Type, offsets[2 * span.First], 0);
        }

        private InvalidOperationException Invalid(string what, string mend) =>
            new(Invariant($"Column '{_mapper._offsets.Name}', row {_row.Position} (counted from 0): {what}. {mend}"));
    }
}
