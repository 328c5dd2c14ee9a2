using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using SequenceModels.Columns;
using SequenceModels.Interop;

namespace SequenceModels;

/// <summary>
/// A transformer that adds columns to each row by itself, lazily: the base of every fitted transform and trainer of this library.
/// </summary>
public abstract class RowTransformer : ITransformer
{
    private protected RowTransformer(IHostEnvironment environment, string name) => Host = environment.Register(name);

    private protected IHost Host { get; }

    /// <summary>Always true: each output row depends on one input row.</summary>
    public bool IsRowToRowMapper => true;

    /// <summary>The columns that <see cref="Transform"/> would give for data of this schema.</summary>
    /// <param name="inputSchema">Schema of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">An input column is missing or has the wrong type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => BindChecked(inputSchema).OutputSchema;

    /// <summary>The transformer bound to a schema, for use row by row. Safe to share between threads.</summary>
    /// <param name="inputSchema">Schema of the input rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">An input column is missing or has the wrong type.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        RowMapper mapper = BindChecked(inputSchema);
        Warn(inputSchema);
        return mapper;
    }

    /// <summary>A view of the input with the new columns; nothing is computed before a row is read.</summary>
    /// <param name="input">The data; left as it is.</param>
    /// <exception cref="ArgumentOutOfRangeException">An input column is missing or has the wrong type.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        RowMapper mapper = Bind(input.Schema);
        return ConvertibleView.Of(new MappedDataView(input, mapper, () => Warn(input.Schema)), input, this,
            graph => WriteOnnx(graph, input.Schema, [.. mapper.OutputSchema.Skip(input.Schema.Count)]));
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => Save(ctx);

    /// <summary>Finds the input columns and checks their types.</summary>
    private protected abstract RowMapper Bind(DataViewSchema inputSchema);

    /// <summary>The columns whose values a network reads step by step; none where there is no network.</summary>
    private protected virtual IEnumerable<string> StepColumnNames => [];

    private protected abstract void Save(ModelSaveContext context);

    /// <summary>Adds what the new columns are to the graph of a pipeline that becomes an ONNX model.</summary>
    /// <param name="graph">The graph, which has the input columns.</param>
    /// <param name="inputSchema">What the transformer is bound to.</param>
    /// <param name="added">The new columns.</param>
    /// <exception cref="NotSupportedException">ONNX cannot say what the transformer does; the message says what.</exception>
    private protected virtual void WriteOnnx(PipelineGraph graph, DataViewSchema inputSchema,
        IReadOnlyList<DataViewSchema.Column> added) => throw OnnxRefusal.Of(this, added);

    /// <summary>Once for each view and each engine.</summary>
    private void Warn(DataViewSchema inputSchema)
    {
        if (!StepColumnNames.Any())
            return;
        using IChannel channel = Host.Start("Reading sequences");
        SequenceColumn.WarnIfPadded(inputSchema, StepColumnNames, channel);
    }

    private RowMapper BindChecked(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return Bind(inputSchema);
    }
}
