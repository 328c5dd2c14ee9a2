using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Reports;

namespace SequenceModels.Tests.Forecasting;

/// <summary>A step of a made-up series.</summary>
public sealed class TimeStep
{
    public string Series { get; set; } = "a";

    public float Time { get; set; }

    public DateTime Date { get; set; } = new(2026, 1, 1);

    public float Value { get; set; }

    public float Other { get; set; }

    [VectorType(2)]
    public float[] Weather { get; set; } = [0, 0];

    public float Price { get; set; }

    public float Size { get; set; }
}

/// <summary>What is forecast of it.</summary>
public sealed class Outlook
{
    public float[] Forecast { get; set; } = [];

    public float[] ForecastLowerBound { get; set; } = [];

    public float[] ForecastUpperBound { get; set; } = [];
}

/// <summary>Series and models for the tests of forecasts.</summary>
internal static class Steps
{
    /// <summary>Enough to run through everything; it has not learned much.</summary>
    public static ForecastOptions Glance { get; } =
        new() { HiddenSize = 6, NumberOfEpochs = 2, LearningRate = 0.01f, Seed = 1, NumberOfThreads = 1 };

    public static ForecastOptions Learned { get; } =
        new() { HiddenSize = 16, NumberOfEpochs = 30, LearningRate = 0.01f, Seed = 1 };

    /// <summary>A noisy wave.</summary>
    public static TimeStep[] Wave(int count, string series = "a", double level = 10, double noise = 0.1, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(t => new TimeStep
        {
            Series = series, Time = t,
                Value = (float)(level * (1 + 0.3 * Math.Sin(t * 0.5)) + noise * (random.NextDouble() - 0.5)),
            Other = (float)Math.Cos(t * 0.5), Weather = [(float)Math.Sin(t * 0.7), t % 3], Price = t % 5, Size = (float)level,
        })];
    }

    public static IDataView View(this MLContext ml, IEnumerable<TimeStep> steps) => ml.Data.LoadFromEnumerable(steps.ToArray());

    /// <summary>Forecast, lower and upper bound of each row.</summary>
    public static float[][][] Forecasts(this ITransformer model, IDataView data, string output = "Forecast")
    {
        IDataView forecasts = model.Transform(data);
        return [.. new[] { output, output + "LowerBound", output + "UpperBound" }.Select(column =>
            forecasts.GetColumn<float[]>(column).ToArray())];
    }

    public static double Rmse(float[][] forecasts, TimeStep[] steps, int horizon) =>
        Math.Sqrt(Enumerable.Range(0, steps.Length - horizon)
        .Where(t => !float.IsNaN(forecasts[t][horizon - 1]))
        .Average(t => Math.Pow(forecasts[t][horizon - 1] - steps[t + horizon].Value, 2)));
}
