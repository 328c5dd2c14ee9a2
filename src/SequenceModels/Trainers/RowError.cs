using SequenceModels.Columns;

namespace SequenceModels.Trainers;

/// <summary>Says of which row an error is that came from its scoring.</summary>
internal static class RowError
{
    /// <param name="columns">What the network reads.</param>
    /// <param name="position">Of the row.</param>
    /// <param name="error">What scoring threw. Errors that are not of the row's numbers stay as they are.</param>
    public static Exception Of(StepColumns columns, long position, Exception error) =>
        error is ArgumentException or ArithmeticException or InvalidOperationException
            ? new InvalidOperationException(string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"Column '{string.Join("', '", columns.All.Select(column => column.Column.Name))}', row {position} (counted from 0): {error.Message}"), error)
            : error;
}
