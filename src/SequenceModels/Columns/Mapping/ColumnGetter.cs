using Microsoft.ML;

namespace SequenceModels.Columns;

/// <summary>The errors of a getter that a row or cursor cannot give.</summary>
internal static class ColumnGetter
{
    /// <summary>A getter of the type that was asked for.</summary>
    /// <param name="getter">The column's; null, or one of another type, where it holds something else.</param>
    /// <param name="column">The column.</param>
    /// <exception cref="InvalidOperationException">The column holds something else.</exception>
    public static ValueGetter<TValue> As<TValue>(Delegate? getter, DataViewSchema.Column column) =>
        getter as ValueGetter<TValue> ?? throw new InvalidOperationException(
            $"Column '{column.Name}' holds {column.Type.RawType}, not {typeof(TValue)}.");

    /// <exception cref="InvalidOperationException">The column is not active.</exception>
    public static void RequireActive(DataViewSchema.Column column, bool isActive)
    {
        if (!isActive)
            throw new InvalidOperationException($"Column '{column.Name}' was not asked for when this row or cursor was made.");
    }
}
