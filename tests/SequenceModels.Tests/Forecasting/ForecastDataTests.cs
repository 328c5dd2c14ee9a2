using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Tests.Trainers;
using Xunit;

namespace SequenceModels.Tests.Forecasting;

/// <summary>
/// Data as users have it: gaps, short and constant series, missing columns and rows; each with a result or one clear error.
/// </summary>
public class ForecastDataTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void A_gap_has_the_last_known_value_and_a_mark()
    {
        TimeStep[] steps = Steps.Wave(80), gaps = Steps.Wave(80);
        foreach (int t in new[] { 0, 20, 21, 22, 50 })
            gaps[t].Value = float.NaN;
        var estimator = _ml.Forecasting.ForecastByGru("Forecast", ["Value"], 8, 2, Steps.Glance);
        Assert.Equal(2, estimator.Fit(_ml.View(gaps)).Model.Network.InputSize); // the value and its mark
        Assert.Equal(1, estimator.Fit(_ml.View(steps)).Model.Network.InputSize);

        float[][] forecasts = estimator.Fit(_ml.View(gaps)).Forecasts(_ml.View(gaps))[0];
        Assert.All(forecasts[7..], forecast => Assert.All(forecast, value => Assert.True(float.IsFinite(value))));
        // Without marks, a gap is no different from a value that stays.
        TimeStep[] filled = Steps.Wave(80);
        filled[0].Value = filled[1].Value;
        foreach (int t in new[] { 20, 21, 22 })
            filled[t].Value = filled[19].Value;
        filled[50].Value = filled[49].Value;
        var unmarked = estimator.Fit(_ml.View(steps));
        float[][] ofFilled = unmarked.Forecasts(_ml.View(filled))[0], ofGaps = unmarked.Forecasts(_ml.View(gaps))[0];
        for (int t = 0; t < steps.Length; t++)
            if (t - 7 is not (20 or 21 or 22 or 50)) // a window that begins with a gap has the value behind it
                Assert.Equal(ofFilled[t], ofGaps[t]);
            else
                Assert.NotEqual(ofFilled[t], ofGaps[t]);
        var marked = estimator.Fit(_ml.View(gaps));
        Assert.NotEqual(marked.Forecasts(_ml.View(filled))[0][22], marked.Forecasts(_ml.View(gaps))[0][22]);
    }

    [Fact]
    public void Missing_values_after_the_last_observation_are_no_gap_and_teach_nothing()
    {
        TimeStep[] steps = Steps.Wave(60);
        TimeStep[] future = [.. steps, .. Enumerable.Range(60, 4).Select(t => new TimeStep { Time = t, Value = float.NaN })];
        var estimator = _ml.Forecasting.ForecastByGru("Forecast", ["Value"], 8, 2, Steps.Glance);
        var model = estimator.Fit(_ml.View(future));
        Assert.Equal(1, model.Model.Network.InputSize);
        Assert.Equal(estimator.Fit(_ml.View(steps)).Forecasts(_ml.View(steps))[0], model.Forecasts(_ml.View(future))[0][..60]);
    }

    [Fact]
    public void Rows_of_the_future_bring_what_is_known_ahead()
    {
        TimeStep[] steps = Steps.Wave(60);
        TimeStep[] future = [.. Enumerable.Range(60, 2).Select(t => new TimeStep { Time = t, Value = float.NaN, Price = t % 5 })];
        var model = _ml.Forecasting.ForecastByGru("Forecast", ["Value"], 8, 2,
            Steps.Glance with { FutureColumnNames = ["Price"] }).Fit(_ml.View(steps));
        float[][] Of(IEnumerable<TimeStep> rows) => model.Forecasts(_ml.View(rows))[0];
        Assert.Equal([float.NaN, float.NaN], Of(steps)[59]);
        float[] forecast = Of([.. steps, .. future])[59];
        Assert.All(forecast, value => Assert.True(float.IsFinite(value)));
        future[1].Price = 4;
        Assert.NotEqual(forecast, Of([.. steps, .. future])[59]);
        future[1].Price = float.NaN;
        Assert.Equal([float.NaN, float.NaN], Of([.. steps, .. future])[59]);
    }

    [Fact]
    public void A_series_shorter_than_the_window_has_no_forecast_and_teaches_nothing()
    {
        TimeStep[] steps = [.. Steps.Wave(60), .. Steps.Wave(7, "short")];
        ForecastOptions options = Steps.Glance with { SeriesColumnName = "Series" };
        var model = _ml.Forecasting.ForecastByGru("Forecast", ["Value"], 8, 2, options).Fit(_ml.View(steps));
        Assert.All(model.Forecasts(_ml.View(steps))[0][60..], forecast => Assert.Equal([float.NaN, float.NaN], forecast));
        var error = Assert.ThrowsAny<InvalidOperationException>(() =>
            _ml.Forecasting.ForecastByGru("Forecast", ["Value"], 8, 2, options).Fit(_ml.View(steps[60..])));
        Assert.StartsWith(
            "There is nothing to learn from: a window of 8 steps and a horizon of 2 need 10 rows of a series, but the series " +
            "has 7 rows.", error.Message,
            StringComparison.Ordinal);
        Assert.Contains("windowSize", error.Message);
        Assert.ThrowsAny<InvalidOperationException>(() => _ml.Forecasting.ForecastByGru("Forecast", ["Value"], 8, 2)
            .Fit(_ml.View([])));
    }

    [Theory]
    [InlineData(ForecastScaling.Standard, ForecastTransform.None)]
    [InlineData(ForecastScaling.Standard, ForecastTransform.LogDifference)]
    [InlineData(ForecastScaling.Mean, ForecastTransform.None)]
    [InlineData(ForecastScaling.None, ForecastTransform.Log)]
    public void A_constant_series_stays_what_it_is(ForecastScaling scaling, ForecastTransform transform)
    {
        TimeStep[] steps = [.. Enumerable.Range(0, 100).Select(t => new TimeStep { Time = t, Value = 0.1f })];
        var model = _ml.Forecasting.ForecastByGru("Forecast", ["Value"], 8, 2, Steps.Learned with
        {
            Scaling = scaling,
            Transform = transform,
            Loss = ForecastLoss.SquaredError,
            NumberOfEpochs = 60,
        }).Fit(_ml.View(steps));
        Assert.All(model.Forecasts(_ml.View(steps))[0][9..], forecast =>
            Assert.All(forecast, value => Assert.Equal(0.1f, value, 0.02f)));
    }

    [Fact]
    public void A_missing_covariate_is_taken_from_the_step_before()
    {
        TimeStep[] steps = Steps.Wave(60), missing = Steps.Wave(60), repeated = Steps.Wave(60);
        missing[30].Weather = [float.NaN, float.NaN];
        repeated[30].Weather = repeated[29].Weather;
        var model = _ml.Forecasting.ForecastByGru("Forecast", ["Value"], 8, 2,
            Steps.Glance with { PastColumnNames = ["Weather"] }).Fit(_ml.View(steps));
        float[][] forecasts = model.Forecasts(_ml.View(missing))[0];
        Assert.Equal(model.Forecasts(_ml.View(repeated))[0][..37], forecasts[..37]); // then it is the first of a window
        Assert.NotEqual(model.Forecasts(_ml.View(steps))[0][30], forecasts[30]);
        Assert.All(forecasts[7..], forecast => Assert.All(forecast, value => Assert.True(float.IsFinite(value))));
    }

    [Fact]
    public void A_missing_column_is_named()
    {
        var options = Steps.Glance with
        {
            PastColumnNames = ["Weather"],
            FutureColumnNames = ["Price"],
            SeriesColumnName = "Series",
            TimeColumnName = "Time"
        };
        var model = _ml.Forecasting.ForecastByGru("Forecast", ["Value"], 8, 2, options).Fit(_ml.View(Steps.Wave(60)));
        foreach (string column in new[] { "Value", "Weather", "Price", "Series", "Time" })
        {
            IDataView without = _ml.Transforms.DropColumns(column).Fit(_ml.View(Steps.Wave(60)))
                .Transform(_ml.View(Steps.Wave(60)));
            Assert.Contains($"'{column}'", Assert.Throws<ArgumentOutOfRangeException>(() => model.Transform(without)).Message);
        }
        IDataView other = _ml.Transforms.CopyColumns("Weather", "Price").Fit(_ml.View(Steps.Wave(60)))
            .Transform(_ml.View(Steps.Wave(60)));
        Assert.Contains("Column 'Weather' was a vector of 2 in training, and is one number here.",
            Assert.Throws<ArgumentOutOfRangeException>(() => model.Transform(other)).Message);
    }

    [Fact]
    public void Text_in_place_of_numbers_is_told_with_the_loader_and_names_of_another_case_with_the_right_one()
    {
        string Error(string column) => Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.Forecasting.ForecastByGru("Forecast", [column], 8, 2).Fit(_ml.View(Steps.Wave(60)))).Message;
        Assert.Contains(
            "Column 'Series' is String, but must be a Single (ConvertType makes one of other numbers). Text is read as " +
            "numbers where it is loaded",
            Error("Series"), StringComparison.Ordinal);
        Assert.DoesNotContain("decimal comma", Error("Weather"), StringComparison.Ordinal);
        Assert.Contains(
            "There is no column 'value'. Did you mean 'Value'? Case counts in the names of columns. Columns that would fit:",
            Error("value"), StringComparison.Ordinal);
        Assert.DoesNotContain("Did you mean", Error("Values"), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_rows_of_one_time_are_refused()
    {
        TimeStep[] steps = Steps.Wave(60);
        steps[31].Time = 30;
        var error = Assert.Throws<InvalidOperationException>(() =>
            _ml.Forecasting.ForecastByGru("Forecast", ["Value"], 8, 2, Steps.Glance with { TimeColumnName = "Time" })
            .Fit(_ml.View(steps)));
        Assert.StartsWith("Column 'Time': '30' stands in two rows.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_no_forecast_can_be_made_of_is_named_with_its_row()
    {
        TimeStep[] steps = Steps.Wave(60);
        steps[5].Value = 0;
        var error = Assert.Throws<InvalidOperationException>(() =>
            _ml.Forecasting.ForecastByGru("Forecast", ["Value"], 8, 2, Steps.Glance with { Transform = ForecastTransform.Log })
            .Fit(_ml.View(steps)));
        Assert.StartsWith("Column 'Value', row 5 (counted from 0): the value is 0. Its logarithm is asked for", error.Message,
            StringComparison.Ordinal);
        steps[7].Weather = [0, float.PositiveInfinity];
        error = Assert.Throws<InvalidOperationException>(() =>
            _ml.Forecasting.ForecastByGru("Forecast", ["Value"], 8, 2,
                Steps.Glance with { PastColumnNames = ["Price", "Weather"] }).Fit(_ml.View(steps)));
        Assert.StartsWith("Column 'Weather', row 7 (counted from 0)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validation_takes_the_last_windows_and_no_value_twice()
    {
        TimeStep[] steps = Steps.Wave(100);
        var estimator = _ml.Forecasting.ForecastByGru("Forecast", ["Value"], 8, 5,
            Steps.Glance with { ValidationFraction = 0.25, NumberOfEpochs = 3 });
        var model = estimator.Fit(_ml.View(steps));
        Assert.All(model.Model.History, epoch => Assert.NotNull(epoch.Validation));
        // Windows end with the steps 7 to 94; 22 of them, from 73 on, are measured. Training learns values up to 73,
        // and not one later.
        foreach (int step in new[] { 73, 74 })
        {
            TimeStep[] changed = Steps.Wave(100);
            changed[step].Value += 5;
            var other = estimator.Fit(_ml.View(changed));
            Assert.Equal(step == 74, model.Model.History[0].TrainingLoss == other.Model.History[0].TrainingLoss);
            Assert.NotEqual(model.Model.History[0].Validation!.Loss, other.Model.History[0].Validation!.Loss);
        }
    }

    [Fact]
    public void Scales_are_those_of_the_steps_that_training_may_see()
    {
        var estimator = _ml.Forecasting.ForecastByGru("Forecast", ["Value"], 8, 5,
            Steps.Glance with
            {
                ValidationFraction = 0.25,
                NumberOfEpochs = 1,
                Scaling = ForecastScaling.None,
                PastColumnNames = ["Other"]
            });
        double Loss(int step, Action<TimeStep> change)
        {
            TimeStep[] steps = Steps.Wave(100);
            change(steps[step]);
            return estimator.Fit(_ml.View(steps)).Model.History[0].TrainingLoss;
        }
        double untouched = Loss(0, _ => { });
        foreach (Action<TimeStep> change in new Action<TimeStep>[] { step => step.Value += 100, step => step.Other += 100 })
        {
            Assert.Equal(untouched, Loss(74, change)); // as above: 74 is the first step that only validation sees
            Assert.Equal(untouched, Loss(99, change));
            Assert.NotEqual(untouched, Loss(73, change));
        }
    }

    [Fact]
    public void Early_stopping_needs_validation_rows_and_wrong_options_are_named()
    {
        void Refused(string name, ForecastOptions options) => Assert.Contains(name,
            Assert.ThrowsAny<ArgumentException>(() =>
                _ml.Forecasting.ForecastByGru("Forecast", ["Value"], 8, 2, options)).Message);
        Refused("ConfidenceLevel", Steps.Glance with { ConfidenceLevel = 1 });
        Refused("Scaling", Steps.Glance with { Scaling = (ForecastScaling)9 });
        Refused("ForecastOptions.Pooling", Steps.Glance with { Pooling = (SequencePooling)9 });
        Refused("'Value' is named twice", Steps.Glance with { PastColumnNames = ["Value"] });
        Refused("HiddenSize", Steps.Glance with { HiddenSize = 0 });
        Assert.Contains("EarlyStoppingPatience",
            Assert.Throws<InvalidOperationException>(() => _ml.Forecasting.ForecastByGru("Forecast", ["Value"], 8, 2,
            Steps.Glance with { EarlyStoppingPatience = 2 }).Fit(_ml.View(Steps.Wave(60)))).Message);
    }
}
