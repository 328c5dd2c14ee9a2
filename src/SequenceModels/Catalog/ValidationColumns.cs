using Microsoft.ML;
using SequenceModels.Columns;

namespace SequenceModels;

/// <summary>
/// How the columns of validation rows differ from those of the training rows: an error only where a pipeline reads them.
/// </summary>
internal sealed class ValidationColumns
{
    private readonly DataViewSchema _train;
    private readonly IDataView _rows;
    /// <summary>By the name of the column.</summary>
    private readonly Dictionary<string, string> _differences;

    public ValidationColumns(DataViewSchema train, IDataView validation)
    {
        (_train, _rows) = (train, validation);
        _differences = train.Where(column => !column.IsHidden)
            .Select(column => (column, Other: validation.Schema.GetColumnOrNull(column.Name)))
            .Where(pair => pair.Other is not { } other || !other.Type.Equals(pair.column.Type))
            .ToDictionary(pair => pair.column.Name, pair => pair.Other is { } other
                ? $"Its column '{other.Name}' is {other.Type}, where that of the training set is {pair.column.Type}."
                : $"It has no column '{pair.column.Name}'.");
    }

    /// <summary>The validation rows. Who reads a column that is of another type is told so.</summary>
    public IDataView Rows => _differences.Count == 0 ? _rows : new Guarded(_rows, _differences);

    /// <summary>Throws if a pipeline could not prepare the validation rows, before anything is fitted.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column that the pipeline reads is missing or of another type.</exception>
    public void RequireFor(IEstimator<ITransformer> pipeline)
    {
        pipeline.GetOutputSchema(SchemaShapes.Of(_train));
        if (_differences.Count > 0)
            Named(() => pipeline.GetOutputSchema(SchemaShapes.Of(_rows.Schema)));
    }

    /// <summary>The validation rows behind a transformer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column that it reads is of another type.</exception>
    public IDataView Transform(ITransformer transformer, IDataView rows) =>
        _differences.Count == 0 ? transformer.Transform(rows) : Named(() => transformer.Transform(rows));

    private T Named<T>(Func<T> prepare)
    {
        try
        {
            return prepare();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw new ArgumentOutOfRangeException("The validation set does not fit the training set. " +
                $"{string.Join(' ', _differences.Values)} {e.Message}", e);
        }
    }

    /// <summary>ML.NET's transformers do not look at the sizes of vectors before they read them.</summary>
    private sealed class Guarded(IDataView rows, Dictionary<string, string> differences) : IDataView
    {
        public DataViewSchema Schema => rows.Schema;

        public bool CanShuffle => rows.CanShuffle;

        public long? GetRowCount() => rows.GetRowCount();

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
            rows.GetRowCursor(Checked(columnsNeeded), rand);

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n,
            Random? rand = null) => rows.GetRowCursorSet(Checked(columnsNeeded), n, rand);

        private DataViewSchema.Column[] Checked(IEnumerable<DataViewSchema.Column> columns) => [.. columns.Select(column =>
            differences.TryGetValue(column.Name, out string? difference) ? throw Fault(difference) : column)];

        // The trainer that reads the rows puts before it whose column it is.
        private static ArgumentOutOfRangeException Fault(string difference) => new(difference, innerException: null);
    }
}
