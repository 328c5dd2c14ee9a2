using System.Globalization;
using Microsoft.ML;
using SequenceModels.Columns;
using SequenceModels.Files;
using SequenceModels.Sequences;

namespace SequenceModels.LanguageModels;

/// <summary>Reads a view once into rows whose every step but the first is to be predicted.</summary>
internal static class LanguageModelRows
{
    private const int RowsBetweenChecks = 1024;

    /// <param name="view">The rows.</param>
    /// <param name="feature">The column of sequences in it.</param>
    /// <param name="maximumMemoryBytes">The option: bytes that the rows may take in memory; 0: half of what the process may use.</param>
    /// <param name="purpose">What the rows are for, in an error.</param>
    /// <param name="throwIfCanceled">Asked now and then.</param>
    /// <returns>The rows; the caller disposes of them.</returns>
    /// <exception cref="InvalidOperationException">No row has two steps, or a frame has another number than 0 and 1.</exception>
    public static SequenceDataset Read(IDataView view, SequenceColumn feature, long maximumMemoryBytes, string purpose, Action throwIfCanceled)
    {
        var data = new SequenceDataset(feature.Input, feature.InputSize, MemoryBudget.BytesOf(maximumMemoryBytes), targets: data => new NextStepTargets(data));
        try
        {
            long rows = 0;
            using DataViewRowCursor cursor = view.GetRowCursor([feature.Column]);
            InputReader sequence = BinaryFrameReader.CreateReader(feature, cursor);
            for (; cursor.MoveNext(); rows++)
            {
                if (cursor.Position % RowsBetweenChecks == 0)
                    throwIfCanceled();
                sequence.Read();
                if (sequence.Length >= 2)
                    sequence.AddTo(data, labels: []);
            }
            return data.Count > 0 ? data : throw new InvalidOperationException(rows == 0
                ? $"The {purpose} data has no rows: check the file or the filter that the data comes from."
                : $"Column '{feature.Column.Name}': {(rows == 1 ? "not even the one row" : string.Create(CultureInfo.InvariantCulture, $"none of the {rows} rows"))} of the {purpose} data has two steps, and a language model predicts each " +
                    "step but the first. A tokenization with StartToken gives even a single word something before it.");
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }
}
