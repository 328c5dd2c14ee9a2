using Microsoft.ML;
using Microsoft.ML.Runtime;
using SequenceModels.Columns;

namespace SequenceModels;

/// <summary>An estimator that learns nothing from rows: the base of the transforms that look at the schema alone.</summary>
/// <typeparam name="TTransformer">What it gives.</typeparam>
public abstract class StatelessEstimator<TTransformer> : IEstimator<TTransformer> where TTransformer : RowTransformer
{
    private protected StatelessEstimator(IHostEnvironment environment, string name) => Host = environment.Register(name);

    private protected IHost Host { get; }

    /// <summary>Checks the input columns; reads no row.</summary>
    /// <param name="input">The data.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// An input column is missing or of another type; the message names it.
    /// </exception>
    public TTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        TTransformer transformer = Make(input.Schema);
        transformer.GetOutputSchema(input.Schema);
        return transformer;
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return inputSchema.With(AddedColumns(inputSchema));
    }

    /// <summary>The transformer for data of a schema; its own binding checks the columns.</summary>
    private protected abstract TTransformer Make(DataViewSchema schema);

    /// <summary>The columns that it adds, as far as the shape of the input tells.</summary>
    private protected abstract IEnumerable<DataViewSchema.DetachedColumn> AddedColumns(SchemaShape input);
}
