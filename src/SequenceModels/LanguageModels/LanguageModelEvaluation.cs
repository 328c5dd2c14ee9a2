using Microsoft.ML;
using SequenceModels.Columns;
using SequenceModels.Files;
using SequenceModels.Sequences;
using SequenceModels.Trainers;
using SequenceModels.Training;

namespace SequenceModels.LanguageModels;

/// <summary>Measures a language model on rows.</summary>
internal static class LanguageModelEvaluation
{
    /// <param name="data">The rows, as the model reads them.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A column is missing or has a type that does not fit; the message names it.
    /// </exception>
    /// <exception cref="InvalidOperationException">No row has two steps.</exception>
    public static LanguageModelMetrics Evaluate(IDataView data, LanguageModelTransformer model)
    {
        InputColumns columns = model.Columns(data.Schema);
        using SequenceDataset rows = new LanguageModelRows(model.FeatureColumnName, weightColumnName: null,
            model.Model.Network.Reversed, model.RowsFollowEachOther, RowPurpose.Evaluation)
            .Read(data, columns, new RowMemory(0), () => { });
        using var validation = new Validation(model.Model.Network.Layers, new RowSelection(rows), threads: 0);
        return new LanguageModelMetrics(validation.Measure(() => { }).Loss, rows.NumberOfSteps, UnknownTokens(rows));
    }

    /// <summary>Tokens to be predicted that are of no key.</summary>
    private static long UnknownTokens(SequenceDataset rows)
    {
        long unknown = 0;
        for (int row = 0; rows.Inputs.AreTokens && row < rows.Count; row++)
            unknown += rows.NextTokens(row).Count(0u);
        return unknown;
    }
}
