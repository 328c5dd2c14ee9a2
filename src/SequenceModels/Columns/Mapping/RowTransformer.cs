using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using SequenceModels.Columns;

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
        return new MappedDataView(input, Bind(input.Schema), () => Warn(input.Schema));
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => Save(ctx);

    /// <summary>Finds the input columns and checks their types.</summary>
    private protected abstract RowMapper Bind(DataViewSchema inputSchema);

    /// <summary>The columns whose values a network reads step by step; none where there is no network.</summary>
    private protected virtual IEnumerable<string> StepColumnNames => [];

    private protected abstract void Save(ModelSaveContext context);

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
