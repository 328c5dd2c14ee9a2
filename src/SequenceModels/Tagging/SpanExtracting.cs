using Microsoft.ML;
using Microsoft.ML.Runtime;
using SequenceModels;
using SequenceModels.Columns;
using SequenceModels.Interop;
using SequenceModels.Tagging;

[assembly: LoadableClass(typeof(SpanExtractingTransformer), typeof(SpanExtractingTransformer), null,
    typeof(SignatureLoadModel), "", SpanExtractingTransformer.LoaderSignature)]

namespace SequenceModels;

/// <summary>Finds the spans that tags mark in a text. There is nothing to learn.</summary>
public sealed class SpanExtractingEstimator : StatelessEstimator<SpanExtractingTransformer>
{
    private readonly SpanColumns _columns;

    internal SpanExtractingEstimator(IHostEnvironment environment, string outputColumnName, string tagColumnName,
        string offsetsColumnName,
        string textColumnName) : base(environment, nameof(SpanExtractingEstimator))
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        ArgumentException.ThrowIfNullOrEmpty(tagColumnName);
        ArgumentException.ThrowIfNullOrEmpty(offsetsColumnName);
        ArgumentException.ThrowIfNullOrEmpty(textColumnName);
        _columns = new SpanColumns(outputColumnName, tagColumnName, offsetsColumnName, textColumnName);
    }

    private protected override SpanExtractingTransformer Make(DataViewSchema schema)
    {
        var transformer = new SpanExtractingTransformer(Host, _columns);
        transformer.GetOutputSchema(schema);
        if (TagScheme.Of(TagColumn.NamesOf(schema[_columns.Tags]).Names).Doubt is { } doubt)
        {
            using IChannel channel = Host.Start("Fit");
            channel.Warning(MessageSensitivity.None, "Column '{0}': {1}.", _columns.Tags, doubt);
        }
        return transformer;
    }

    private protected override IEnumerable<DataViewSchema.DetachedColumn> AddedColumns(SchemaShape input)
    {
        input.Find(_columns.Tags, ColumnRule.StepLabels);
        input.Find(_columns.Offsets, ColumnRule.Offsets);
        input.Find(_columns.Text, ColumnRule.SingleText);
        return _columns.Added;
    }
}

/// <summary>Adds four columns of one length, an item for each span: its text, type, start and length.</summary>
public sealed class SpanExtractingTransformer : RowTransformer
{
    internal const string LoaderSignature = "SpanExtracting";
    private static readonly ModelFormat Format = new("SEQSPANS", 1, LoaderSignature);

    private readonly SpanColumns _columns;

    internal SpanExtractingTransformer(IHostEnvironment environment, SpanColumns columns)
        : base(environment, nameof(SpanExtractingTransformer)) =>
        _columns = columns;

    private protected override RowMapper Bind(DataViewSchema inputSchema) => new SpanMapper(inputSchema, _columns);

    private protected override void Save(ModelSaveContext context) => ModelStreams.Save(context, Format, writer =>
    {
        writer.Write(_columns.Output);
        writer.Write(_columns.Tags);
        writer.Write(_columns.Offsets);
        writer.Write(_columns.Text);
    });

    // Found by its name and parameters when a model file is loaded.
    private static SpanExtractingTransformer Create(IHostEnvironment environment, object context) =>
        ModelStreams.Load(context, Format, reader => new SpanExtractingTransformer(environment,
            new SpanColumns(reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadString())));
}
