using Microsoft.ML;
using Microsoft.ML.Runtime;
using SequenceModels.Columns;
using SequenceModels.Text;

namespace SequenceModels.Transcription;

/// <summary>Compares a column of what was heard with one of what was said.</summary>
internal static class TranscriptionEvaluation
{
    // An unknown token of a prediction is not that of a label, though both are unknown: what stands for them differs.
    private const char UnknownLabel = '\ufffd', UnknownPrediction = '\ufffe';

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
        SentenceColumn label = new(data, labelColumnName), predicted = new(data, predictedLabelColumnName);
        using DataViewRowCursor cursor = data.GetRowCursor([label.Column, predicted.Column]);
        Func<Sentence> readLabel = label.CreateReader(cursor, JoiningOf(label, predicted), UnknownLabel),
            readPrediction = predicted.CreateReader(cursor, JoiningOf(predicted, label), UnknownPrediction);
        long unknown = 0;
        while (cursor.MoveNext())
        {
            Sentence right = readLabel(), found = readPrediction();
            unknown += right.Unknown;
            tokens.Add<string>(found.Tokens, right.Tokens);
            words.Add<string>(Words(found.Text), Words(right.Text));
        }
        if (tokens.NumberOfSequences == 0)
            throw new InvalidOperationException($"There is no row whose column '{labelColumnName}' could be compared.");
        if (unknown > 0)
            channel.Warning(MessageSensitivity.None, "Tokens of labels in column '{0}' that are unknown (key 0): {1} of {2}. " +
                "They count as wrong, whatever is predicted.", labelColumnName, InvariantText.Of(unknown),
                InvariantText.Of(tokens.NumberOfTokens));
        return new TranscriptionMetrics(tokens, words, unknown);
    }

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>
    /// Where a column does not tell, as the other one; it has no special tokens then. Else with spaces between.
    /// </summary>
    private static Detokenization JoiningOf(SentenceColumn column, SentenceColumn other) =>
        column.Joining ?? new Detokenization(other.Joining?.Kind ?? DetokenizationKind.Words, SpecialTokens: 0);
}
