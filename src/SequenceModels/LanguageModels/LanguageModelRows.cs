using Microsoft.ML;
using SequenceModels.Columns;
using SequenceModels.Sequences;
using SequenceModels.Trainers;

namespace SequenceModels.LanguageModels;

/// <summary>
/// Reads rows whose every step but the first that is read is to be predicted. Those with fewer than two steps are left out.
/// </summary>
/// <param name="featureColumnName">The sequences.</param>
/// <param name="weightColumnName">What each row counts; null: all count 1.</param>
/// <param name="reversed">Whether rows are read from their last step to their first.</param>
/// <param name="followEachOther">
/// Whether all rows are one text: then each step of a row is predicted, the first one from the row before.
/// </param>
/// <param name="purpose">What the rows are for.</param>
internal sealed class LanguageModelRows(string featureColumnName, string? weightColumnName, bool reversed, bool followEachOther,
    RowPurpose purpose) : ExampleReader(weightColumnName, purpose)
{
    protected override ReadOnlySpan<float> Labels => [];

    protected override Targets CreateTargets(SequenceDataset data) => new NextStepTargets(data);

    protected override InputReader CreateReader(InputColumns columns, DataViewRow row) =>
        BinaryFrameReader.CreateReader(columns, row, reversed);

    protected override Func<bool> CreateRowReader(DataViewRow row, DataViewSchema schema, InputReader steps) => () =>
    {
        steps.Read();
        return steps.Length >= (followEachOther ? 1 : 2);
    };

    protected override void Arrange(SequenceDataset data)
    {
        if (followEachOther)
            data.JoinRows();
    }

    protected override string WhyNoRows()
    {
        if (NumberOfRows == 0)
            return $"The {Kind} data has no rows: check the file or the filter that the data comes from.";
        string rows = NumberOfRows == 1 ? "not even the one row" : Invariant($"none of the {NumberOfRows} rows");
        return $"Column '{featureColumnName}': {rows} of the {Kind} data has two steps, and a language model predicts each " +
            "step but the first. A tokenization with StartToken gives even a single word something before it.";
    }
}
