using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Benchmarks.Timing;

namespace SequenceModels.Benchmarks.FirstTry;

/// <summary>What one seed gave: means over the folds, where there are some.</summary>
/// <param name="Accuracy">Share of test rows whose class was predicted.</param>
/// <param name="LogLoss">Mean of -ln of the probability that was given to the right class.</param>
/// <param name="FitSeconds">Seconds of a Fit, features included; null where times were not taken.</param>
/// <param name="PredictMicroseconds">Microseconds of one prediction by a prediction engine, in the first fold.</param>
internal sealed record Figures(double Accuracy, double LogLoss, double? FitSeconds, double? PredictMicroseconds)
{
    public static Figures Measure(Model model, IReadOnlyList<Split> splits, int seed, bool withTimes)
    {
        double accuracy = 0, logLoss = 0, seconds = 0;
        double? microseconds = null;
        foreach (Split split in splits)
        {
            var ml = new MLContext(seed);
            IEstimator<ITransformer> pipeline = model.Pipeline(ml, split);
            IDataView train = split.Train(ml);
            var watch = Stopwatch.StartNew();
            ITransformer fitted = pipeline.Fit(train);
            seconds += watch.Elapsed.TotalSeconds;
            MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(fitted.Transform(split.Test(ml)));
            accuracy += metrics.MicroAccuracy * split.TestCount;
            logLoss += metrics.LogLoss * split.TestCount;
            if (withTimes)
                microseconds ??= split.PredictMicroseconds(ml, fitted);
        }
        int rows = splits.Sum(split => split.TestCount);
        return new Figures(accuracy / rows, logLoss / rows, withTimes ? seconds / splits.Count : null, microseconds);
    }

    /// <summary>Over seeds: means, and medians of times, for the first one may hold the time of compiling.</summary>
    public static Figures Mean(IReadOnlyList<Figures> seeds)
    {
        double? Median(Func<Figures, double?> time) =>
            seeds.All(seed => time(seed) is not null) ? Rounds.Median(seeds.Select(seed => time(seed)!.Value)) : null;
        return new Figures(seeds.Average(seed => seed.Accuracy), seeds.Average(seed => seed.LogLoss),
            Median(seed => seed.FitSeconds), Median(seed => seed.PredictMicroseconds));
    }
}
