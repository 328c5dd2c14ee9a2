using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Scoring;

namespace SequenceModels.LanguageModels;

/// <summary>
/// The columns that a language model adds: LogProbabilities, one for each step, and Perplexity, one for the row.
/// </summary>
internal static class LikelihoodColumns
{
    public static DataViewSchema.DetachedColumn[] All { get; } =
    [
        new("Perplexity", NumberDataViewType.Single),
        new("LogProbabilities", new VectorDataViewType(NumberDataViewType.Single)),
    ];

    /// <summary>The getters of those columns, in the same order.</summary>
    /// <param name="row">Has the logarithms of the probabilities as scores, as <see cref="LikelihoodScorer"/> gives them.</param>
    /// <param name="reversed">Whether these begin with the row's last step.</param>
    public static Delegate[] MakeGetters(IRowScores row, bool reversed) =>
    [
        (ValueGetter<float>)((ref float perplexity) => perplexity = Perplexity(row.Scores)),
        (ValueGetter<VBuffer<float>>)((ref VBuffer<float> logProbabilities) =>
        {
            ReadOnlySpan<float> scores = row.Scores;
            VBufferEditor<float> editor = VBufferEditor.Create(ref logProbabilities, scores.Length);
            scores.CopyTo(editor.Values);
            if (reversed)
                editor.Values.Reverse();
            logProbabilities = editor.Commit();
        }),
    ];

    /// <param name="logProbabilities">[T] NaN for the first step that was read.</param>
    private static float Perplexity(ReadOnlySpan<float> logProbabilities)
    {
        if (logProbabilities.Length < 2)
            return float.NaN;
        double sum = 0;
        foreach (float logProbability in logProbabilities[1..])
            sum += logProbability;
        return (float)Math.Exp(-sum / (logProbabilities.Length - 1));
    }
}
