using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;
using SequenceModels.Text;

namespace SequenceModels.Scoring;

/// <summary>
/// The columns of rows that become sequences: PredictedLabel, a vector of keys; and Score, their log-probability.
/// </summary>
internal static class SequenceColumns
{
    /// <param name="annotations">Of the columns that the model adds.</param>
    /// <param name="vocabularySize">V.</param>
    /// <param name="names">Of the keys, where they have names.</param>
    /// <param name="joining">How tokens become a text; null: nobody told.</param>
    public static DataViewSchema.DetachedColumn[] Create(ScoreAnnotations annotations, int vocabularySize, ClassNames? names,
        Detokenization? joining) =>
    [
        new("PredictedLabel", new VectorDataViewType(new KeyDataViewType(typeof(uint), vocabularySize)),
            annotations.Create("PredictedLabel", more =>
            {
                names?.AddTo(more, AnnotationNames.KeyValues);
                if (joining is { } rule)
                    more.AddText(AnnotationNames.SequenceDetokenization, rule.ToString());
            })),
        new("Score", NumberDataViewType.Single, annotations.Create("Score")),
    ];

    /// <summary>The getters of those columns, in the same order.</summary>
    public static Delegate[] MakeGetters(IRowScores row) =>
    [
        (ValueGetter<VBuffer<uint>>)((ref VBuffer<uint> keys) =>
        {
            uint[] tokens = row.Sequence.Tokens;
            VBufferEditor<uint> editor = VBufferEditor.Create(ref keys, tokens.Length);
            tokens.CopyTo(editor.Values);
            keys = editor.Commit();
        }),
        (ValueGetter<float>)((ref float score) => score = (float)row.Sequence.LogProbability),
    ];
}
