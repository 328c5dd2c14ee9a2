using Microsoft.ML;
using SequenceModels.Forecasting;
using SequenceModels.Sequences;
using Xunit;

namespace SequenceModels.Tests.Forecasting;

/// <summary>What is worked out beside the network: how far bounds are moved, and where a trend leads.</summary>
public class ForecastStatisticsTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void Bounds_are_moved_until_they_hold_the_asked_share_of_the_validation_windows()
    {
        // A network that has hardly learned: its three quantiles are nearly one number.
        TimeStep[] steps = Steps.Wave(160, noise: 3);
        float[][][] Forecasts(double validation) => _ml.Forecasting.ForecastByGru("Forecast", ["Value"], 8, 1,
            Steps.Glance with
            {
                NumberOfEpochs = 1,
                LearningRate = 1e-5f,
                ConfidenceLevel = 0.9f,
                ValidationFraction = validation
            }).Fit(_ml.View(steps)).Forecasts(_ml.View(steps));
        // Windows end with the steps 7 to 158; the last 61 of them are measured. 56 of 61 is the smallest share that is (61 + 1)
        // 0.9 or more.
        int Within(float[][][] forecasts) => Enumerable.Range(98, 61)
            .Count(t => steps[t + 1].Value >= forecasts[1][t][0] && steps[t + 1].Value <= forecasts[2][t][0]);
        Assert.InRange(Within(Forecasts(0)), 0, 40);
        Assert.Equal(56, Within(Forecasts(0.4)));
    }

    [Theory]
    [InlineData(50, 0.9f, 46)]
    [InlineData(59, 0.9f, 54)]
    [InlineData(60, 0.5f, 31)]
    [InlineData(49, 0.9f, 0)] // too few
    [InlineData(50, 0.99f, 50)] // the quantile is beyond the largest
    public void Bounds_are_moved_by_the_score_of_the_next_rank(int windows, float level, int rank)
    {
        ForecastTransformer model = _ml.Forecasting.ForecastByGru("Forecast", ["Value"], 8, 1,
            Steps.Glance with { ConfidenceLevel = level }).Fit(_ml.View(Steps.Wave(60)));
        ForecastSpec spec = model.ForecastModel.Spec;
        var random = new Random(1);
        using var data = new SequenceDataset([StepFeature.Frames(1)], targets: data => new RowTargets(data, 1));
        var scores = new List<float>();
        for (int i = 0; i < windows; i++)
        {
            float[] frames = [.. Enumerable.Range(0, 8).Select(_ => random.NextSingle())];
            float label = 4 * random.NextSingle() - 2;
            data.Add(frames, [label]);
            (_, float lower, float upper) = ForecastOutputs.Read(spec.Loss, model.Model.Network.Score(frames), 0);
            scores.Add(Math.Max(lower - label, label - upper));
        }
        scores.Sort();
        Assert.Equal([rank == 0 ? 0 : scores[rank - 1]], IntervalCalibration.Widening(model.Model.Network, data, spec), (a, b) =>
            Math.Abs(a - b) < 1e-5f);
    }

    [Theory]
    [InlineData(ForecastTransform.Difference)]
    [InlineData(ForecastTransform.LogDifference)]
    public void A_drift_goes_on_from_the_last_value(ForecastTransform transform)
    {
        ForecastTransformer model = _ml.Forecasting.ForecastByGru("Forecast", ["Value"], 4, 3,
            Steps.Glance with { Transform = transform }).Fit(_ml.View(Steps.Wave(60)));
        bool isLog = transform == ForecastTransform.LogDifference;
        float At(int step) => isLog ? MathF.Pow(1.5f, step) : 3 * step;
        var steps = new SeriesSteps([.. Enumerable.Range(1, 9).Select(At)], 1, [.. Enumerable.Range(0, 9)]);
        WindowEncoder encoder = model.ForecastModel.CreateEncoder();
        Assert.True(encoder.TryEncode(steps, 5));
        float[] labels = new float[3];
        encoder.Labels(steps, 5, labels);
        for (int h = 0; h < 3; h++)
        {
            // The last value is that of step 6.
            double level = encoder.Scales[h].Location;
            Assert.Equal(At(7 + h), (float)(isLog ? Math.Exp(level) : level), 1e-3f);
            Assert.Equal(0, labels[h], 1e-3f);
        }
    }
}
