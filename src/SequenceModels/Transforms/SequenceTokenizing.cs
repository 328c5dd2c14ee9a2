using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using SequenceModels;
using SequenceModels.Columns;
using SequenceModels.Interop;
using SequenceModels.Text;
using SequenceModels.Transforms;

[assembly: LoadableClass(typeof(SequenceTokenizingTransformer), typeof(SequenceTokenizingTransformer), null,
    typeof(SignatureLoadModel), "", SequenceTokenizingTransformer.LoaderSignature)]

namespace SequenceModels;

/// <summary>Learns a vocabulary and turns texts into sequences of its keys.</summary>
public sealed class SequenceTokenizingEstimator : IEstimator<SequenceTokenizingTransformer>
{
    private readonly IHost _host;
    private readonly TokenColumns _columns;
    private readonly SequenceTokenization _tokenization;
    private readonly bool _isGiven;

    internal SequenceTokenizingEstimator(IHostEnvironment environment, TokenColumns columns, SequenceTokenization? tokenization)
    {
        _host = environment.Register(nameof(SequenceTokenizingEstimator));
        _isGiven = tokenization is not null;
        _tokenization = (tokenization ?? SequenceTokenization.Words()).Validated();
        _columns = columns.Validated(_tokenization);
    }

    /// <summary>Reads the texts once and learns their vocabulary, where files do not give it.</summary>
    /// <param name="input">The training rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing or holds no text.</exception>
    /// <exception cref="InvalidOperationException">There is no token to learn.</exception>
    public SequenceTokenizingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using IChannel channel = _host.Start("Learning the vocabulary");
        DataViewSchema.Column column = _columns.FindInput(input.Schema, _tokenization.Kind);
        TokenizerLearner learning = Learn(input, column, channel);
        SequenceTokenization tokenization = learning.Tokenization;
        SequenceTokenizer tokenizer = learning.Finish() ??
            throw new InvalidOperationException($"Column '{_columns.Input}' has no token that occurs at least " +
                $"{Counted.Of(tokenization.MinimumCount, "time")}: there is no vocabulary to learn. Give it texts, or a lower " +
                $"{nameof(SequenceTokenization)}.{nameof(SequenceTokenization.MinimumCount)}.");
        int tokens = tokenizer.Vocabulary.Tokens.Count - tokenization.NumberOfSpecialTokens;
        if (tokenization.IsComplete)
            channel.Info(MessageSensitivity.None, "'{0}': {1}, from files", _columns.Input, Counted.Of(tokens, "token"));
        else if (tokenization.Kind == TokenKind.Subwords)
            channel.Info(MessageSensitivity.None, "'{0}': {1} learned from {2}", _columns.Input, Counted.Of(tokens, "token"),
                Counted.Of(learning.Seen, "word"));
        else
            channel.Info(MessageSensitivity.None, "'{0}': {1} of {2} learned", _columns.Input, InvariantText.Of(tokens),
                Counted.Of(learning.Seen, "token"));
        if (learning.LeftOut is { Tokens: > 0 } cut)
            channel.Info(MessageSensitivity.None, "{0}", Invariant($"'{_columns.Input}': ") +
                Invariant($"{nameof(tokenization.MaximumVocabularySize)} = {tokenization.MaximumVocabularySize} leaves out ") +
                Invariant($"{Counted.Of(cut.Tokens, "token")}, {cut.Share:P2} of the text: they become unknown (key 0)"));
        Warn(channel, learning);
        return new SequenceTokenizingTransformer(_host, _columns with { IsVector = column.Type is VectorDataViewType },
            tokenizer);
    }

    /// <summary>
    /// Learns as is asked for; where nothing is, and texts are not cut yet, words, subwords or characters, as the texts turn out
    /// to be.
    /// </summary>
    private TokenizerLearner Learn(IDataView input, DataViewSchema.Column column, IChannel channel)
    {
        if (!_isGiven && column.Type is not VectorDataViewType)
        {
            var fitting = new TokenKindLearner();
            Read(input, column, fitting.Add);
            TokenizerLearner taken = fitting.Taken;
            if (fitting.Rare is { AreMany: true } rare)
                channel.Info(MessageSensitivity.None, "{0}",
                    Invariant($"Column '{_columns.Input}': {rare.Once} of {rare.Words} words occur a single time, so that ") +
                    (taken.Tokenization.Kind == TokenKind.Characters ? "characters" : "subwords") +
                    $" are learned in place of words. A {nameof(SequenceTokenization)} says otherwise.");
            return taken;
        }
        var learning = new TokenizerLearner(_tokenization);
        if (_tokenization.IsComplete)
            return learning;
        if (column.Type is VectorDataViewType)
            ReadTokens(input, column, learning);
        else
            Read(input, column, learning.Add);
        return learning;
    }

    private void Warn(IChannel channel, TokenizerLearner learning)
    {
        EmptyElements.Warn(channel, _columns.Input, learning.EmptyTokens, learning.RowsWithEmptyTokens);
        if (learning.Rare is { IsNearlyAll: true } rare)
            channel.Warning(MessageSensitivity.None, "{0}",
                Invariant($"Column '{_columns.Input}': {rare.Once} of {rare.Words} words that ") +
                $"{nameof(SequenceTokenization)}.{_tokenization.Kind} found occur a single time, so what is learned of them " +
                $"serves no other text. Take {nameof(SequenceTokenization)}.{nameof(SequenceTokenization.Characters)} for " +
                "texts without spaces between words, such as Chinese and Japanese, " +
                $"{nameof(SequenceTokenization)}.{nameof(SequenceTokenization.Subwords)} for languages of many word forms, or " +
                "more texts.");
    }

    private static void ReadTokens(IDataView input, DataViewSchema.Column column, TokenizerLearner learning)
    {
        using DataViewRowCursor cursor = input.GetRowCursor([column]);
        ValueGetter<VBuffer<ReadOnlyMemory<char>>> getTokens = cursor.GetGetter<VBuffer<ReadOnlyMemory<char>>>(column);
        VBuffer<ReadOnlyMemory<char>> tokens = default;
        while (cursor.MoveNext())
        {
            getTokens(ref tokens);
            learning.AddTokens(tokens.GetValues(), tokens.Length - tokens.GetValues().Length);
        }
    }

    private static void Read(IDataView input, DataViewSchema.Column column, Action<ReadOnlySpan<char>> add)
    {
        using DataViewRowCursor cursor = input.GetRowCursor([column]);
        ValueGetter<ReadOnlyMemory<char>> getText = cursor.GetGetter<ReadOnlyMemory<char>>(column);
        ReadOnlyMemory<char> text = default;
        while (cursor.MoveNext())
        {
            getText(ref text);
            add(text.Span);
        }
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _columns.FindInput(inputSchema, _tokenization.Kind);
        return inputSchema.With(_columns.Outputs(["".AsMemory()], default));
    }
}

/// <summary>
/// A learned vocabulary at work: text, or a vector of tokens cut already, becomes a vector of keys of variable length (0 =
/// unknown) whose KeyValues are the tokens.
/// </summary>
/// <remarks>
/// The annotation SequenceDetokenization tells <c>DetokenizeSequence</c> how keys become a text again.
/// </remarks>
public sealed class SequenceTokenizingTransformer : RowTransformer
{
    internal const string LoaderSignature = "SequenceTokenizing";
    private static readonly ModelFormat Format = new("SEQTOKEN", 1, LoaderSignature);

    private readonly TokenColumns _columns;
    private readonly ReadOnlyMemory<char>[] _tokens;

    internal SequenceTokenizingTransformer(IHostEnvironment environment, TokenColumns columns, SequenceTokenizer tokenizer)
        : base(environment, nameof(SequenceTokenizingTransformer))
    {
        _columns = columns;
        Tokenizer = tokenizer;
        _tokens = [.. tokenizer.Vocabulary.Tokens.Select(token => token.AsMemory())];
    }

    /// <summary>The tokens of keys 1, 2, ..., special tokens first.</summary>
    public IReadOnlyList<string> Vocabulary => Tokenizer.Vocabulary.Tokens;

    internal string OutputColumnName => _columns.Output;

    /// <summary>The columns that are added to any data.</summary>
    internal DataViewSchema.DetachedColumn[] Added => _columns.Outputs(_tokens, Tokenizer.Detokenization);

    /// <summary>How texts are cut.</summary>
    public SequenceTokenization Tokenization => Tokenizer.Tokenization;

    /// <summary>From texts to keys, and back.</summary>
    internal SequenceTokenizer Tokenizer { get; }

    private protected override RowMapper Bind(DataViewSchema inputSchema) => new TokenMapper(inputSchema,
        _columns.FindInput(inputSchema, Tokenization.Kind), Added, Tokenizer);

    private protected override void WriteOnnx(PipelineGraph graph, DataViewSchema inputSchema,
        IReadOnlyList<DataViewSchema.Column> added)
    {
        var tokens = new OnnxTokens(graph);
        OnnxSequences keys = _columns.IsVector == true ? tokens.OfTokens(_columns.Input, Tokenizer)
            : tokens.OfTexts(_columns.Input, Tokenizer);
        keys.DefineKeys(added[0].Name, (VectorDataViewType)added[0].Type);
        foreach (DataViewSchema.Column offsets in added.Skip(1))
            graph.LeaveOut(offsets.Name, $"Column '{offsets.Name}' has the places of tokens in a text, which ONNX's tokenizer " +
                "does not tell. Give ConvertToOnnx the names of the columns that are wanted, without it.");
    }

    private protected override void Save(ModelSaveContext context) => ModelStreams.Save(context, Format, writer =>
    {
        _columns.Write(writer);
        Tokenizer.Write(writer);
    });

    // Found by its name and parameters when a model file is loaded.
    private static SequenceTokenizingTransformer Create(IHostEnvironment environment, object context) =>
        ModelStreams.Load(context, Format, reader => new SequenceTokenizingTransformer(environment, TokenColumns.Read(reader),
            SequenceTokenizer.Read(reader)));
}
