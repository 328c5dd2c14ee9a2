using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;
using SequenceModels.Scoring;

namespace SequenceModels.Tagging;

/// <summary>
/// The columns that tagging adds: PredictedLabel, a key for each step, and Score, the probabilities of each step's classes.
/// </summary>
internal static class TagColumns
{
    /// <summary>ML.NET's word for scores of the steps of a sequence.</summary>
    private const string ScoreKind = "SequenceClassification";

    /// <param name="classes">K.</param>
    /// <param name="names">Of the classes, where they have names.</param>
    /// <param name="setId">The identifier that the columns share.</param>
    public static DataViewSchema.DetachedColumn[] Create(int classes, ClassNames? names, uint setId)
    {
        var annotations = new ScoreAnnotations(ScoreKind, setId);
        return
        [
            new("PredictedLabel", new VectorDataViewType(new KeyDataViewType(typeof(uint), classes)),
                annotations.Create("PredictedLabel", more => names?.AddTo(more, "KeyValues"))),
            new("Score", new VectorDataViewType(NumberDataViewType.Single, 0, classes),
                annotations.Create("Score", more => names?.AddTo(more, "TrainingLabelValues"))),
        ];
    }

    /// <summary>The getters of those columns, in the same order.</summary>
    /// <param name="row">Scores of the classes of a network.</param>
    /// <param name="bioes">What these are of the tags of the labels; null: the tags themselves.</param>
    public static Delegate[] MakeGetters(IRowScores row, BioesTags? bioes) =>
    [
        (ValueGetter<VBuffer<uint>>)((ref VBuffer<uint> keys) =>
        {
            ReadOnlySpan<int> tags = row.Tags;
            VBufferEditor<uint> editor = VBufferEditor.Create(ref keys, tags.Length);
            for (int t = 0; t < tags.Length; t++)
                editor.Values[t] = (uint)(bioes?.Decode(tags[t]) ?? tags[t]) + 1;
            keys = editor.Commit();
        }),
        (ValueGetter<VBuffer<float>>)((ref VBuffer<float> probabilities) =>
        {
            ReadOnlySpan<float> scores = row.Scores;
            int length = bioes is null ? scores.Length : scores.Length / bioes.Count * bioes.GivenCount;
            VBufferEditor<float> editor = VBufferEditor.Create(ref probabilities, length);
            if (bioes is null)
                scores.CopyTo(editor.Values);
            else
                bioes.Decode(scores, editor.Values[..length]);
            probabilities = editor.Commit();
        }),
    ];
}
