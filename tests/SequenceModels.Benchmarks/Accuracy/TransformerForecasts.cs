using System.Globalization;
using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceModels.Benchmarks.Accuracy;

/// <summary>
/// ETTh2: the loads and the oil temperature of an electricity transformer, by the hour; all seven columns, and the temperature
/// alone.
/// </summary>
internal static class TransformerForecasts
{
    private const int Month = 30 * 24, Training = 12 * Month, Validation = 4 * Month, Test = 4 * Month;

    private static readonly int[] s_horizons = [24, 48];

    private static readonly string[] s_columns = ["HUFL", "HULL", "MUFL", "MULL", "LUFL", "LULL", "OT"];

    public static ForecastExperiment Experiment { get; } = new("etth2",
        "hourly; the first 12 months to learn from, 4 to stop by, 4 to forecast, values standardised by the first 12; window " +
        "96, horizons 24 and 48, LSTM 32 with a linear path, change from the last value, batch 32, rate 1e-3, at most " +
        "10 epochs, averaged weights (0.999); the seven columns each from its own past by one network; the temperature (OT) alone " +
        "with the hour of the day (CalendarFeatures)",
        "mean squared and mean absolute error below those of the last value and of the value a day ago", Run,
        means => means.Names.All(name => IsBelow(means, name, ForecastMethod.LastValue) &&
            IsBelow(means, name, ForecastMethod.SeasonalLastValue)))
    {
        IsSummed = true,
    };

    private static bool IsBelow(ForecastMeans means, string name, ForecastMethod baseline)
    {
        (double squared, double absolute, _) = means.Overall(name, ForecastMethod.Model);
        return squared < means.Overall(name, baseline).Squared && absolute < means.Overall(name, baseline).Absolute;
    }

    private static (string, ForecastBackTest)[] Run(MLContext ml, string folder)
    {
        IDataView data = ml.Data.LoadFromEnumerable(Read(Path.Combine(folder, "etth2", "ETTh2.csv.gz")));
        return [.. from horizon in s_horizons
                   from targets in new[] { s_columns, s_columns[^1..] }
                   select ($"{(targets.Length > 1 ? "7 columns" : "OT")}, {horizon} ahead", ml.Sequences().Forecasting.BackTest(
                       ml.Forecasting.ForecastByLstm("Forecast", targets, 96, horizon, new()
                       {
                           ForecastFrom = ForecastFrom.LastValue, Loss = ForecastLoss.SquaredError, ConfidenceLevel = 0.9f,
                           TimeColumnName = "date",
                           CalendarFeatures = targets.Length > 1 ? CalendarFeatures.None : CalendarFeatures.HourOfDay,
                           AverageWeights = 0.999f, ValidationFraction = (double)Validation / (Training + Validation),
                           EarlyStoppingPatience = 3,
                       }), data, folds: 1, testFraction: (double)Test / (Training + Validation + Test), seasonLength: 24))];
    }

    private static Hour[] Read(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        string[][] rows = [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Take(Training + Validation + Test).Select(line => line.Split(','))];
        float[][] columns = [.. Enumerable.Range(1, s_columns.Length).Select(column => Standardised(
            [.. rows.Select(row => float.Parse(row[column], CultureInfo.InvariantCulture))]))];
        return [.. rows.Select((row, t) => new Hour
        {
            date = DateTime.Parse(row[0], CultureInfo.InvariantCulture),
            HUFL = columns[0][t], HULL = columns[1][t], MUFL = columns[2][t], MULL = columns[3][t], LUFL = columns[4][t],
            LULL = columns[5][t], OT = columns[6][t],
        })];
    }

    private static float[] Standardised(float[] values)
    {
        double mean = values.Take(Training).Average(value => (double)value);
        double deviation = Math.Sqrt(values.Take(Training).Average(value => (value - mean) * (value - mean)));
        return [.. values.Select(value => (float)((value - mean) / deviation))];
    }

    /// <summary>As the file names its columns.</summary>
    private sealed class Hour
    {
        public DateTime date { get; set; }

        public float HUFL { get; set; }

        public float HULL { get; set; }

        public float MUFL { get; set; }

        public float MULL { get; set; }

        public float LUFL { get; set; }

        public float LULL { get; set; }

        public float OT { get; set; }
    }
}
