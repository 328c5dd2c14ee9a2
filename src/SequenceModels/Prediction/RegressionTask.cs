using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;
using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Onnx;
using SequenceModels.Scoring;

namespace SequenceModels.Prediction;

/// <summary>One number. Score is the prediction, in the label's own unit.</summary>
internal sealed class RegressionTask : SequenceTask
{
    public override string ScoreKind => "Regression";

    public override HeadKind Head => HeadKind.Regression;

    public override ColumnRule Label { get; } = new("a Single label (ConvertType makes one of other numbers)",
        column => IsScalar(column, NumberDataViewType.Single));

    public override bool NeedsTwoClasses => false;

    public override ValueGetter<float> GetTarget(DataViewRow row, DataViewSchema.Column label) => row.GetGetter<float>(label);

    public override IEnumerable<DataViewSchema.DetachedColumn> OutputColumns(int outputs, ClassNames? names, uint setId) =>
        [new("Score", NumberDataViewType.Single, new ScoreAnnotations(ScoreKind, setId).Create("Score"))];

    public override Predicted Decide(ReadOnlySpan<float> scores, ClassNames? names, float threshold) =>
        new(0, InvariantText.Of(scores[0])!);

    public override Delegate[] MakeGetters(IRowScores scores, float threshold) => [First(scores)];

    public override string[] WriteOnnx(OnnxGraph graph, OnnxAnswers answers, float threshold) => [answers.Scores];
}
