using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;
using SequenceModels.Networks;
using SequenceModels.Scoring;
using SequenceModels.Text;

namespace SequenceModels.Translation;

/// <summary>
/// The columns that translation adds: PredictedLabel, a vector of keys; Score, their log-probability; and where it is asked for
/// Attention, of dimensions [*, S].
/// </summary>
internal static class TranslatedColumns
{
    private const string ScoreKind = "SequenceTranslation";

    /// <param name="vocabularySize">V of the target.</param>
    /// <param name="names">Of its keys, where they have names.</param>
    /// <param name="joining">How its tokens become a text; null: nobody told.</param>
    /// <param name="setId">The identifier that the columns share.</param>
    /// <param name="hasAttention">Whether what was looked at is added too.</param>
    public static DataViewSchema.DetachedColumn[] Create(int vocabularySize, ClassNames? names, Detokenization? joining,
        uint setId, bool hasAttention)
    {
        var annotations = new ScoreAnnotations(ScoreKind, setId);
        DataViewSchema.DetachedColumn[] found = SequenceColumns.Create(annotations, vocabularySize, names, joining);
        return !hasAttention ? found : [.. found, new("Attention", new VectorDataViewType(NumberDataViewType.Single, 0, 0),
            annotations.Create("Attention"))];
    }

    /// <summary>The getters of those columns, in the same order.</summary>
    public static Delegate[] MakeGetters(IRowScores row, bool hasAttention) => !hasAttention ? SequenceColumns.MakeGetters(row)
        : [.. SequenceColumns.MakeGetters(row),
            (ValueGetter<VBuffer<float>>)((ref VBuffer<float> weights) => CopyAttention(row.Sequence, ref weights))];

    private static void CopyAttention(FoundSequence found, ref VBuffer<float> weights)
    {
        int length = found.Attention.Sum(step => step.Length);
        VBufferEditor<float> editor = VBufferEditor.Create(ref weights, length);
        int at = 0;
        foreach (float[] step in found.Attention)
        {
            step.CopyTo(editor.Values[at..]);
            at += step.Length;
        }
        weights = editor.Commit();
    }
}
