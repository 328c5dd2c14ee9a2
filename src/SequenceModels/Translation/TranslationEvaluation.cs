using Microsoft.ML;
using Microsoft.ML.Runtime;
using SequenceModels.Columns;
using SequenceModels.Text;

namespace SequenceModels.Translation;

/// <summary>Compares a column of predicted sequences with one of labels.</summary>
internal static class TranslationEvaluation
{
    // An unknown token of a prediction is not that of a label, though both are unknown: what stands for them differs.
    private const char UnknownLabel = '\ufffd', UnknownPrediction = '\ufffe';

    /// <param name="data">The rows; read once.</param>
    /// <param name="labelColumnName">The labels.</param>
    /// <param name="predictedLabelColumnName">The predictions.</param>
    /// <param name="bleuTokenization">How BLEU cuts texts.</param>
    /// <param name="channel">Told of labels that are missing or unknown.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A column is missing, or holds no tokens; or the tokenization is none.
    /// </exception>
    /// <exception cref="InvalidOperationException">No row has a label.</exception>
    public static TranslationMetrics Evaluate(IDataView data, string labelColumnName, string predictedLabelColumnName,
        BleuTokenization bleuTokenization, IChannel channel)
    {
        var bleu = new Bleu(bleuTokenization);
        var chrF = new ChrF();
        var rates = new ErrorRates();
        SentenceColumn label = new(data, labelColumnName), predicted = new(data, predictedLabelColumnName);
        using DataViewRowCursor cursor = data.GetRowCursor([label.Column, predicted.Column]);
        Func<Sentence> readLabel = label.CreateReader(cursor, JoiningOf(label, predicted), UnknownLabel),
            readPrediction = predicted.CreateReader(cursor, JoiningOf(predicted, label), UnknownPrediction);
        long missing = 0, unknown = 0;
        while (cursor.MoveNext())
        {
            Sentence right = readLabel();
            if (right.Tokens.Length == 0)
            {
                missing++;
                continue;
            }
            Sentence found = readPrediction();
            unknown += right.Unknown;
            rates.Add<string>(found.Tokens, right.Tokens);
            bleu.Add(found.Text, right.Text);
            chrF.Add(found.Text, right.Text);
        }
        if (rates.NumberOfSequences == 0)
            throw new InvalidOperationException($"Column '{labelColumnName}': no row has a label to compare with.");
        if (missing > 0)
            channel.Warning(MessageSensitivity.None, "Rows skipped because labels in column '{0}' are missing: {1} of {2}.",
                labelColumnName, InvariantText.Of(missing), InvariantText.Of(missing + rates.NumberOfSequences));
        if (unknown > 0)
            channel.Warning(MessageSensitivity.None, "Tokens of labels in column '{0}' that are unknown (key 0): {1} of {2}. " +
                "They count as wrong, whatever is predicted. Figures to be compared with others need labels whose tokens are " +
                "all known: give Evaluate a vector of texts as labels.",
                labelColumnName, InvariantText.Of(unknown), InvariantText.Of(rates.NumberOfTokens));
        return new TranslationMetrics(bleu, chrF, rates, unknown);
    }

    /// <summary>
    /// Where a column does not tell, as the other one; it has no special tokens then. Else with spaces between.
    /// </summary>
    private static Detokenization JoiningOf(SentenceColumn column, SentenceColumn other) =>
        column.Joining ?? new Detokenization(other.Joining?.Kind ?? DetokenizationKind.Words, SpecialTokens: 0);
}
