using Microsoft.ML;
using Xunit;

namespace SequenceModels.Tests.Forecasting;

/// <summary>A saved forecaster used without ML.NET, beside the pipeline that it came from.</summary>
public class ForecastModelTests
{
    private static readonly TimeStep[] s_steps = Steps.Wave(80);
    private readonly MLContext _ml = new(1);

    public static TheoryData<ForecastOptions> Kinds => new()
    {
        Steps.Glance,
        Steps.Glance with { PastColumnNames = ["Weather"], FutureColumnNames = ["Price"], StaticColumnNames = ["Size"] },
        Steps.Glance with { Transform = ForecastTransform.Difference, Loss = ForecastLoss.SquaredError, LowestValue = 9 },
        Steps.Glance with { Scaling = ForecastScaling.None, ForecastFrom = ForecastFrom.LastValue, ValidationFraction = 0.9 },
        Steps.Glance with { ForecastFrom = ForecastFrom.SeasonAgo, SeasonLength = 12, ChannelIndependent = false },
        Steps.Glance with { SeasonalInputs = true, SeasonLength = 12, LinearPath = false },
        Steps.Glance with { Transform = ForecastTransform.SeasonalDifference, SeasonLength = 2, SeasonalInputs = true },
        Steps.Glance with
        {
            DifferenceInputs = true, PastColumnNames = ["Weather"], FutureColumnNames = ["Price"], StaticColumnNames = ["Size"],
        },
        Steps.Glance with
        {
            DifferenceInputs = true, SeasonalInputs = true, SeasonLength = 12, ChannelIndependent = false,
            Scaling = ForecastScaling.None,
        },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Forecasts_of_a_file_are_those_of_the_pipeline(ForecastOptions options)
    {
        ForecastTransformer trained = Fit(options, "Value", "Other");
        float[][][] expected = trained.Forecasts(_ml.View(s_steps));
        ForecastModel model = Reload(trained.ForecastModel);
        ForecastState state = model.CreateState();
        for (int t = 0; t < 70; t++)
        {
            model.Observe(state, NumbersOf(s_steps[t], options));
            float[] ahead = options.FutureColumnNames.Count == 0 ? [] : [.. s_steps[(t + 1)..(t + 4)].Select(step => step.Price)];
            SeriesForecast forecast = model.Forecast(state, ahead);
            Assert.Equal(expected[0][t], forecast.Values);
            Assert.Equal(expected[1][t], forecast.LowerBounds);
            Assert.Equal(expected[2][t], forecast.UpperBounds);
        }
        Assert.True(state.HasWindow);
    }

    [Fact]
    public void Steps_at_once_are_steps_one_by_one_and_training_goes_on()
    {
        ForecastTransformer trained = Fit(Steps.Glance, "Value");
        ForecastModel model = trained.ForecastModel;
        ForecastState all = model.CreateState(), after = trained.CreateState();
        model.Observe(all, [.. s_steps.Select(step => step.Value)]);
        model.Observe(after, [.. s_steps[60..].Select(step => step.Value)]);
        Assert.Equal(model.Forecast(all).Values, model.Forecast(after).Values);
        Assert.Equal(trained.Forecasts(_ml.View(s_steps))[0][^1], model.Forecast(all).Values);
        Assert.Throws<ArgumentException>(() => trained.CreateState("none"));
        Assert.Equal(8, after.NumberOfSteps); // the transformer's own state stays as it is
        Assert.Equal(trained.Forecasts(_ml.View(s_steps[..60]))[0][^1], model.Forecast(trained.CreateState()).Values);
    }

    [Fact]
    public void Threads_share_a_model()
    {
        ForecastModel model = Fit(Steps.Glance, "Value").ForecastModel;
        float[][] Forecasts()
        {
            ForecastState state = model.CreateState();
            return [.. s_steps.Select(step =>
            {
                model.Observe(state, [step.Value]);
                return model.Forecast(state).Values.ToArray();
            })];
        }
        float[][] expected = Forecasts();
        Parallel.For(0, 4, _ => Assert.Equal(expected, Forecasts()));
    }

    [Fact]
    public void A_forecast_takes_no_memory_once_it_is_warm()
    {
        ForecastModel model = Fit(Steps.Glance, "Value").ForecastModel;
        ForecastState state = model.CreateState();
        float[] values = new float[3], lowers = new float[3], uppers = new float[3];
        void Go(int from, int to)
        {
            for (int t = from; t < to; t++)
            {
                model.Observe(state, [s_steps[t].Value]);
                model.Forecast(state, [], values, lowers, uppers);
            }
        }
        Go(0, 40);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Go(40, 80);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.True(float.IsFinite(values[2]));
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_nothing_of_it_is_kept()
    {
        ForecastOptions options = Steps.Glance with { Transform = ForecastTransform.Log, FutureColumnNames = ["Price"] };
        ForecastModel model = Fit(options, "Value").ForecastModel;
        ForecastState state = model.CreateState();
        Refused("3 numbers cannot be cut into steps of 2", () => model.Observe(state, [1, 2, 3]));
        Refused("Number 0 of step 1 (counted from 0) is -1. Its logarithm is taken", () => model.Observe(state, [1, 2, -1, 2]));
        Refused("Number 1 of step 0 (counted from 0) is Infinity. Only finite numbers", () =>
            model.Observe(state, [1, float.PositiveInfinity]));
        Assert.Equal(0, state.NumberOfSteps);
        Refused("2 numbers are given of the steps to come, where 3 steps have 3 numbers that are known ahead", () =>
            model.Forecast(state, [1, 2]));
        Refused("known ahead is infinite", () => model.Forecast(state, [1, 2, float.NegativeInfinity]));
        Refused("there is room for 3, 3 and 2", () => model.Forecast(state, [1, 2, 3], new float[3], new float[3], new float[2]));
        Refused("of another forecast", () => model.Forecast(Fit(Steps.Glance, "Value").ForecastModel.CreateState(), [1, 2, 3]));
        Assert.All(model.Forecast(state, [1, 2, 3]).Values, value => Assert.Equal(float.NaN, value)); // there is no window yet

        static void Refused(string message, Action act) =>
            Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(act).Message);
    }

    [Fact]
    public void A_state_is_a_value_that_a_model_trained_anew_takes_too()
    {
        ForecastTransformer trained = Fit(Steps.Glance, "Value");
        ForecastModel anew = Fit(Steps.Glance with { Seed = 2, HiddenSize = 5 }, "Value").ForecastModel;
        ForecastState state = trained.CreateState(), copy = state.Copy();
        trained.ForecastModel.Observe(state, [10]);
        Assert.NotEqual(trained.ForecastModel.Forecast(state).Values, trained.ForecastModel.Forecast(copy).Values);
        using var file = new MemoryStream();
        state.Save(file);
        file.Position = 0;
        Assert.Equal(anew.Forecast(state).Values, anew.Forecast(anew.LoadState(file)).Values);
        file.Position = 0;
        Assert.Contains("windowSize 8, Transform Log", Assert.Throws<InvalidDataException>(
            () => Fit(Steps.Glance with { Transform = ForecastTransform.Log }, "Value").ForecastModel.LoadState(file)).Message);
        file.Position = 0;
        Assert.Contains("it is a saved state of a forecast model",
            Assert.Throws<InvalidDataException>(() => ForecastModel.Load(file)).Message);
    }

    private ForecastTransformer Fit(ForecastOptions options, params string[] targets) =>
        _ml.Forecasting.ForecastByGru("Forecast", targets, 8, 3, options).Fit(_ml.View(s_steps[..60]));

    private static float[] NumbersOf(TimeStep step, ForecastOptions options) =>
        [step.Value, step.Other, .. options.PastColumnNames.Count == 0 ? [] : (float[])[.. step.Weather, step.Price, step.Size]];

    private static ForecastModel Reload(ForecastModel model)
    {
        using var file = new MemoryStream();
        model.Save(file);
        file.Position = 0;
        return ForecastModel.Load(file);
    }
}
