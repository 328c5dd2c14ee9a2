using Microsoft.ML;
using Microsoft.ML.Data;
using ShapeColumn = Microsoft.ML.SchemaShape.Column;

namespace SequenceModels.Columns;

/// <summary>Builds the schema shapes that estimators declare, and finds columns with errors that help.</summary>
internal static class SchemaShapes
{
    /// <summary>
    /// The shape of a real schema. ML.NET makes it in an internal method, which a public one calls on our behalf: appending an
    /// estimator to a loader hands the estimator the shape of what the loader loads.
    /// </summary>
    public static SchemaShape Of(DataViewSchema schema) => new SchemaOnly(schema).Append(new Identity()).GetOutputSchema();

    /// <summary>The shape of one column, without what other columns of its schema look like.</summary>
    public static ShapeColumn Of(DataViewSchema.DetachedColumn column)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(column.Name, column.Type, column.Annotations);
        return Of(builder.ToSchema())[0];
    }

    /// <summary>The shape with more columns; those of the same name are replaced.</summary>
    public static SchemaShape With(this SchemaShape shape, params IEnumerable<DataViewSchema.DetachedColumn> added)
    {
        var columns = shape.ToDictionary(column => column.Name);
        foreach (DataViewSchema.DetachedColumn column in added)
            columns[column.Name] = Of(column);
        return new SchemaShape(columns.Values);
    }

    /// <summary>The declared column of that name.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is missing or of another type; names what would fit.</exception>
    public static ShapeColumn Find(this SchemaShape shape, string name, ColumnRule rule)
    {
        ArgumentNullException.ThrowIfNull(shape);
        foreach (ShapeColumn column in shape)
            if (column.Name == name)
                return rule.Accepts(column) ? column : throw Wrong(shape, column, Describe(column), rule);
        throw Missing(shape, name, rule);
    }

    /// <summary>The real column of that name.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is missing or of another type; names what would fit.</exception>
    public static DataViewSchema.Column Find(this DataViewSchema schema, string name, ColumnRule rule)
    {
        ArgumentNullException.ThrowIfNull(schema);
        if (schema.GetColumnOrNull(name) is not { } column)
            throw Missing(Of(schema), name, rule);
        ShapeColumn declared = Of(new DataViewSchema.DetachedColumn(column));
        return rule.Accepts(declared) ? column : throw Wrong(Of(schema), declared, column.Type.ToString()!, rule);
    }

    private static ArgumentOutOfRangeException Missing(SchemaShape inputSchema, string name, ColumnRule rule) =>
        new(nameof(inputSchema),
            $"{MissingColumn.Describe(name, inputSchema.Select(column => column.Name))} {Fitting(inputSchema, rule)}");

    private static ArgumentOutOfRangeException Wrong(SchemaShape inputSchema, ShapeColumn column, string found,
        ColumnRule rule) => new(nameof(inputSchema),
        $"Column '{column.Name}' is {found}, but must be {rule.Expected}. {OfText(column, rule)}{Fitting(inputSchema, rule)}");

    /// <summary>What to do about text in place of numbers; empty where it is something else.</summary>
    private static string OfText(ShapeColumn column, ColumnRule rule)
    {
        if (column.ItemType is not TextDataViewType)
            return "";
        bool Accepts(PrimitiveDataViewType item) => rule.Accepts(Of(new DataViewSchema.DetachedColumn(column.Name,
            column.Kind == ShapeColumn.VectorKind.Scalar ? item : new VectorDataViewType(item, 1))));
        return Accepts(NumberDataViewType.Single) && !Accepts(new KeyDataViewType(typeof(uint), 1))
            ? "Text is read as numbers where it is loaded (DataKind.Single): numbers with a decimal comma need " +
              "TextLoader.Options.DecimalMarker. "
            : "";
    }

    private static string Fitting(SchemaShape shape, ColumnRule rule)
    {
        string[] names = [.. shape.Where(rule.Accepts).Select(column => $"'{column.Name}'")];
        return names.Length == 0 ? $"No column of the data is {rule.Expected}."
            : $"Columns that would fit: {string.Join(", ", names)}.";
    }

    private static string Describe(ShapeColumn column)
    {
        string item = column.IsKey ? $"Key<{column.ItemType}>" : column.ItemType.ToString()!;
        return column.Kind switch
        {
            ShapeColumn.VectorKind.Scalar => item,
            ShapeColumn.VectorKind.Vector => $"Vector<{item}>",
            _ => $"VarVector<{item}>",
        };
    }

    private sealed class SchemaOnly(DataViewSchema schema) : IDataLoader<object>
    {
        public DataViewSchema GetOutputSchema() => schema;

        public IDataView Load(object input) => throw new NotSupportedException();

        public void Save(ModelSaveContext ctx) => throw new NotSupportedException();
    }

    private sealed class Identity : IEstimator<ITransformer>
    {
        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;

        public ITransformer Fit(IDataView input) => throw new NotSupportedException();
    }
}
