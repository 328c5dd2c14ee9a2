using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using SequenceModels;
using SequenceModels.Columns;
using SequenceModels.Interop;
using SequenceModels.Text;

[assembly: LoadableClass(typeof(SequenceDetokenizingTransformer), typeof(SequenceDetokenizingTransformer), null,
    typeof(SignatureLoadModel), "", SequenceDetokenizingTransformer.LoaderSignature)]

namespace SequenceModels;

/// <summary>Turns sequences of keys back into texts. Learns from the column how its tokens are joined.</summary>
public sealed class SequenceDetokenizingEstimator : StatelessEstimator<SequenceDetokenizingTransformer>
{
    private readonly ColumnPair _columns;

    internal SequenceDetokenizingEstimator(IHostEnvironment environment, ColumnPair columns)
        : base(environment, nameof(SequenceDetokenizingEstimator)) => _columns = columns;

    private protected override SequenceDetokenizingTransformer Make(DataViewSchema schema) => new(Host, _columns,
        TokenNames.JoiningOf(schema.Find(_columns.Input, ColumnRule.NamedKeys))
            ?? new Detokenization(DetokenizationKind.Words, 0));

    private protected override IEnumerable<DataViewSchema.DetachedColumn> AddedColumns(SchemaShape input)
    {
        input.Find(_columns.Input, ColumnRule.NamedKeys);
        return [SequenceDetokenizingTransformer.Column(_columns.Output)];
    }
}

/// <summary>A vector of keys becomes the text that their tokens join to.</summary>
public sealed class SequenceDetokenizingTransformer : RowTransformer
{
    internal const string LoaderSignature = "SequenceDetokenizing";
    private static readonly ModelFormat Format = new("SEQDETOK", 1, LoaderSignature);

    private readonly ColumnPair _columns;
    private readonly Detokenization _rule;

    internal SequenceDetokenizingTransformer(IHostEnvironment environment, ColumnPair columns, Detokenization rule)
        : base(environment, nameof(SequenceDetokenizingTransformer)) => (_columns, _rule) = (columns, rule);

    internal static DataViewSchema.DetachedColumn Column(string name) => new(name, TextDataViewType.Instance, null);

    private protected override RowMapper Bind(DataViewSchema inputSchema)
    {
        DataViewSchema.Column input = inputSchema.Find(_columns.Input, ColumnRule.NamedKeys);
        string[] tokens = TokenNames.Texts(input);
        SequenceColumn keys = SequenceColumn.Bind(inputSchema, _columns.Input);
        return new ColumnMapper(inputSchema, input, Column(_columns.Output), row =>
        {
            SequenceReader reader = keys.CreateReader(row);
            var detokenizer = new Detokenizer(_rule, tokens);
            return (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) =>
            {
                reader.Read();
                value = detokenizer.TextOf(keys.IsPadded ? reader.Tokens.Trim(0u) : reader.Tokens).AsMemory();
            });
        });
    }

    private protected override void Save(ModelSaveContext context) => ModelStreams.Save(context, Format, writer =>
    {
        _columns.Write(writer);
        writer.Write(_rule.ToString());
    });

    // Found by its name and parameters when a model file is loaded.
    private static SequenceDetokenizingTransformer Create(IHostEnvironment environment, object context) =>
        ModelStreams.Load(context, Format, reader => new SequenceDetokenizingTransformer(environment, ColumnPair.Read(reader),
            Detokenization.Parse(reader.ReadString()) ?? throw reader.Invalid("it has no rule to join tokens by")));
}
