using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;

namespace SequenceModels.Scoring;

/// <summary>
/// The annotations by which ML.NET's evaluators and calibrators find the columns that one model has added: the same as its own
/// trainers give.
/// </summary>
/// <param name="scoreKind">The task, in ML.NET's word for it.</param>
/// <param name="setId">Tells the columns of this model from those of models before it in the same schema.</param>
internal sealed class ScoreAnnotations(string scoreKind, uint setId)
{
    private const string SetId = "ScoreColumnSetId";

    /// <param name="valueKind">What the column holds: PredictedLabel, Score, Probability.</param>
    /// <param name="more">Adds what only this column has.</param>
    public DataViewSchema.Annotations Create(string valueKind, Action<DataViewSchema.Annotations.Builder>? more = null)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue(SetId, new KeyDataViewType(typeof(uint), int.MaxValue), setId);
        annotations.AddText("ScoreColumnKind", scoreKind);
        annotations.AddText("ScoreValueKind", valueKind);
        more?.Invoke(annotations);
        return annotations.ToAnnotations();
    }

    /// <summary>One more than the largest identifier that a model before has given its columns.</summary>
    public static uint NextSetId(DataViewSchema schema)
    {
        uint next = 1;
        foreach (DataViewSchema.Column column in schema)
        {
            if (column.Annotations.Schema.GetColumnOrNull(SetId)?.Type is not KeyDataViewType { RawType: var raw } ||
                raw != typeof(uint))
                continue;
            uint id = 0;
            column.Annotations.GetValue(SetId, ref id);
            next = Math.Max(next, id + 1);
        }
        return next;
    }
}
