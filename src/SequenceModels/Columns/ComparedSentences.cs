using Microsoft.ML;
using SequenceModels.Text;

namespace SequenceModels.Columns;

/// <summary>
/// A column of predicted sentences and one of those that would have been right, read side by side. Where one of them is a text,
/// both are compared as texts, in equal pieces.
/// </summary>
internal sealed class ComparedSentences
{
    // An unknown token of a prediction is not that of a label, though both are unknown: what stands for them differs.
    private const char UnknownLabel = '\ufffd', UnknownPrediction = '\ufffe';

    private readonly SentenceColumn _label, _predicted;
    private readonly Detokenization _labelJoining, _predictedJoining;
    private readonly bool _areTexts;

    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or of another type.</exception>
    public ComparedSentences(IDataView data, string labelColumnName, string predictedLabelColumnName)
    {
        (_label, _predicted) = (new(data, labelColumnName), new(data, predictedLabelColumnName));
        (_labelJoining, _predictedJoining) = (JoiningOf(_label, _predicted), JoiningOf(_predicted, _label));
        _areTexts = _label.IsText || _predicted.IsText;
    }

    /// <summary>What a cursor must have.</summary>
    public DataViewSchema.Column[] Columns => [_label.Column, _predicted.Column];

    /// <summary>Reads the row that a cursor stands on. Good until the next call.</summary>
    /// <param name="row">The cursor.</param>
    public Func<(Sentence Right, Sentence Found)> CreateReader(DataViewRow row)
    {
        Func<Sentence> right = _label.CreateReader(row, _labelJoining, UnknownLabel),
            found = _predicted.CreateReader(row, _predictedJoining, UnknownPrediction);
        return _areTexts ? () => (Cut(right()), Cut(found())) : () => (right(), found());
    }

    /// <summary>What stands between white space.</summary>
    public static string[] WordsOf(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>
    /// Where a column does not tell, as the other one; it has no special tokens then. Else with spaces between.
    /// </summary>
    private static Detokenization JoiningOf(SentenceColumn column, SentenceColumn other) =>
        column.Joining ?? new Detokenization(other.Joining?.Kind ?? DetokenizationKind.Words, SpecialTokens: 0);

    /// <summary>Into characters where the tokens of either column are such, else into words.</summary>
    private Sentence Cut(Sentence sentence) => sentence with
    {
        Tokens = _labelJoining.Kind is DetokenizationKind.Characters or DetokenizationKind.CodePoints
            ? [.. sentence.Text.EnumerateRunes().Select(rune => rune.ToString())] : WordsOf(sentence.Text),
    };
}
