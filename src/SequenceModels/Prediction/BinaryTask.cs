using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;
using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Onnx;
using SequenceModels.Scoring;

namespace SequenceModels.Prediction;

/// <summary>
/// Two classes. Score is the logit, Probability its sigmoid, PredictedLabel whether Score is above the threshold.
/// </summary>
internal sealed class BinaryTask : SequenceTask
{
    public override string ScoreKind => "BinaryClassification";

    public override HeadKind Head => HeadKind.Sigmoid;

    public override ColumnRule Label { get; } = new("a Boolean label (ConvertType makes one; a key goes with " +
        "MulticlassClassification)",
        column => IsScalar(column, BooleanDataViewType.Instance));

    public override bool NeedsTwoClasses => true;

    public override Func<int, string> NameClasses(ClassNames? names) => index => index == 0 ? "false" : "true";

    public override ValueGetter<float> GetTarget(DataViewRow row, DataViewSchema.Column label)
    {
        ValueGetter<bool> get = row.GetGetter<bool>(label);
        bool isPositive = false;
        return (ref float target) =>
        {
            get(ref isPositive);
            target = isPositive ? 1 : 0;
        };
    }

    public override IEnumerable<DataViewSchema.DetachedColumn> OutputColumns(int outputs, ClassNames? names, uint setId)
    {
        var annotations = new ScoreAnnotations(ScoreKind, setId);
        return
        [
            new("PredictedLabel", BooleanDataViewType.Instance, annotations.Create("PredictedLabel")),
            new("Score", NumberDataViewType.Single, annotations.Create("Score")),
            new("Probability", NumberDataViewType.Single, annotations.Create("Probability",
                more => more.AddPrimitiveValue("IsNormalized", BooleanDataViewType.Instance, true))),
        ];
    }

    public override Predicted Decide(ReadOnlySpan<float> scores, ClassNames? names, float threshold) =>
        scores[0] > threshold ? new(0, NameClasses(names)(1)) : new(0, NameClasses(names)(0), IsNegated: true);

    public override Delegate[] MakeGetters(IRowScores scores, float threshold) =>
    [
        (ValueGetter<bool>)((ref bool isPositive) => isPositive = scores.Scores[0] > threshold),
        First(scores),
        (ValueGetter<float>)((ref float probability) => probability = 1 / (1 + MathF.Exp(-scores.Scores[0]))),
    ];

    public override string[] WriteOnnx(OnnxGraph graph, OnnxAnswers answers, float threshold) =>
        [graph.Less(graph.Number(threshold), answers.Scores), answers.Scores, answers.Probabilities!];
}
