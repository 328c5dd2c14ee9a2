using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using SequenceModels;
using SequenceModels.Columns;
using SequenceModels.Interop;
using SequenceModels.Sequences;

[assembly: LoadableClass(typeof(SequenceTokenizingTransformer), typeof(SequenceTokenizingTransformer), null,
    typeof(SignatureLoadModel), "", SequenceTokenizingTransformer.LoaderSignature)]

namespace SequenceModels;

/// <summary>Learns a vocabulary and turns texts into sequences of its keys.</summary>
public sealed class SequenceTokenizingEstimator : IEstimator<SequenceTokenizingTransformer>
{
    private readonly IHost _host;
    private readonly string _outputColumnName, _inputColumnName;
    private readonly SequenceTokenization _tokenization;

    internal SequenceTokenizingEstimator(IHostEnvironment environment, string outputColumnName, string? inputColumnName,
        SequenceTokenization? tokenization)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        _host = environment.Register(nameof(SequenceTokenizingEstimator));
        _outputColumnName = outputColumnName;
        _inputColumnName = inputColumnName ?? outputColumnName;
        _tokenization = (tokenization ?? SequenceTokenization.Words()).Validated();
    }

    /// <summary>Reads the texts once and learns their vocabulary.</summary>
    /// <param name="input">The training rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing or holds no text.</exception>
    /// <exception cref="InvalidOperationException">There is no token to learn.</exception>
    public SequenceTokenizingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using IChannel channel = _host.Start("Learning the vocabulary");
        DataViewSchema.Column column = input.Schema.Find(_inputColumnName, ColumnRule.Text);
        var counts = new TokenCounts();
        var preparation = new TextPreparation(_tokenization.Kind, _tokenization.Lowercase);
        using (DataViewRowCursor cursor = input.GetRowCursor([column]))
        {
            Action count = column.Type is VectorDataViewType ? CountTokens(cursor, column) : CountText(cursor, column);
            while (cursor.MoveNext())
                count();
        }
        IReadOnlyList<string> tokens = counts.MostFrequent(_tokenization.MaximumVocabularySize, _tokenization.MinimumCount);
        if (tokens.Count == 0)
            throw new InvalidOperationException($"Column '{_inputColumnName}' has no token that occurs at least " +
                $"{_tokenization.MinimumCount} time(s): there is no vocabulary to learn. Give it texts, or a lower " +
                $"{nameof(SequenceTokenization)}.{nameof(SequenceTokenization.MinimumCount)}.");
        channel.Info(MessageSensitivity.None, "'{0}': {1} of {2} tokens learned", _inputColumnName, tokens.Count, counts.Count);
        var vocabulary = new Vocabulary(_tokenization.StartToken, _tokenization.EndToken, tokens);
        return new SequenceTokenizingTransformer(_host, _outputColumnName, _inputColumnName, new SequenceTokenizer(_tokenization, vocabulary));

        Action CountText(DataViewRow row, DataViewSchema.Column source)
        {
            ValueGetter<ReadOnlyMemory<char>> get = row.GetGetter<ReadOnlyMemory<char>>(source);
            ReadOnlyMemory<char> text = default;
            return () =>
            {
                get(ref text);
                var ranges = new TokenRanges(preparation.Prepare(text.Span), _tokenization.Kind);
                while (ranges.MoveNext())
                    counts.Add(ranges.Current);
            };
        }

        Action CountTokens(DataViewRow row, DataViewSchema.Column source)
        {
            ValueGetter<VBuffer<ReadOnlyMemory<char>>> get = row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(source);
            VBuffer<ReadOnlyMemory<char>> texts = default;
            return () =>
            {
                get(ref texts);
                foreach (ReadOnlyMemory<char> token in texts.GetValues())
                    if (!token.IsEmpty)
                        counts.Add(preparation.Prepare(token.Span));
            };
        }
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        inputSchema.Find(_inputColumnName, ColumnRule.Text);
        return inputSchema.With(SequenceTokenizingTransformer.Column(_outputColumnName, ["".AsMemory()]));
    }
}

/// <summary>
/// A learned vocabulary at work: text, or a vector of tokens cut already, becomes a vector of keys of variable length (0 = unknown)
/// whose KeyValues are the tokens.
/// </summary>
public sealed class SequenceTokenizingTransformer : RowTransformer
{
    internal const string LoaderSignature = "SequenceTokenizing";
    private static readonly ModelFormat Format = new("SEQTOKEN", 1, LoaderSignature);

    private readonly string _outputColumnName, _inputColumnName;
    private readonly SequenceTokenizer _tokenizer;
    private readonly ReadOnlyMemory<char>[] _tokens;

    internal SequenceTokenizingTransformer(IHostEnvironment environment, string outputColumnName, string inputColumnName,
        SequenceTokenizer tokenizer) : base(environment, nameof(SequenceTokenizingTransformer))
    {
        _outputColumnName = outputColumnName;
        _inputColumnName = inputColumnName;
        _tokenizer = tokenizer;
        _tokens = [.. tokenizer.Vocabulary.Tokens.Select(token => token.AsMemory())];
    }

    /// <summary>The tokens of keys 1, 2, ..., special tokens first.</summary>
    public IReadOnlyList<string> Vocabulary => _tokenizer.Vocabulary.Tokens;

    internal string OutputColumnName => _outputColumnName;

    internal SequenceTokenizer Tokenizer => _tokenizer;

    /// <summary>How texts are cut.</summary>
    public SequenceTokenization Tokenization => _tokenizer.Tokenization;

    internal static DataViewSchema.DetachedColumn Column(string name, ReadOnlyMemory<char>[] tokens)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddTexts(AnnotationNames.KeyValues, tokens);
        return new(name, new VectorDataViewType(new KeyDataViewType(typeof(uint), tokens.Length)), annotations.ToAnnotations());
    }

    private protected override RowMapper Bind(DataViewSchema inputSchema)
    {
        DataViewSchema.Column input = inputSchema.Find(_inputColumnName, ColumnRule.Text);
        return new ColumnMapper(inputSchema, input, Column(_outputColumnName, _tokens), row => MakeGetter(row, input));
    }

    private ValueGetter<VBuffer<uint>> MakeGetter(DataViewRow row, DataViewSchema.Column input)
    {
        TextPreparation preparation = _tokenizer.CreatePreparation();
        var keys = new List<uint>();
        if (input.Type is VectorDataViewType)
        {
            ValueGetter<VBuffer<ReadOnlyMemory<char>>> getTokens = row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(input);
            VBuffer<ReadOnlyMemory<char>> texts = default, dense = default;
            return (ref VBuffer<uint> value) =>
            {
                getTokens(ref texts);
                texts.CopyToDense(ref dense);
                _tokenizer.Encode(dense.GetValues(), preparation, keys);
                Store(keys, ref value);
            };
        }
        ValueGetter<ReadOnlyMemory<char>> getText = row.GetGetter<ReadOnlyMemory<char>>(input);
        ReadOnlyMemory<char> text = default;
        return (ref VBuffer<uint> value) =>
        {
            getText(ref text);
            _tokenizer.Encode(text.Span, preparation, keys);
            Store(keys, ref value);
        };
    }

    private static void Store(List<uint> keys, ref VBuffer<uint> value)
    {
        VBufferEditor<uint> editor = VBufferEditor.Create(ref value, keys.Count);
        keys.CopyTo(editor.Values);
        value = editor.Commit();
    }

    private protected override void Save(ModelSaveContext context) => ModelStreams.Save(context, Format, writer =>
    {
        writer.Write(_outputColumnName);
        writer.Write(_inputColumnName);
        _tokenizer.Write(writer);
    });

    // Found by its name and parameters when a model file is loaded.
    private static SequenceTokenizingTransformer Create(IHostEnvironment environment, object context) =>
        ModelStreams.Load(context, Format, reader => new SequenceTokenizingTransformer(environment, reader.ReadString(), reader.ReadString(),
            SequenceTokenizer.Read(reader)));
}
