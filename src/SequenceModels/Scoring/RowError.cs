using SequenceModels.Columns;

namespace SequenceModels.Scoring;

/// <summary>Errors of scoring a row, which say which row it is.</summary>
internal static class RowError
{
    /// <summary>Whether an error that scoring threw may be of the row's numbers. Any other is handed on as it is.</summary>
    public static bool IsOfTheRow(Exception error) =>
        error is ArgumentException or ArithmeticException or InvalidOperationException;

    /// <summary>The error with the row's columns and place.</summary>
    /// <param name="columns">What the network reads.</param>
    /// <param name="position">Of the row.</param>
    /// <param name="error">What scoring threw, of the row.</param>
    public static InvalidOperationException Wrap(InputColumns columns, long position, Exception error)
    {
        string names = string.Join("', '", columns.Read.Select(column => column.Name));
        return new(Invariant($"Column '{names}', row {position} (counted from 0): {error.Message}"), error);
    }
}
