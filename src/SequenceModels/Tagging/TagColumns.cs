using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;
using SequenceModels.Interop;
using SequenceModels.Networks;
using SequenceModels.Onnx;
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

    /// <summary>Makes what a network gives the values of those columns in a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="answers">What the network gives for each step.</param>
    /// <param name="lengths">[B] how many steps each row has.</param>
    /// <param name="bioes">What its tags are of the tags of the labels; null: these themselves.</param>
    /// <param name="added">The columns.</param>
    public static void WriteOnnx(PipelineGraph graph, OnnxAnswers answers, string lengths, BioesTags? bioes,
        IReadOnlyList<DataViewSchema.Column> added)
    {
        string one = graph.Integer(1);
        (string keys, string scores) = (graph.Sum(answers.Labels!, one), answers.Scores);
        if (bioes is not null)
        {
            // Row l says which given tag the learned tag l is. Steps that are not there have none, -1: as good as the first.
            string table = graph.Weights("bioes", new OnnxTensor([bioes.Count, bioes.GivenCount], bioes.GivenCount, (tag, row) =>
            {
                row.Clear();
                row[bioes.Decode(tag)] = 1;
            }));
            string zero = graph.Integer(0);
            string learned = graph.Where(graph.Less(answers.Labels!, zero), zero, answers.Labels!);
            keys = graph.Sum(graph.Gather(graph.ArgMax(table, 1), learned), one);
            scores = graph.MatMul(scores, table);
        }
        new OnnxSequences(graph, keys, lengths).DefineKeys(added[0].Name, (VectorDataViewType)added[0].Type);
        new OnnxSequences(graph, scores, lengths).DefineFrames(added[1].Name, (VectorDataViewType)added[1].Type);
    }
}
