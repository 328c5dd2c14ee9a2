using Microsoft.ML;
using Microsoft.ML.Runtime;
using SequenceModels.Columns;

namespace SequenceModels.Transcription;

/// <summary>Compares a column of what was heard with one of what was said.</summary>
internal static class TranscriptionEvaluation
{
    /// <param name="data">The rows; read once.</param>
    /// <param name="labelColumnName">The labels.</param>
    /// <param name="predictedLabelColumnName">The predictions.</param>
    /// <param name="channel">Told of labels that are unknown.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or holds no tokens.</exception>
    /// <exception cref="InvalidOperationException">There is no row.</exception>
    public static TranscriptionMetrics Evaluate(IDataView data, string labelColumnName, string predictedLabelColumnName,
        IChannel channel)
    {
        ErrorRates tokens = new(), words = new();
        var columns = new ComparedSentences(data, labelColumnName, predictedLabelColumnName);
        using DataViewRowCursor cursor = data.GetRowCursor(columns.Columns);
        Func<(Sentence Right, Sentence Found)> read = columns.CreateReader(cursor);
        long unknown = 0;
        while (cursor.MoveNext())
        {
            (Sentence right, Sentence found) = read();
            unknown += right.Unknown;
            tokens.Add<string>(found.Tokens, right.Tokens);
            words.Add<string>(ComparedSentences.WordsOf(found.Text), ComparedSentences.WordsOf(right.Text));
        }
        if (tokens.NumberOfSequences == 0)
            throw new InvalidOperationException($"There is no row whose column '{labelColumnName}' could be compared.");
        if (unknown > 0)
            channel.Warning(MessageSensitivity.None, "Tokens of labels in column '{0}' that are unknown (key 0): {1} of {2}. " +
                "They count as wrong, whatever is predicted.", labelColumnName, InvariantText.Of(unknown),
                InvariantText.Of(tokens.NumberOfTokens));
        return new TranscriptionMetrics(tokens, words, unknown);
    }
}
