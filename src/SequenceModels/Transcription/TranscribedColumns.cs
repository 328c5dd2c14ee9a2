using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;
using SequenceModels.Scoring;
using SequenceModels.Text;

namespace SequenceModels.Transcription;

/// <summary>
/// The columns that transcription adds: PredictedLabel, a vector of keys; Score, their log-probability; and Times, of dimensions
/// [*, 2]: the first step that says each token, and how many do.
/// </summary>
internal static class TranscribedColumns
{
    private const string ScoreKind = "SequenceTranscription";

    /// <param name="vocabularySize">V.</param>
    /// <param name="names">Of the keys, where they have names.</param>
    /// <param name="joining">How tokens become a text; null: nobody told.</param>
    /// <param name="setId">The identifier that the columns share.</param>
    public static DataViewSchema.DetachedColumn[] Create(int vocabularySize, ClassNames? names, Detokenization? joining,
        uint setId)
    {
        var annotations = new ScoreAnnotations(ScoreKind, setId);
        return [.. SequenceColumns.Create(annotations, vocabularySize, names, joining),
            new("Times", new VectorDataViewType(NumberDataViewType.Int32, 0, 2), annotations.Create("Times"))];
    }

    /// <summary>The getters of those columns, in the same order.</summary>
    public static Delegate[] MakeGetters(IRowScores row) =>
    [
        .. SequenceColumns.MakeGetters(row),
        (ValueGetter<VBuffer<int>>)((ref VBuffer<int> times) =>
        {
            IReadOnlyList<TokenTime> found = row.Sequence.Times;
            VBufferEditor<int> editor = VBufferEditor.Create(ref times, 2 * found.Count);
            for (int i = 0; i < found.Count; i++)
                (editor.Values[2 * i], editor.Values[2 * i + 1]) = (found[i].FirstStep, found[i].NumberOfSteps);
            times = editor.Commit();
        }),
    ];
}
