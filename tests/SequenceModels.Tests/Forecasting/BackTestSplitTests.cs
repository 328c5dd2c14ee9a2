using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace SequenceModels.Tests.Forecasting;

/// <summary>A split that is given, models that were fitted before, and figures over all steps, targets and by series.</summary>
public class BackTestSplitTests
{
    private const int Horizon = 3;

    private static readonly ForecastMethod[] s_methods = Enum.GetValues<ForecastMethod>();

    private readonly MLContext _ml = new(1);

    [Fact]
    public void A_split_trains_on_its_first_part_and_measures_what_it_forecasts_up_to_its_end()
    {
        TimeStep[] steps = Steps.Wave(100, noise: 1);
        ForecastBackTest test = _ml.Sequences().Forecasting.BackTest(Gru(Steps.Glance), _ml.View(steps),
            ForecastSplit.AtRow(80, validation: 60, end: 95), seasonLength: 12);
        float[][] forecasts = Gru(Steps.Glance).Fit(_ml.View(steps[..60]), _ml.View(steps[60..80])).Forecasts(_ml.View(steps))[0];
        // From the last step before the cut, as long as the whole horizon is before the end.
        int[] origins = [.. Enumerable.Range(79, 95 - Horizon - 79)];
        for (int h = 1; h <= Horizon; h++)
        {
            ForecastMetrics metrics = test.Of(ForecastMethod.Model, h);
            Assert.Equal(origins.Length, metrics.Count);
            Assert.Equal(origins.Average(t => Math.Pow(steps[t + h].Value - forecasts[t][h - 1], 2)), metrics.MeanSquaredError,
                1e-6);
            Assert.Equal(origins.Average(t => Math.Abs(steps[t + h].Value - steps[t + h - 12].Value)),
                test.Of(ForecastMethod.SeasonalLastValue, h).MeanAbsoluteError, 1e-6);
        }
        // Scaled errors are counted in what the first part is like.
        double change = Enumerable.Range(1, 59).Average(t => Math.Abs((double)steps[t].Value - steps[t - 1].Value));
        Assert.Equal(test.Of(ForecastMethod.Model, 1).MeanAbsoluteError / change,
            test.Of(ForecastMethod.Model, 1).MeanAbsoluteScaledError, 1e-6);
    }

    [Fact]
    public void Without_rows_for_validation_all_before_the_cut_are_learned_from()
    {
        IDataView data = _ml.View(Steps.Wave(100, noise: 1));
        ForecastBackTest split = _ml.Sequences().Forecasting.BackTest(Gru(Steps.Glance), data, ForecastSplit.AtRow(80), 12),
            fold = _ml.Sequences().Forecasting.BackTest(Gru(Steps.Glance), data, folds: 1, testFraction: 0.2, seasonLength: 12);
        Assert.Equal(fold.Metrics, split.Metrics);
    }

    [Fact]
    public void A_fitted_model_is_measured_as_a_back_test_measures_it()
    {
        IDataView data = _ml.View(Steps.Wave(100, noise: 1)), train = _ml.View(Steps.Wave(100, noise: 1)[..80]);
        var chain = _ml.Transforms.CopyColumns("Target", "Value")
            .Append(_ml.Forecasting.ForecastByGru("Forecast", ["Target"], 8, Horizon, Steps.Glance));
        ForecastBackTest expected =
            _ml.Sequences().Forecasting.BackTest(chain, data, folds: 1, testFraction: 0.2, seasonLength: 12);
        ForecastBackTest test =
            _ml.Sequences().Forecasting.Evaluate(data, chain.Fit(train), ForecastSplit.AtRow(80), seasonLength: 12);
        Assert.Equal(expected.Metrics, test.Metrics);
        Assert.Equal((1, 0), (expected.Folds, test.Folds));
        Assert.StartsWith("Target: a fitted model, season 12, bounds at 0.95, errors in the target's unit\n",
            test.ToString().ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_split_all_rows_of_a_fitted_model_are_forecast()
    {
        TimeStep[] steps = Steps.Wave(60, noise: 1);
        ForecastTransformer model = Gru(Steps.Glance).Fit(_ml.View(steps[..40]));
        ForecastBackTest test = _ml.Sequences().Forecasting.Evaluate(_ml.View(steps[40..]), model, seasonLength: 1);
        // 20 rows; the first window is full at the eighth.
        Assert.Equal(20 - 7 - Horizon, test.Of(ForecastMethod.Model, 1).Count);
        Assert.Equal(double.NaN, test.Of(ForecastMethod.Model, 1).MeanAbsoluteScaledError);
        Assert.Equal(0, test.Standardized.Of(ForecastMethod.Model, 1).Count);
        Assert.Contains("'model'", Assert.Throws<ArgumentException>(() => _ml.Sequences().Forecasting.Evaluate(_ml.View(steps),
            _ml.Transforms.CopyColumns("a", "Value").Fit(_ml.View(steps)))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Date")]
    [InlineData("Text")]
    [InlineData("Year")]
    public void A_cut_at_a_time_is_the_cut_at_its_row(string column)
    {
        TimedStep[] steps = [.. Steps.Wave(60, noise: 1).Select((step, i) => new TimedStep
        {
            Date = new DateTime(2020, 1, 1).AddDays(i), Text = $"{new DateTime(2020, 1, 1).AddDays(i):yyyy-MM-dd}",
            Year = 1900 + i, Value = step.Value,
        })];
        new Random(1).Shuffle(steps);
        IDataView data = _ml.Data.LoadFromEnumerable(steps);
        ForecastTrainer gru = Gru(Steps.Glance with { TimeColumnName = column });
        ForecastBackTest Test(ForecastSplit split) => _ml.Sequences().Forecasting.BackTest(gru, data, split, seasonLength: 1);
        ForecastBackTest byRow = Test(ForecastSplit.AtRow(45, 30, 58)),
            byTime = Test(column == "Year" ? ForecastSplit.AtTime(1944.5, 1930, 1958)
                : ForecastSplit.AtTime(new DateTime(2020, 2, 15), new DateTime(2020, 1, 31), new DateTime(2020, 2, 28)));
        Assert.Equal(byRow.Metrics, byTime.Metrics);
        string message = Assert.Throws<InvalidOperationException>(() => Test(column == "Year"
            ? ForecastSplit.AtTime(new DateTime(2020, 2, 15)) : ForecastSplit.AtTime(1944))).Message;
        Assert.StartsWith($"Column '{column}', row 0 (counted from 0), is ", message, StringComparison.Ordinal);
        Assert.EndsWith("Give the other kind to AtTime, or cut with ForecastSplit.AtRow.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_over_all_steps_and_targets_are_those_of_all_values_together()
    {
        TimeStep[] steps = Steps.Wave(80, noise: 1);
        ForecastBackTest test = Two(steps);
        double[] squares = [.. test.Metrics.Where(row => row is { Method: ForecastMethod.Model, TargetColumnName: "Value" })
            .Select(row => row.MeanSquaredError)];
        Assert.Equal(Horizon, squares.Length);
        ForecastMetrics value = test.Of(ForecastMethod.Model, null, "Value");
        Assert.Equal(squares.Average(), value.MeanSquaredError, 1e-9);
        Assert.Equal(Math.Sqrt(squares.Average()), value.RootMeanSquaredError, 1e-9);
        Assert.Equal(("Value", (string?)null, 0), (value.TargetColumnName, value.SeriesName, value.Horizon));
        ForecastMetrics all = test.Of(ForecastMethod.Model);
        Assert.Equal(test.Metrics.Where(row => row.Method == ForecastMethod.Model).Average(row => row.MeanAbsoluteError),
            all.MeanAbsoluteError, 1e-9);
        Assert.Equal(2 * value.Count, all.Count);
        Assert.Null(all.TargetColumnName);
    }

    [Fact]
    public void Standardised_errors_are_those_of_standardised_values()
    {
        TimeStep[] steps = Steps.Wave(80, noise: 1);
        ForecastBackTest test = Two(steps), standardized = test.Standardized;
        foreach ((string name, Func<TimeStep, float> of) in
            new (string, Func<TimeStep, float>)[] { ("Value", step => step.Value), ("Other", step => step.Other) })
        {
            double mean = steps.Take(64).Average(step => (double)of(step)),
                deviation = Math.Sqrt(steps.Take(64).Average(step => Math.Pow(of(step) - mean, 2)));
            foreach (ForecastMethod method in s_methods)
            {
                ForecastMetrics plain = test.Of(method, 2, name), scaled = standardized.Of(method, 2, name);
                Assert.Equal(plain.MeanAbsoluteError / deviation, scaled.MeanAbsoluteError, 1e-5);
                Assert.Equal(plain.MeanSquaredError / deviation / deviation, scaled.MeanSquaredError, 1e-5);
                Assert.Equal(plain.PinballLoss / deviation, scaled.PinballLoss, 1e-5);
                Assert.Equal(plain.IntervalWidth / deviation, scaled.IntervalWidth, 1e-5);
                Assert.Equal((plain.IntervalCoverage, plain.SymmetricMeanAbsolutePercentageError, plain.MeanAbsoluteScaledError),
                    (scaled.IntervalCoverage, scaled.SymmetricMeanAbsolutePercentageError, scaled.MeanAbsoluteScaledError));
            }
        }
        Assert.Same(standardized, standardized.Standardized);
    }

    [Fact]
    public void Each_series_has_figures_over_all_steps_and_one_that_stood_still_none_in_deviations()
    {
        TimeStep[] steps = [.. Steps.Wave(80, "a", noise: 1), .. Steps.Wave(80, "b", level: 100), .. Steps.Wave(80, "c")];
        foreach (TimeStep step in steps.Where(step => step.Series == "c"))
            step.Value = 5;
        ForecastBackTest Test(IEnumerable<TimeStep> of, ITransformer model) => _ml.Sequences().Forecasting.Evaluate(_ml.View(of),
            model, ForecastSplit.AtRow(64), seasonLength: 1);
        ForecastTransformer model =
            Gru(Steps.Glance with { SeriesColumnName = "Series" }).Fit(_ml.View(steps.Where((_, i) => i % 80 < 64)));
        ForecastBackTest all = Test(steps, model), b = Test(steps.Where(step => step.Series == "b"), model);
        ForecastMetrics ofB = all.SeriesMetrics.Single(row => row is { SeriesName: "b", Method: ForecastMethod.Model });
        ForecastMetrics alone = b.Of(ForecastMethod.Model);
        Assert.Equal((alone.Count, alone.MeanSquaredError), (ofB.Count, ofB.MeanSquaredError));
        Assert.Equal(alone.MeanAbsoluteScaledError, ofB.MeanAbsoluteScaledError, 1e-9); // summed up in another order
        Assert.Equal(("b", "Value", 0), (ofB.SeriesName, ofB.TargetColumnName, ofB.Horizon));
        Assert.Equal(["a", "b", "c"], all.SeriesMetrics.Select(row => row.SeriesName).Distinct());
        Assert.Equal(["a", "b"], all.Standardized.SeriesMetrics.Select(row => row.SeriesName).Distinct());
        Assert.Contains("2 series, ", all.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Many_targets_and_a_long_horizon_make_a_short_table()
    {
        string[] names = [.. Enumerable.Range(0, 12).Select(i => $"V{i}")];
        var chain = new EstimatorChain<ITransformer>();
        foreach (string name in names)
            chain = chain.Append<ITransformer>(_ml.Transforms.CopyColumns(name, "Value"));
        ForecastBackTest test = _ml.Sequences().Forecasting.BackTest(
            chain.Append(_ml.Forecasting.ForecastByGru("Forecast", names, 8, 24, Steps.Glance)), _ml.View(Steps.Wave(140)),
            folds: 1, testFraction: 0.4, seasonLength: 1);
        string[] lines = test.ToString().ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(12 * 24 * 3, test.Metrics.Count);
        // Two headings over all, at 1, 12 and 24 ahead; then ten of the columns, and how many are left.
        Assert.Equal(3 + 3 * 4 + 2 + 10 + 1, lines.Length);
        Assert.StartsWith("12 columns: 1 fold, season 1, bounds at 0.95, errors in the target's unit", lines[0],
            StringComparison.Ordinal);
        Assert.Equal("all columns, in the deviation of the training values:", lines[1]);
        Assert.Equal(["all", "1", "12", "24"], lines[3..15].Where((_, i) => i % 3 == 0).Select(line => line[..5].Trim()));
        Assert.EndsWith("and 2 more", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_shows_times_where_there_are_some()
    {
        TimedStep[] steps = [.. Steps.Wave(80).Select((step, i) =>
            new TimedStep { Date = new DateTime(2020, 1, 1).AddDays(i), Value = step.Value })];
        ForecastBackTest test = _ml.Sequences().Forecasting.BackTest(Gru(Steps.Glance with { TimeColumnName = "Date" }),
            _ml.Data.LoadFromEnumerable(steps), folds: 1, seasonLength: 1);
        string path = Path.GetTempFileName();
        try
        {
            test.WriteReport(path);
            string page = File.ReadAllText(path);
            Assert.Contains(">time<", page, StringComparison.Ordinal);
            Assert.Contains(">2020-02-20<", page, StringComparison.Ordinal); // a tick, 50 steps from the first
            Assert.Contains(">2020-03-05<", page, StringComparison.Ordinal); // the first that is forecast
            Assert.DoesNotContain(">step<", page, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_split_that_makes_no_sense_is_refused()
    {
        IDataView data = _ml.View(Steps.Wave(60));
        Assert.Equal("validation", Assert.Throws<ArgumentOutOfRangeException>(() => ForecastSplit.AtRow(40, 40)).ParamName);
        Assert.Equal("end", Assert.Throws<ArgumentOutOfRangeException>(() => ForecastSplit.AtRow(40, end: 40)).ParamName);
        Assert.Equal("test", Assert.Throws<ArgumentOutOfRangeException>(() => ForecastSplit.AtRow(0)).ParamName);
        Assert.Equal("validation", Assert.Throws<ArgumentOutOfRangeException>(() => ForecastSplit.AtRow(9, 0)).ParamName);
        Assert.Equal("end",
            Assert.Throws<ArgumentOutOfRangeException>(() => ForecastSplit.AtTime(40.5, end: 3)).ParamName);
        string Error(ForecastSplit split, string? time = null) => Assert.Throws<InvalidOperationException>(() =>
            _ml.Sequences().Forecasting.BackTest(Gru(Steps.Glance with { TimeColumnName = time }), data, split)).Message;
        Assert.Equal("The data have 60 steps in time, and none is behind the cut to be forecast (row 60).",
            Error(ForecastSplit.AtRow(60)));
        Assert.Equal("The data have 60 steps in time, and none is before the cut to be learned from (-1.5).",
            Error(ForecastSplit.AtTime(-1.5), "Time"));
        Assert.StartsWith("The data are to be cut at 2020-01-01, but the forecast has no column of times.",
            Error(ForecastSplit.AtTime(new DateTime(2020, 1, 1))), StringComparison.Ordinal);
    }

    private ForecastBackTest Two(TimeStep[] steps) => _ml.Sequences().Forecasting.BackTest(
        _ml.Forecasting.ForecastByGru("Forecast", ["Value", "Other"], 8, Horizon, Steps.Glance), _ml.View(steps), folds: 1,
        testFraction: 0.2, seasonLength: 12);

    private ForecastTrainer Gru(ForecastOptions options) =>
        _ml.Forecasting.ForecastByGru("Forecast", ["Value"], 8, Horizon, options);

    private sealed class TimedStep
    {
        public DateTime Date { get; set; }

        public string Text { get; set; } = "";

        public float Year { get; set; }

        public float Value { get; set; }
    }
}
