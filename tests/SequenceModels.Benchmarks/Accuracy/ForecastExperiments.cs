using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceModels.Benchmarks.Accuracy;

/// <summary>A forecast under test: data, recipe, and what it must be better than.</summary>
/// <param name="Name">Names it on the command line and on the page.</param>
/// <param name="Recipe">The settings, in words.</param>
/// <param name="Mark">What must hold, in words.</param>
/// <param name="Run">
/// Back tests with a seed, given the folder of the data sets; the first is the model's own, the others what it is compared with.
/// </param>
/// <param name="Holds">Whether it does, of the means over seeds and of the regressions beside them.</param>
internal sealed record ForecastExperiment(string Name, string Recipe, string Mark,
    Func<MLContext, string, (string Name, ForecastBackTest Test)[]> Run,
    Func<ForecastMeans, IReadOnlyList<LagBaseline>, bool> Holds)
{
    /// <summary>Whether the page has means over targets and steps ahead in place of a table of all.</summary>
    public bool IsSummed { get; init; }

    /// <summary>What was tried, where the mark is missed; and what else is to be known.</summary>
    public string Notes { get; init; } = "";
}

/// <summary>Every forecast under test.</summary>
internal static class ForecastExperiments
{
    private static readonly ForecastOptions Small = new()
    {
        HiddenSize = 32, ForecastFrom = ForecastFrom.LastValue, Loss = ForecastLoss.SquaredError, ConfidenceLevel = 0.9f,
        ValidationFraction = 0.1, EarlyStoppingPatience = 5,
    };

    public static IReadOnlyList<ForecastExperiment> All { get; } =
    [
        new("sunspots",
            "monthly; window 132, horizon 12, GRU 64 with a linear path, dropout 0.4, change from the last value, batch 16, rate " +
            "1e-3, at most 40 epochs, averaged weights (0.99), early stopping on the last fifth",
            "at every horizon 1..12 a smaller RMSE than the last value and the value 132 months ago, and than LightGbm on lags " +
            "(18.71, 24.18, 27.43 at 1, 6, 12); 90% intervals hold 85 to 95% of the values held out", Sunspots,
            (means, _) => means.BeatsBaselines && means.Coverage is >= 0.85 and <= 0.95 &&
                Below(means, "model", (1, 18.71), (6, 24.18), (12, 27.43))) { Notes = ForecastNotes.Sunspots },
        new("daily-min-temperatures",
            "window 60, horizon 7, GRU 64 without a linear path, the day of the year (CalendarFeatures), batch 32, rate 1e-3, " +
            "at most 40 epochs, averaged weights (0.99), early stopping on the last tenth",
            "at every horizon 1..7 a smaller RMSE than the last value and the value 365 days ago, and than LightGbm on lags " +
            "(2.204, 2.767, 2.842 at 1, 4, 7)", Temperatures,
            (means, _) => means.BeatsBaselines && Below(means, "model", (1, 2.204), (4, 2.767), (7, 2.842)))
        {
            Notes = ForecastNotes.Temperatures,
        },
        new("airline-passengers",
            "last 24 months one step ahead; differences of logarithms from one year to the next, change from the last of " +
            "these, window 6, LSTM 16 with a linear path, batch 16, rate 2e-3, 30 epochs, averaged weights (0.99)",
            "MASE under 0.65", Airline, (means, _) => means.Of("model", ForecastMethod.Model, 1).MeanAbsoluteScaledError < 0.65),
        new("beijing-pm25",
            "hourly, with gaps; horizon 6, GRU 64 with a linear path, values and their changes from hour to hour " +
            "(DifferenceInputs), one scale for all windows (how fast the air clears depends on how bad it is), change from the " +
            "last value, dropout 0.1, AdamW with weight decay 0.3, gradients of norm 1 at most, batch 32, rate 1e-3, at most 12 " +
            "epochs, averaged weights (0.999); multivariate: dew point, temperature, pressure, wind, snow and rain of the past, " +
            "window 8; univariate: the hour of the day (CalendarFeatures), window 24",
            "at every horizon 1..6 the multivariate RMSE is smaller than the univariate one, and that smaller than the last " +
            "value's; and smaller than LightGbm on lags of the same columns (multivariate 20.35, 37.92, 52.87, univariate " +
            "20.84, 40.37, 57.66 at 1, 3, 6)", Beijing,
            (means, _) => Enumerable.Range(1, 6)
                .All(h => Rmse(means, "multivariate", h) < Rmse(means, "univariate", h) && Rmse(means, "univariate", h) <
                means.Of("univariate", ForecastMethod.LastValue, h).RootMeanSquaredError) &&
                Below(means, "multivariate", (1, 20.35), (3, 37.92), (6, 52.87)) &&
                Below(means, "univariate", (1, 20.84), (3, 40.37), (6, 57.66))) { Notes = ForecastNotes.Beijing },
        TransformerForecasts.Columns,
        TransformerForecasts.OilTemperature,
        new("related-series",
            "made up: 20 series of 120 steps with one law, an autoregression of order 2 with a season of 7, and levels from 1 " +
            "to 1000; window 14, horizon 3, GRU 24",
            "one model of all series has a smaller MASE than 20 of one series each", Related, (means, _) =>
                Enumerable.Range(1, 3).All(h =>
                means.Of("one model", ForecastMethod.Model, h).MeanAbsoluteScaledError < means.Of("20 models",
                    ForecastMethod.Model, h).MeanAbsoluteScaledError)),
        new("known-noise", "made up: a wave of 25 steps with normal noise, 4,000 steps; window 30, horizon 3, LSTM 24",
            "90% intervals hold 85 to 95% of the values held out", KnownNoise, (means, _) => means.Coverage is >= 0.85 and <= 0.95),
    ];

    private static double Rmse(ForecastMeans means, string name, int h) =>
        means.Of(name, ForecastMethod.Model, h).RootMeanSquaredError;

    private static bool Below(ForecastMeans means, string name, params (int Ahead, double Rmse)[] goals) =>
        goals.All(goal => Rmse(means, name, goal.Ahead) < goal.Rmse);

    private static (string, ForecastBackTest)[] Sunspots(MLContext ml, string folder) =>
        [("model", ml.Sequences().Forecasting.BackTest(
        ml.Forecasting.ForecastByGru("Forecast", ["Value"], 132, 12, Small with
        {
            HiddenSize = 64, Dropout = 0.4f, BatchSize = 16, NumberOfEpochs = 40, ValidationFraction = 0.2, AverageWeights = 0.99f,
        }),
        Column(ml, Path.Combine(folder, "sunspots-monthly", "monthly-sunspots.csv")), folds: 1, testFraction: 0.2,
        seasonLength: 132))];

    private static (string, ForecastBackTest)[] Temperatures(MLContext ml, string folder) =>
        [("model", ml.Sequences().Forecasting.BackTest(
        ml.Forecasting.ForecastByGru("Forecast", ["Value"], 60, 7, Small with
        {
            HiddenSize = 64, ForecastFrom = ForecastFrom.Nothing, TimeColumnName = "Date", CalendarFeatures = CalendarFeatures.DayOfYear,
            NumberOfEpochs = 40, AverageWeights = 0.99f, LinearPath = false,
        }),
        Column(ml, Path.Combine(folder, "daily-min-temperatures", "daily-min-temperatures.csv"), dated: true),
            folds: 1, testFraction: 0.2,
        seasonLength: 365))];

    private static (string, ForecastBackTest)[] Airline(MLContext ml, string folder) =>
        [("model", ml.Sequences().Forecasting.BackTest(
        ml.Forecasting.ForecastByLstm("Forecast", ["Value"], 6, 1, Small with
        {
            Transform = ForecastTransform.LogSeasonalDifference, SeasonLength = 12, ValidationFraction = 0,
            EarlyStoppingPatience = 0, HiddenSize = 16, BatchSize = 16, LearningRate = 2e-3f, NumberOfEpochs = 30,
            AverageWeights = 0.99f,
        }),
        Column(ml, Path.Combine(folder, "airline-passengers", "airline-passengers.csv")), folds: 1, testFraction: 24 / 144.0,
        seasonLength: 12))];

    private static (string, ForecastBackTest)[] Beijing(MLContext ml, string folder)
    {
        IDataView data = ml.Data.LoadFromEnumerable(File.ReadLines(Path.Combine(folder, "beijing-pm25", "pollution.csv")).Skip(1)
            .Select(line => line.Split(','))
            .Select(field => new Air
            {
                Time = new DateTime(int.Parse(field[1], Invariant), int.Parse(field[2], Invariant),
                    int.Parse(field[3], Invariant), int.Parse(field[4], Invariant), 0, 0),
                Pollution = field[5] == "NA" ? float.NaN : Number(field[5]), Wind = field[9],
                Weather = [Number(field[6]), Number(field[7]), Number(field[8]), MathF.Log(1 + Number(field[10])),
                    Number(field[11]), Number(field[12])],
            }).ToArray());
        ForecastOptions options = Small with
        {
            HiddenSize = 64, DifferenceInputs = true, Scaling = ForecastScaling.None, Dropout = 0.1f,
            Optimizer = SequenceOptimizer.AdamW(weightDecay: 0.3f), GradientClipNorm = 1, BatchSize = 32, NumberOfEpochs = 12,
            AverageWeights = 0.999f,
        };
        ForecastBackTest Test(IEstimator<ITransformer> estimator) =>
            ml.Sequences().Forecasting.BackTest(estimator, data, folds: 1, testFraction: 0.2, seasonLength: 24);
        return
        [
            ("multivariate", Test(ml.Transforms.Categorical.OneHotEncoding("Wind")
                .Append(ml.Forecasting.ForecastByGru("Forecast", ["Pollution"], 8, 6,
                options with { PastColumnNames = ["Weather", "Wind"] })))),
            ("univariate", Test(ml.Forecasting.ForecastByGru("Forecast", ["Pollution"], 24, 6, options with
            {
                TimeColumnName = "Time", CalendarFeatures = CalendarFeatures.HourOfDay,
            }))),
        ];
    }

    private static (string, ForecastBackTest)[] Related(MLContext ml, string folder)
    {
        const int Count = 20, Length = 120;
        var random = new Random(7);
        Step[] all = [.. Enumerable.Range(0, Count).SelectMany(series =>
        {
            double level = Math.Pow(10, 3.0 * series / (Count - 1)), before = 0, last = 0;
            return Enumerable.Range(0, Length).Select(t =>
            {
                (before, last) = (last, 1.2 * last - 0.5 * before + 0.3 * Normal(random));
                return new Step { Series = $"s{series}", Time = t,
                    Value = (float)(level * (10 + last + 2 * Math.Sin(Math.Tau * t / 7))) };
            }).ToArray();
        })];
        ForecastOptions options = Small with
        {
            HiddenSize = 24,
            SeriesColumnName = "Series",
            TimeColumnName = "Time",
            LearningRate = 5e-3f,
            NumberOfEpochs = 60,
            BatchSize = 16,
            ValidationFraction = 0.2,
            EarlyStoppingPatience = 8,
        };
        ForecastBackTest Test(IEnumerable<Step> steps) =>
            ml.Sequences().Forecasting.BackTest(ml.Forecasting.ForecastByGru("Forecast", ["Value"], 14, 3, options),
            ml.Data.LoadFromEnumerable(steps.ToArray()), folds: 1, testFraction: 0.25, seasonLength: 7);
        return [("one model", Test(all)), .. all.GroupBy(step => step.Series).Select(series => ($"20 models", Test(series)))];
    }

    private static (string, ForecastBackTest)[] KnownNoise(MLContext ml, string folder)
    {
        var random = new Random(11);
        Step[] steps =
            [.. Enumerable.Range(0, 4000)
                .Select(t => new Step { Time = t, Value = (float)(50 + 10 * Math.Sin(Math.Tau * t / 25) + 3 * Normal(random)) })];
        return [("model",
            ml.Sequences().Forecasting.BackTest(ml.Forecasting.ForecastByLstm("Forecast", ["Value"], 30, 3, Small with
        {
            HiddenSize = 24, ForecastFrom = ForecastFrom.Nothing, LearningRate = 3e-3f, NumberOfEpochs = 30,
        }), ml.Data.LoadFromEnumerable(steps), folds: 1, testFraction: 0.25, seasonLength: 25))];
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble());

    private static CultureInfo Invariant => CultureInfo.InvariantCulture;

    private static float Number(string text) => float.Parse(text, Invariant);

    private static IDataView Column(MLContext ml, string path, bool dated = false) => ml.Data.LoadFromTextFile(path,
        [new("Value", DataKind.Single, 1), .. dated ? (TextLoader.Column[])[new("Date", DataKind.DateTime, 0)] : []],
        separatorChar: ',', hasHeader: true, allowQuoting: true);

    private sealed class Step
    {
        public string Series { get; set; } = "";

        public int Time { get; set; }

        public float Value { get; set; }
    }

    private sealed class Air
    {
        public DateTime Time { get; set; }

        public float Pollution { get; set; }

        public string Wind { get; set; } = "";

        [VectorType(6)]
        public float[] Weather { get; set; } = [];
    }
}
