using Microsoft.ML;
using Microsoft.ML.Runtime;
using SequenceModels.Columns;

namespace SequenceModels.Translation;

/// <summary>Compares a column of predicted sequences with one of labels.</summary>
internal static class TranslationEvaluation
{
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
        var columns = new ComparedSentences(data, labelColumnName, predictedLabelColumnName);
        using DataViewRowCursor cursor = data.GetRowCursor(columns.Columns);
        Func<(Sentence Right, Sentence Found)> read = columns.CreateReader(cursor);
        long missing = 0, unknown = 0;
        while (cursor.MoveNext())
        {
            (Sentence right, Sentence found) = read();
            if (right.Tokens.Length == 0)
            {
                missing++;
                continue;
            }
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
                "all known: give Evaluate the texts themselves as labels, or a vector of their words.",
                labelColumnName, InvariantText.Of(unknown), InvariantText.Of(rates.NumberOfTokens));
        return new TranslationMetrics(bleu, chrF, rates, unknown);
    }
}
