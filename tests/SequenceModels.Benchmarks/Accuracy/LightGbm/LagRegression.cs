using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.LightGbm;
using SequenceModels.Forecasting;

namespace SequenceModels.Benchmarks.Accuracy;

/// <summary>ML.NET's LightGbm on the last values: a regression for each target and number of steps ahead.</summary>
/// <param name="Features">What it reads.</param>
/// <param name="Options">Its options.</param>
/// <param name="Words">The options, for the page.</param>
internal sealed record LagRegression(LagFeatures Features, Func<LightGbmRegressionTrainer.Options> Options, string Words)
{
    /// <summary>What is chosen from: as <c>LightGbm()</c> has it, and more and smaller trees.</summary>
    public static IReadOnlyList<LagRegression> Of(LagFeatures features) =>
    [
        new(features, () => new(), "as LightGbm() has it"),
        new(features, () => new() { NumberOfIterations = 300, LearningRate = 0.03, NumberOfLeaves = 15,
            MinimumExampleCountPerLeaf = 20 }, "300 trees of 15 leaves at rate 0.03"),
    ];

    /// <summary>Trains a regression and measures it on the steps that are held out.</summary>
    /// <param name="set">Data, with the cut.</param>
    /// <param name="target">Which column is forecast.</param>
    /// <param name="ahead">Steps ahead.</param>
    /// <param name="horizons">Of each, only forecasts are measured whose whole horizon lies in the data, as back tests do.</param>
    public ForecastMetrics[] Measure(LagSet set, int target, int ahead, params IReadOnlyList<int> horizons)
    {
        var ml = new MLContext(1);
        var rows = new LagRows(set, target, ahead, Features);
        var model = Trainer(ml).Fit(rows.View(ml, [.. rows.Origins(0, set.Train - ahead)]));
        int[] origins = [.. rows.Origins(set.Test - 1, set.End - horizons.Min())];
        float[] predicted = [.. model.Transform(rows.View(ml, origins)).GetColumn<float>("Score")];
        double change = Baseline.MeanChange(set.Columns[target], set.Train);
        return [.. horizons.Select(horizon =>
        {
            var sums = new MetricAccumulator(0.9);
            foreach ((int origin, float value) in origins.Zip(predicted).Where(pair => pair.First < set.End - horizon))
                sums.Add(rows.Actual(origin), (rows.Forecast(origin, value), float.NaN, float.NaN), change);
            return sums.Metrics(ForecastMethod.Model, $"{target}", ahead);
        })];
    }

    /// <summary>On one thread: on several, those of LightGbm wait for each other where another program runs beside it.</summary>
    private LightGbmRegressionTrainer Trainer(MLContext ml)
    {
        LightGbmRegressionTrainer.Options options = Options();
        options.NumberOfThreads = 1;
        return ml.Regression.Trainers.LightGbm(options);
    }
}
