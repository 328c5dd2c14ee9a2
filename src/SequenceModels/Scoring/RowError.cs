using SequenceModels.Columns;

namespace SequenceModels.Scoring;

/// <summary>Says of which row an error is that came from its scoring.</summary>
internal static class RowError
{
    /// <summary>Whether an error that scoring threw may be of the row's numbers. Any other is handed on as it is.</summary>
    public static bool IsOfTheRow(Exception error) => error is ArgumentException or ArithmeticException or InvalidOperationException;

    /// <param name="columns">What the network reads.</param>
    /// <param name="position">Of the row.</param>
    /// <param name="error">What scoring threw, of the row.</param>
    public static InvalidOperationException Of(InputColumns columns, long position, Exception error) =>
        Of(columns.All.Select(column => column.Column.Name), position, error);

    /// <param name="columns">The names of what the network reads.</param>
    /// <param name="position">Of the row.</param>
    /// <param name="error">What scoring threw, of the row.</param>
    public static InvalidOperationException Of(IEnumerable<string> columns, long position, Exception error) =>
        new(Invariant($"Column '{string.Join("', '", columns)}', row {position} (counted from 0): {error.Message}"), error);
}
