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
        return
        [
            new("PredictedLabel", new VectorDataViewType(new KeyDataViewType(typeof(uint), vocabularySize)),
                annotations.Create("PredictedLabel", more =>
                {
                    names?.AddTo(more, AnnotationNames.KeyValues);
                    if (joining is { } rule)
                        more.AddText(AnnotationNames.SequenceDetokenization, rule.ToString());
                })),
            new("Score", NumberDataViewType.Single, annotations.Create("Score")),
            .. hasAttention ? [new DataViewSchema.DetachedColumn("Attention",
                new VectorDataViewType(NumberDataViewType.Single, 0, 0), annotations.Create("Attention"))]
                : Array.Empty<DataViewSchema.DetachedColumn>(),
        ];
    }

    /// <summary>The getters of those columns, in the same order.</summary>
    public static Delegate[] MakeGetters(IRowScores row, bool hasAttention) =>
    [
        (ValueGetter<VBuffer<uint>>)((ref VBuffer<uint> keys) => Copy(row.Sequence.Tokens, ref keys)),
        (ValueGetter<float>)((ref float score) => score = (float)row.Sequence.LogProbability),
        .. hasAttention
            ? [(ValueGetter<VBuffer<float>>)((ref VBuffer<float> weights) => CopyAttention(row.Sequence, ref weights))]
            : Array.Empty<Delegate>(),
    ];

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

    private static void Copy(uint[] tokens, ref VBuffer<uint> keys)
    {
        VBufferEditor<uint> editor = VBufferEditor.Create(ref keys, tokens.Length);
        tokens.CopyTo(editor.Values);
        keys = editor.Commit();
    }
}
