using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Reports;
using SequenceModels.Tests.Transforms;
using Xunit;

namespace SequenceModels.Tests.Forecasting;

/// <summary>What a forecast is made of, and what it must not be made of.</summary>
public class ForecastTests
{
    private readonly MLContext _ml = new(1);

    public static TheoryData<ForecastScaling, ForecastTransform, ForecastLoss, ForecastFrom> Ways => new(
        from scaling in Enum.GetValues<ForecastScaling>()
        from transform in Enum.GetValues<ForecastTransform>()
        from way in new[] { (ForecastLoss.Quantile, ForecastFrom.Nothing), (ForecastLoss.SquaredError, ForecastFrom.LastValue),
            (ForecastLoss.AbsoluteError, ForecastFrom.SeasonAgo) }
        select (scaling, transform, way.Item1, way.Item2));

    [Theory]
    [MemberData(nameof(Ways))]
    public void Every_way_to_scale_is_undone(ForecastScaling scaling, ForecastTransform transform, ForecastLoss loss,
        ForecastFrom from)
    {
        TimeStep[] steps = Steps.Wave(150, noise: 0);
        var model = _ml.Forecasting.ForecastByGru("Forecast", ["Value"], 12, 3, Steps.Learned with
        {
            Scaling = scaling,
            Transform = transform,
            Loss = loss,
            ForecastFrom = from,
            SeasonLength = 25, // two rounds of the wave, and nearly whole steps
            NumberOfEpochs = 40,
            LearningRate = 0.02f,
        }).Fit(_ml.View(steps));
        float[][][] all = model.Forecasts(_ml.View(steps));
        double deviation = Math.Sqrt(4.5), part = scaling == ForecastScaling.Mean ? 0.8 : 0.4; // values near 1 are learned slowly
        for (int horizon = 1; horizon <= 3; horizon++)
            Assert.InRange(Steps.Rmse(all[0], steps, horizon), 0, part * deviation);
        for (int t = 40; t < steps.Length; t++) // a season and a window come before the first forecast
            for (int h = 0; h < 3; h++)
                Assert.True(all[1][t][h] <= all[0][t][h] && all[0][t][h] <= all[2][t][h], "a forecast lies between its bounds");
    }

    /// <summary>A window's forecast depends on its own scale only: all values times ten, all forecasts times ten.</summary>
    [Theory]
    [InlineData(ForecastScaling.Standard, ForecastTransform.None, 4, 3)]
    [InlineData(ForecastScaling.Standard, ForecastTransform.Difference, 4, 3)]
    [InlineData(ForecastScaling.Standard, ForecastTransform.LogDifference, 4, 0)]
    [InlineData(ForecastScaling.Mean, ForecastTransform.None, 4, 0)]
    public void A_series_of_another_size_and_level_is_forecast_alike(ForecastScaling scaling, ForecastTransform transform,
        float times, float plus)
    {
        TimeStep[] steps = Steps.Wave(60);
        TimeStep[] other = [.. steps.Select(step => new TimeStep { Time = step.Time, Value = times * step.Value + plus })];
        var model = _ml.Forecasting.ForecastByLstm("Forecast", ["Value"], 8, 2,
            Steps.Glance with { Scaling = scaling, Transform = transform })
            .Fit(_ml.View(steps));
        float[][] own = model.Forecasts(_ml.View(steps))[0], others = model.Forecasts(_ml.View(other))[0];
        for (int t = 10; t < steps.Length; t++)
            for (int h = 0; h < 2; h++)
                Assert.Equal(times * own[t][h] + plus, others[t][h], 1e-3f * others[t][h]);
    }

    [Fact]
    public void No_row_of_the_future_leaks_into_a_forecast()
    {
        const int Now = 40;
        TimeStep[] steps = Steps.Wave(60);
        TimeStep[] corrupted = [.. steps.Select(step => step.Time <= Now ? step : new TimeStep
        {
            Time = step.Time, Value = step.Time % 2 == 0 ? float.NaN : 1e6f, Weather = [-1e6f, float.NaN], Price = step.Price,
                Size = float.NaN,
        })];
        var options = Steps.Glance with
        {
            TimeColumnName = "Time",
            PastColumnNames = ["Weather"],
            FutureColumnNames = ["Price"],
            StaticColumnNames = ["Size"],
        };
        var model = _ml.Forecasting.ForecastByLstm("Forecast", ["Value"], 8, 3, options).Fit(_ml.View(steps));
        float[][][] clean = model.Forecasts(_ml.View(steps)), dirty = model.Forecasts(_ml.View(corrupted));
        for (int column = 0; column < 3; column++)
        {
            Assert.Equal(clean[column][..(Now + 1)], dirty[column][..(Now + 1)]);
            Assert.NotEqual(clean[column][Now + 1], dirty[column][Now + 1]);
        }
        Assert.All(clean[0][..7], forecast => Assert.All(forecast, value => Assert.Equal(float.NaN, value)));
        Assert.All(clean[0][7..^3], forecast => Assert.All(forecast, value => Assert.True(float.IsFinite(value))));
        // no price is known
        Assert.All(clean[0][^3..], forecast => Assert.All(forecast, value => Assert.Equal(float.NaN, value)));
    }

    [Fact]
    public void A_covariate_known_ahead_is_read_ahead()
    {
        // The price decides the sales of its own step, and nothing else does.
        var random = new Random(1);
        TimeStep[] steps = [.. Enumerable.Range(0, 400).Select(t => (Time: t, Price: random.Next(2))).Select(at =>
            new TimeStep { Time = at.Time, Price = at.Price, Value = 10 - 4 * at.Price + (float)random.NextDouble() })];
        ForecastOptions options = Steps.Learned with { Loss = ForecastLoss.SquaredError };
        double Error(ForecastOptions options)
        {
            var model = _ml.Forecasting.ForecastByLstm("Forecast", ["Value"], 6, 3, options).Fit(_ml.View(steps[..300]));
            float[][] forecasts = model.Forecasts(_ml.View(steps))[0];
            return Steps.Rmse(forecasts[300..], steps[300..], 2);
        }
        Assert.InRange(Error(options), 1.6, 3);
        Assert.InRange(Error(options with { FutureColumnNames = ["Price"] }), 0, 0.8);
    }

    [Fact]
    public void Covariates_of_the_past_help()
    {
        // What will be sold in two steps was ordered now.
        var random = new Random(1);
        float[] orders = [.. Enumerable.Range(0, 402).Select(_ => (float)random.NextDouble())];
        TimeStep[] steps =
            [.. Enumerable.Range(0, 400).Select(t => new TimeStep { Time = t, Value = orders[t], Other = orders[t + 2] })];
        ForecastOptions options = Steps.Learned with { Loss = ForecastLoss.SquaredError, PastColumnNames = ["Other"] };
        var model = _ml.Forecasting.ForecastByGru("Forecast", ["Value"], 5, 2, options).Fit(_ml.View(steps[..300]));
        float[][] forecasts = model.Forecasts(_ml.View(steps))[0];
        Assert.InRange(Steps.Rmse(forecasts[300..], steps[300..], 2), 0, 0.15); // the values' deviation is 0.29
    }

    [Fact]
    public void Several_targets_stand_step_after_step()
    {
        TimeStep[] steps = Steps.Wave(200, noise: 0);
        var model = _ml.Forecasting.ForecastByGru("Forecast", ["Value", "Other"], 10, 3, Steps.Learned).Fit(_ml.View(steps));
        IDataView forecasts = model.Transform(_ml.View(steps));
        Assert.Equal([3, 2], forecasts.Dimensions("Forecast"));
        Assert.Equal([3, 2], forecasts.Dimensions("ForecastLowerBound"));
        float[][] all = [.. forecasts.GetColumn<float[]>("Forecast")];
        for (int h = 0; h < 3; h++)
        {
            Assert.InRange(Enumerable.Range(20, 150).Average(t => Math.Abs(all[t][2 * h] - steps[t + 1 + h].Value)), 0, 0.6);
            Assert.InRange(Enumerable.Range(20, 150).Average(t => Math.Abs(all[t][2 * h + 1] - steps[t + 1 + h].Other)), 0, 0.2);
        }
    }

    [Fact]
    public void Series_never_mix()
    {
        TimeStep[] a = Steps.Wave(50, "a"), b = Steps.Wave(40, "b", level: 1000, seed: 2);
        TimeStep[] mixed = [.. a.Concat(b).OrderBy(step => step.Time)];
        var options = Steps.Glance with { SeriesColumnName = "Series", TimeColumnName = "Time" };
        var model = _ml.Forecasting.ForecastByLstm("Forecast", ["Value"], 8, 2, options).Fit(_ml.View(mixed));
        float[][] together = model.Forecasts(_ml.View(mixed))[0], alone = model.Forecasts(_ml.View(b))[0];
        Assert.Equal(alone, mixed.Zip(together).Where(row => row.First.Series == "b").Select(row => row.Second));
        Assert.All(alone[7..], forecast => Assert.InRange(forecast[0], 300, 2000));
        // A series that training has not seen is forecast as well.
        Assert.Equal(alone,
            model.Forecasts(
                _ml.View(b.Select(step => new TimeStep { Series = "new", Time = step.Time, Value = step.Value })))[0]);
    }

    [Fact]
    public void Rows_in_any_order_are_forecast_in_the_order_of_time()
    {
        TimeStep[] steps = Steps.Wave(60);
        TimeStep[] shuffled = [.. steps];
        new Random(3).Shuffle(shuffled);
        var estimator = _ml.Forecasting.ForecastByGru("Forecast", ["Value"], 8, 2, Steps.Glance with { TimeColumnName = "Time" });
        var model = estimator.Fit(_ml.View(steps));
        float[][] ordered = model.Forecasts(_ml.View(steps))[0], unordered = model.Forecasts(_ml.View(shuffled))[0];
        for (int row = 0; row < shuffled.Length; row++)
            Assert.Equal(ordered[(int)shuffled[row].Time], unordered[row]);
        Assert.Equal(ordered, estimator.Fit(_ml.View(shuffled)).Forecasts(_ml.View(steps))[0]);
    }

    [Fact]
    public void Bounds_hold_the_asked_share_of_values_not_seen()
    {
        var random = new Random(1);
        double Noise() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble());
        TimeStep[] steps =
            [.. Enumerable.Range(0, 3000)
                .Select(t => new TimeStep { Time = t, Value = (float)(20 + 5 * Math.Sin(t * 0.4) + 2 * Noise()) })];
        var model = _ml.Forecasting.ForecastByLstm("Forecast", ["Value"], 16, 2, Steps.Learned with
        {
            NumberOfEpochs = 8,
            ConfidenceLevel = 0.9f,
            ValidationFraction = 0.2,
            BatchSize = 16,
        }).Fit(_ml.View(steps[..2000]));
        float[][][] all = model.Forecasts(_ml.View(steps));
        for (int h = 0; h < 2; h++)
        {
            int[] origins = [.. Enumerable.Range(2000, 990)];
            double share =
                origins.Average(t => steps[t + 1 + h].Value >= all[1][t][h] && steps[t + 1 + h].Value <= all[2][t][h] ? 1.0 : 0);
            Assert.InRange(share, 0.85, 0.95);
            // The noise alone spans 2 · 1.645 · 2.
            Assert.InRange(origins.Average(t => all[2][t][h] - all[1][t][h]), 5.5, 9);
        }
    }
}
