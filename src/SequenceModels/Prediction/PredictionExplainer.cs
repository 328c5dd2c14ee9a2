using Microsoft.ML;
using SequenceModels.Columns;
using SequenceModels.Scoring;
using SequenceModels.Sequences;

namespace SequenceModels.Prediction;

/// <summary>Explains what a network predicts of rows: the class that it takes them for, or the number.</summary>
/// <param name="columns">What the network reads.</param>
/// <param name="network">The network.</param>
/// <param name="decide">From the scores of a row to what is predicted.</param>
internal sealed class PredictionExplainer(InputColumns columns, SequenceNetwork network, PredictionExplainer.Decision decide)
    : IRowExplainer
{
    public delegate Predicted Decision(ReadOnlySpan<float> scores);

    public IEnumerable<DataViewSchema.Column> Columns => columns.Read;

    public Func<RowExplanation> CreateGetter(DataViewRow row)
    {
        InputReader reader = columns.CreateReader(row);
        SequenceDataset data = columns.NewDataset();
        var texts = new StepTexts(columns);
        return () =>
        {
            reader.Read();
            try
            {
                data.Clear();
                reader.AddTo(data, [0]);
                return Explain(data, reader.Length, texts, reader.Text);
            }
            catch (Exception e) when (RowError.IsOfTheRow(e))
            {
                throw RowError.Wrap(columns, row.Position, e);
            }
        };
    }

    private RowExplanation Explain(SequenceDataset data, int steps, StepTexts texts, ReadOnlyMemory<char> text)
    {
        float[] scores = new float[network.NumberOfOutputs];
        network.Score(data, [0], scores, network.CreatePass());
        Predicted predicted = decide(scores);
        SequenceExplanation explanation = network.Explain(data, 0, predicted.Output);
        if (columns.Inputs is [{ Stacked: > 1 } frames])
            explanation = explanation.Over(steps * frames.StepSize, frames.StepSize);
        float sign = predicted.IsNegated ? -1 : 1;
        float[] shares = [.. explanation.Shares.Select(share => sign * share)];
        (string[] names, string[] pieces) = columns.All is [{ Text: { } read }]
            ? StepTexts.Of(text.ToString(), read.Tokenizer) : texts.Of(data, steps);
        int perStep = names.Length == 0 ? 1 : shares.Length / names.Length;
        float[] ofSteps = perStep == 1 ? shares : [.. shares.Chunk(perStep).Select(step => step.Sum())];
        double ofRow = sign * explanation.RowFeatureShare;
        if (columns.All is [{ Text: { NGrams.Count: > 0 } features }])
        {
            double[] ofNGrams = new double[ofSteps.Length];
            double nobodys = NGramShares.AddTo(text.Span, features,
                (slot, value) => sign * network.ShareOf(explanation, slot, value), ofNGrams);
            ofRow -= ofNGrams.Sum();
            if (columns.RowFeatures is null)
                ofRow = nobodys;
            ofSteps = [.. ofSteps.Zip(ofNGrams, (step, ngrams) => (float)(step + ngrams))];
        }
        return new RowExplanation
        {
            Tokens = names,
            Pieces = pieces,
            Shares = ofSteps,
            RowFeatureShare = (float)ofRow,
            FeatureShares = columns.Inputs.AreFrames ? shares : [],
            PredictedLabel = predicted.Label,
            Score = sign * explanation.Score,
            BaselineScore = sign * explanation.BaselineScore,
        };
    }
}

/// <summary>What a network predicts of a row.</summary>
/// <param name="Output">The output that says it.</param>
/// <param name="Label">The class, or the number, as text.</param>
/// <param name="IsNegated">Whether the output speaks for the other one of two classes.</param>
internal readonly record struct Predicted(int Output, string Label, bool IsNegated = false);
