using System.Xml.Linq;
using Microsoft.ML;
using SequenceModels.Forecasting;
using Xunit;

namespace SequenceModels.Tests.Forecasting;

public class BackTestTests
{
    private const int Horizon = 3;

    private readonly MLContext _ml = new(1);

    [Fact]
    public void A_checkpoint_that_all_folds_would_share_is_refused()
    {
        string message = Assert.Throws<ArgumentException>(() => _ml.Sequences().Forecasting.BackTest(
            Gru(Steps.Glance with { CheckpointPath = "folds.checkpoint" }), _ml.View(Steps.Wave(60, noise: 1)),
            folds: 2)).Message;
        Assert.Contains("CheckpointPath is 'folds.checkpoint', but the folds of a back test would share it", message);
    }

    [Fact]
    public void A_fold_measures_a_model_of_the_rows_before_it_by_the_textbook()
    {
        const int Cut = 80;
        TimeStep[] steps = Steps.Wave(100, noise: 1);
        ForecastOptions options = Steps.Glance with { ConfidenceLevel = 0.8f };
        ForecastBackTest test =
            _ml.Sequences().Forecasting.BackTest(Gru(options), _ml.View(steps), folds: 1, testFraction: 0.2, seasonLength: 12);

        float[][][] all = Gru(options).Fit(_ml.View(steps[..Cut])).Forecasts(_ml.View(steps));
        double change = Enumerable.Range(1, Cut - 1).Average(t => Math.Abs((double)steps[t].Value - steps[t - 1].Value));
        int[] origins = [.. Enumerable.Range(Cut - 1, 100 - Horizon - (Cut - 1))];
        for (int h = 1; h <= Horizon; h++)
        {
            void Check(ForecastMethod method, Func<int, double> forecast)
            {
                double[] errors = [.. origins.Select(t => steps[t + h].Value - forecast(t))];
                ForecastMetrics metrics = test.Of(method, h);
                Assert.Equal(origins.Length, metrics.Count);
                Assert.Equal(errors.Average(Math.Abs), metrics.MeanAbsoluteError, 1e-6);
                Assert.Equal(errors.Average(e => e * e), metrics.MeanSquaredError, 1e-6);
                Assert.Equal(Math.Sqrt(errors.Average(e => e * e)), metrics.RootMeanSquaredError, 1e-6);
                Assert.Equal(errors.Average(Math.Abs) / change, metrics.MeanAbsoluteScaledError, 1e-6);
                Assert.Equal(origins.Average(t =>
                    200 * Math.Abs(steps[t + h].Value - forecast(t)) / (Math.Abs(steps[t + h].Value) + Math.Abs(forecast(t)))),
                    metrics.SymmetricMeanAbsolutePercentageError, 1e-6);
            }
            Check(ForecastMethod.Model, t => all[0][t][h - 1]);
            Check(ForecastMethod.LastValue, t => steps[t].Value);
            Check(ForecastMethod.SeasonalLastValue, t => steps[t + h - 12].Value);
            ForecastMetrics model = test.Of(ForecastMethod.Model, h);
            Assert.Equal(origins.Average(t => steps[t + h].Value >= all[1][t][h - 1] && steps[t + h].Value <= all[2][t][h - 1]
                ? 1.0 : 0), model.IntervalCoverage, 1e-9);
            Assert.Equal(origins.Average(t => (double)all[2][t][h - 1] - all[1][t][h - 1]), model.IntervalWidth, 1e-6);
            static double Pinball(double error, double q) => error >= 0 ? q * error : (q - 1) * error;
            Assert.Equal(origins.Average(t =>
                (Pinball(steps[t + h].Value - all[1][t][h - 1], 0.1) + Pinball(steps[t + h].Value - all[0][t][h - 1], 0.5) +
                Pinball(steps[t + h].Value - all[2][t][h - 1], 0.9)) / 3), model.PinballLoss, 1e-6);
        }
    }

    [Fact]
    public void The_bounds_of_a_baseline_are_quantiles_of_its_errors_in_training()
    {
        float[] values = [.. Enumerable.Range(0, 100).Select(t => (float)(t * t % 17))];
        var baseline = new Baseline(values, 60, 1, 2, 0.8f, ValueLimits.None);
        float[] errors = [.. Enumerable.Range(0, 58).Select(t => values[t + 2] - values[t]).Order()];
        (float point, float lower, float upper) = baseline.Forecast(70, 2);
        Assert.Equal(values[70], point);
        Assert.Equal(values[70] + errors[6], lower);
        Assert.Equal(values[70] + errors[51], upper);
    }

    [Fact]
    public void The_bounds_of_a_baseline_see_the_last_training_value_and_none_after_it()
    {
        var random = new Random(1);
        float[] values = [.. Enumerable.Range(0, 100).Select(_ => random.NextSingle())]; // no two errors are the same
        (float, float) Bounds(int changed)
        {
            float[] other = [.. values];
            other[changed] += 1000;
            (_, float lower, float upper) = new Baseline(other, 60, 1, 2, 0.999f, ValueLimits.None).Forecast(80, 2);
            return (lower, upper);
        }
        Assert.Equal(Bounds(99), Bounds(60));
        Assert.NotEqual(Bounds(99), Bounds(59));
    }

    [Fact]
    public void A_series_that_stood_still_in_training_counts_nothing_in_the_scaled_error()
    {
        var sums = new MetricAccumulator(0.9);
        sums.Add(5, (3, 1, 9), change: 0);
        sums.Add(5, (3, 1, 9), change: double.NaN);
        sums.Add(5, (1, 1, 9), change: 2);
        sums.Add(5, (5, 1, 9), change: 2);
        ForecastMetrics metrics = sums.Metrics(ForecastMethod.Model, "Value", 1);
        Assert.Equal((4, 2.0, 1.0), (metrics.Count, metrics.MeanAbsoluteError, metrics.MeanAbsoluteScaledError));
    }

    [Fact]
    public void Each_fold_learns_all_that_lies_before_it()
    {
        TimeStep[] steps = Steps.Wave(110, noise: 1);
        ForecastBackTest test = _ml.Sequences().Forecasting.BackTest(Gru(Steps.Glance), _ml.View(steps), folds: 2,
            testFraction: 0.2, seasonLength: 1);
        double error = 0;
        int count = 0;
        foreach ((int cut, int end) in new[] { (88, 99), (99, 110) })
        {
            float[][] forecasts = Gru(Steps.Glance).Fit(_ml.View(steps[..cut])).Forecasts(_ml.View(steps))[0];
            for (int t = cut - 1; t < end - 1 && t + Horizon < steps.Length; t++, count++)
                error += Math.Abs(steps[t + 1].Value - forecasts[t][0]);
        }
        Assert.Equal(count, test.Of(ForecastMethod.Model, 1).Count);
        Assert.Equal(error / count, test.Of(ForecastMethod.Model, 1).MeanAbsoluteError, 1e-6);
    }

    [Fact]
    public void Series_are_cut_at_one_time_and_rows_of_the_future_do_not_count()
    {
        TimeStep[] a = Steps.Wave(100, "a"), b = [.. Steps.Wave(100, "b", level: 50)[40..]], future = Steps.Wave(110, "a")[100..];
        foreach (TimeStep step in future)
            step.Value = float.NaN;
        TimeStep[] mixed = [.. a, .. b, .. future];
        new Random(1).Shuffle(mixed);
        ForecastOptions options =
            Steps.Glance with { SeriesColumnName = "Series", TimeColumnName = "Time", FutureColumnNames = ["Price"] };
        ForecastBackTest test =
            _ml.Sequences().Forecasting.BackTest(Gru(options), _ml.View(mixed), folds: 2, testFraction: 0.2, seasonLength: 1);
        // origins 79 to 98, and 79 to 96: behind them b has no whole horizon
        Assert.Equal(20 + 18, test.Of(ForecastMethod.Model, 1).Count);
        Assert.Equal(20 + 18, test.Of(ForecastMethod.LastValue, 1).Count);
        Assert.Equal(19 + 18, test.Of(ForecastMethod.Model, 2).Count);
    }

    [Fact]
    public void Gaps_are_not_measured()
    {
        TimeStep[] steps = Steps.Wave(100);
        steps[90].Value = steps[70].Value = float.NaN;
        ForecastBackTest test =
            _ml.Sequences().Forecasting.BackTest(Gru(Steps.Glance), _ml.View(steps), folds: 1, seasonLength: 1);
        Assert.Equal(17, test.Of(ForecastMethod.Model, 1).Count);
        Assert.True(double.IsFinite(test.Of(ForecastMethod.LastValue, 1).RootMeanSquaredError));
    }

    [Fact]
    public void A_baseline_that_cannot_be_worked_out_is_left_out_and_the_model_keeps_its_figures()
    {
        IDataView data = _ml.View(Steps.Wave(60));
        ForecastBackTest year = _ml.Sequences().Forecasting.BackTest(Gru(Steps.Glance), data, folds: 2, seasonLength: 365),
            none = _ml.Sequences().Forecasting.BackTest(Gru(Steps.Glance), data, folds: 2, seasonLength: 1);
        for (int h = 1; h <= Horizon; h++)
        {
            Assert.Equal(none.Of(ForecastMethod.Model, h), year.Of(ForecastMethod.Model, h));
            Assert.Equal(none.Of(ForecastMethod.LastValue, h), year.Of(ForecastMethod.LastValue, h));
            ForecastMetrics seasonal = year.Of(ForecastMethod.SeasonalLastValue, h);
            Assert.Equal(0, seasonal.Count);
            Assert.Equal([double.NaN, double.NaN, double.NaN, double.NaN],
                new[] { seasonal.MeanAbsoluteError, seasonal.RootMeanSquaredError, seasonal.PinballLoss,
                seasonal.IntervalCoverage });
        }
        Assert.Equal(1 + Horizon, year.ToString().Split('\n')
            .Count(line => line.TrimEnd().EndsWith("seasonal last value     left out: no series has a value 365 steps before",
            StringComparison.Ordinal)));
        string path = Path.GetTempFileName();
        try
        {
            year.WriteReport(path);
            string page = File.ReadAllText(path);
            Assert.Contains("left out: no series has a value 365 steps before", page, StringComparison.Ordinal);
            Assert.Contains("last value", page, StringComparison.Ordinal);
            Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_series_younger_than_a_season_has_its_last_value_as_seasonal_baseline()
    {
        TimeStep[] old = Steps.Wave(100),
            young = [.. Steps.Wave(40, "b", seed: 2).Select(step => { step.Time += 60; return step; })];
        ForecastOptions options = Steps.Glance with { SeriesColumnName = "Series", TimeColumnName = "Time" };
        ForecastBackTest both =
            _ml.Sequences().Forecasting.BackTest(Gru(options), _ml.View([.. old, .. young]), folds: 1, seasonLength: 45);
        // 18 origins of each series have a whole horizon behind them. A value of the young one stands at no origin 45 steps
        // before.
        Assert.Equal(36, both.Of(ForecastMethod.Model, 1).Count);
        double error = 0;
        for (int t = 79; t < 97; t++)
            error += Math.Abs(old[t + 1].Value - old[t + 1 - 45].Value) + Math.Abs(young[t + 1 - 60].Value - young[t - 60].Value);
        Assert.Equal(error / 36, both.Of(ForecastMethod.SeasonalLastValue, 1).MeanAbsoluteError, 1e-6);
        Assert.Equal(36, both.Of(ForecastMethod.SeasonalLastValue, 1).Count);
    }

    [Fact]
    public void What_is_at_fault_is_named_with_the_fold()
    {
        string Error(int count, int folds, double testFraction, Action<TimeStep>? change = null)
        {
            TimeStep[] steps = Steps.Wave(count);
            Array.ForEach(steps, change ?? (_ => { }));
            return Assert.Throws<InvalidOperationException>(() =>
                _ml.Sequences().Forecasting.BackTest(Gru(Steps.Glance), _ml.View(steps), folds, testFraction)).Message;
        }
        string message = Error(20, 2, 0.7);
        Assert.StartsWith("Fold 1 of 2, whose model learns from the first 6 steps of 20: There is nothing to learn from:",
            message, StringComparison.Ordinal);
        Assert.EndsWith("A smaller testFraction leaves more to learn from.", message, StringComparison.Ordinal);
        Assert.EndsWith("Fewer folds leave more to learn from.", Error(20, 12, 0.1), StringComparison.Ordinal);
        // Where fewer folds change nothing, none are asked for.
        message = Error(60, 2, 0.2, step => step.Value = step.Time == 3 ? float.PositiveInfinity : step.Value);
        Assert.DoesNotContain("more to learn from", message, StringComparison.Ordinal);
        message = Error(60, 2, 0.02);
        Assert.StartsWith("No forecast could be measured: the last 2 steps are forecast, and horizon is 3", message,
            StringComparison.Ordinal);
        Assert.StartsWith("No row has a value of 'Value'", Error(60, 2, 0.2, step => step.Value = float.NaN),
            StringComparison.Ordinal);
        message = Error(60, 2, 0.2, step => step.Value = step.Time is >= 20 and < 59 ? float.NaN : step.Value);
        Assert.StartsWith("No forecast could be measured: the last 12 steps are forecast, and at none of them did a model have",
            message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_is_trained_anew_with_its_transforms()
    {
        TimeStep[] steps = Steps.Wave(100);
        var chain = _ml.Transforms.Expression("Target", "x => 2 * x", "Value")
            .Append(_ml.Forecasting.ForecastByGru("Forecast", ["Target"], 8, Horizon, Steps.Glance));
        ForecastBackTest test = _ml.Sequences().Forecasting.BackTest(chain, _ml.View(steps), folds: 2, seasonLength: 1);
        ForecastBackTest plain =
            _ml.Sequences().Forecasting.BackTest(Gru(Steps.Glance), _ml.View(steps), folds: 2, seasonLength: 1);
        Assert.Equal(2 * plain.Of(ForecastMethod.LastValue, 1).MeanAbsoluteError,
            test.Of(ForecastMethod.LastValue, 1).MeanAbsoluteError, 1e-4);
    }

    [Theory]
    [InlineData(12, 0.2)]
    [InlineData(7, 0.5)]
    [InlineData(52, 0.2)]
    public void A_season_is_found(int season, double noise)
    {
        var random = new Random(1);
        Assert.Equal(season,
            SeasonDetector.Of([.. Enumerable.Range(0, 300)
                .Select(t => (float)(0.05 * t + Math.Sin(Math.Tau * t / season) + noise * (random.NextDouble() - 0.5)))]));
    }

    [Fact]
    public void A_week_is_found_although_the_year_moves_more()
    {
        var random = new Random(1);
        float[] sales =
            [.. Enumerable.Range(0, 730)
                .Select(day => (day % 7 >= 5 ? 90 : 80f) + 20 * MathF.Sin(day * MathF.Tau / 365) + 3 * random.NextSingle())];
        Assert.Equal(7, SeasonDetector.Of(sales));
    }

    [Fact]
    public void Where_there_is_no_season_none_is_found()
    {
        var random = new Random(1);
        Assert.Equal(1, SeasonDetector.Of([.. Enumerable.Range(0, 300).Select(_ => (float)random.NextDouble())]));
        Assert.Equal(1, SeasonDetector.Of([.. Enumerable.Repeat(3f, 100)]));
        Assert.Equal(1, SeasonDetector.Of([1, 2]));
    }

    [Fact]
    public void The_table_and_the_page_have_all_methods_and_every_series()
    {
        TimeStep[] steps = [.. Steps.Wave(80, "a<b"), .. Steps.Wave(80, "c", level: 100)];
        ForecastBackTest test = _ml.Sequences().Forecasting.BackTest(Gru(Steps.Glance with { SeriesColumnName = "Series" }),
            _ml.View(steps), folds: 2);
        string[] lines = test.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        // Over all steps ahead, and at each of the three; a line about the two series.
        Assert.Equal(2 + 3 * (1 + Horizon) + 1, lines.Length);
        Assert.StartsWith("Value: 2 folds, season 13, bounds at 0.95", lines[0], StringComparison.Ordinal); // 4 pi steps
        Assert.Equal(1 + Horizon, lines.Count(line => line.Contains("  seasonal last value ", StringComparison.Ordinal)));
        string path = Path.GetTempFileName();
        try
        {
            test.WriteReport(path);
            XElement page =
                XDocument.Parse(File.ReadAllText(path).Replace("<!DOCTYPE html>", "", StringComparison.Ordinal)).Root!;
            string[] titles = [.. page.Descendants("figcaption").Select(caption => caption.Element("h3")!.Value)];
            Assert.Equal(["Value of a<b", "Value of c", "root mean squared error", "mean pinball loss",
                "share within the bounds"], titles);
            // 16 steps are forecast, three at a time.
            Assert.Equal(5, page.Descendants("figure").First().Descendants("path")
                .Count(path => path.Attribute("class")?.Value == "band") - 1);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        IDataView data = _ml.View(Steps.Wave(60));
        ForecastCatalog catalog = _ml.Sequences().Forecasting;
        Assert.Contains("ForecastByLstm",
            Assert.Throws<ArgumentException>(() => catalog.BackTest(_ml.Transforms.CopyColumns("a", "Value"), data)).Message);
        Assert.Contains("folds",
            Assert.Throws<ArgumentOutOfRangeException>(() => catalog.BackTest(Gru(Steps.Glance), data, 0)).Message);
        Assert.Contains("testFraction", Assert.Throws<ArgumentOutOfRangeException>(() =>
            catalog.BackTest(Gru(Steps.Glance), data, testFraction: 1)).Message);
        Assert.Contains("'When'", Assert.Throws<ArgumentException>(() =>
            catalog.BackTest(Gru(Steps.Glance with { TimeColumnName = "When" }), data)).Message);
        Assert.Contains("60 steps",
            Assert.Throws<InvalidOperationException>(() => catalog.BackTest(Gru(Steps.Glance), data, folds: 60)).Message);
        Assert.Contains("'Value'",
            Assert.Throws<ArgumentException>(() => _ml.Forecasting.ForecastByGru("Value", ["Value"], 8, Horizon)).Message);
        ForecastBackTest test = catalog.BackTest(Gru(Steps.Glance), data, 1);
        Assert.Equal("horizon",
            Assert.Throws<ArgumentOutOfRangeException>(() => test.Of(ForecastMethod.Model, Horizon + 1)).ParamName);
        Assert.Equal("method", Assert.Throws<ArgumentOutOfRangeException>(() => test.Of((ForecastMethod)7, 1)).ParamName);
        var unknown = Assert.Throws<ArgumentException>(() => test.Of(ForecastMethod.Model, 1, "value"));
        Assert.Equal("targetColumnName", unknown.ParamName);
        Assert.StartsWith("There is no forecast of a column 'value'. Did you mean 'Value'?", unknown.Message,
            StringComparison.Ordinal);
    }

    private ForecastTrainer Gru(ForecastOptions options) =>
        _ml.Forecasting.ForecastByGru("Forecast", ["Value"], 8, Horizon, options);
}
