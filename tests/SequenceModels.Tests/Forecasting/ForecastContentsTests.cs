using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace SequenceModels.Tests.Forecasting;

/// <summary>What is said of tables without enough rows or values: in Fit, and where the same table is transformed.</summary>
public class ForecastContentsTests
{
    private readonly MLContext _ml = new(1);
    private readonly List<string> _warnings = [];

    public ForecastContentsTests() => _ml.Log += (_, e) =>
    {
        if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
            _warnings.Add(e.RawMessage);
    };

    [Fact]
    public void A_column_without_any_value_is_named_with_what_may_have_emptied_it()
    {
        Refused("Column 'Value' has no value in any of 30 rows. A text that the loader cannot read", Steps.Glance, step =>
            step.Value = float.NaN);
        Refused("Column 'Other' has no value in any of 30 rows.", Steps.Glance, step => step.Other = float.NaN, "Value", "Other");
        Refused("Column 'Price' (PastColumnNames) has no value in any of 30 rows.",
            Steps.Glance with { PastColumnNames = ["Price"] }, step => step.Price = float.NaN);
        Refused("Column 'Price' (FutureColumnNames) has no value", Steps.Glance with { FutureColumnNames = ["Price"] }, step =>
            step.Price = float.NaN);
        Refused("Column 'Size' (StaticColumnNames) has no value", Steps.Glance with { StaticColumnNames = ["Size"] }, step =>
            step.Size = float.NaN);
        Refused("Column 'Weather' (PastColumnNames), slot 1 has no value",
            Steps.Glance with { PastColumnNames = ["Price", "Weather"] },
            step => step.Weather = [1, float.NaN]);
    }

    [Fact]
    public void Too_few_rows_are_told_from_too_few_values()
    {
        Refused("There is nothing to learn from: the data has no rows.", Steps.Glance, _ => { }, count: 0);
        Refused("a window of 8 steps and a horizon of 2 need 10 rows of a series, but the series has 1 row. Use a smaller " +
            "windowSize", Steps.Glance, _ => { }, count: 1);
        Refused("need 10 rows of a series, and the series has 30, but after the first 5 column 'Value' has no value.",
            Steps.Glance, step => step.Value = step.Time < 5 ? 1 : float.NaN);
        Refused("but the longest of 2 series, 'b', has 7 rows.", Steps.Glance with { SeriesColumnName = "Series" }, _ => { },
            count: 7, series: "b");
    }

    [Fact]
    public void What_all_windows_lack_is_named()
    {
        Refused("in all 21 windows of 8 steps the values of 'Other' are missing (29 values of 30 missing).", Steps.Glance,
            step => step.Other = step.Time == 29 ? 1 : float.NaN, "Value", "Other");
        Refused("in all 21 windows of 8 steps 'Price' (FutureColumnNames) lacks a value among the 2 ahead (15 values of 30 " +
            "missing).",
            Steps.Glance with { FutureColumnNames = ["Price"] }, step => step.Price = step.Time % 2 == 0 ? float.NaN : 1);
    }

    [Fact]
    public void Series_too_short_to_learn_from_or_to_forecast_are_told_once_in_Fit_and_once_in_each_view()
    {
        TimeStep[] steps = [.. Steps.Wave(40), .. Steps.Wave(30, "b"), .. Steps.Wave(7, "c")];
        foreach (TimeStep step in steps[49..70])
            step.Value = float.NaN; // behind the ninth of b
        ForecastTransformer model = _ml.Forecasting.ForecastByGru("Forecast", ["Value"], 8, 2,
            Steps.Glance with { SeriesColumnName = "Series" }).Fit(_ml.View(steps));
        Assert.Equal(
            ["2 of 3 series have fewer than 10 rows up to the last value: nothing is learned there (windowSize 8, horizon 2). " +
                "One of these is 'b' with 9."], _warnings);
        _warnings.Clear();
        IDataView view = model.Transform(_ml.View(steps));
        Assert.Empty(_warnings);
        foreach (string column in new[] { "Forecast", "ForecastLowerBound" })
            Assert.NotEmpty(view.GetColumn<float[]>(column).ToArray());
        Assert.Equal(
            ["1 of 3 series has fewer than 8 rows: no forecast is made there (windowSize 8). One of these is 'c' with 7."],
            _warnings);
    }

    [Fact]
    public void A_column_that_is_empty_where_a_model_is_used_is_told()
    {
        ForecastTransformer model = _ml.Forecasting.ForecastByGru("Forecast", ["Value"], 8, 2,
            Steps.Glance with { PastColumnNames = ["Price"] }).Fit(_ml.View(Steps.Wave(40)));
        Assert.Empty(_warnings);
        TimeStep[] steps = Steps.Wave(20);
        foreach (TimeStep step in steps)
            step.Price = float.NaN;
        model.Forecasts(_ml.View(steps));
        Assert.StartsWith(
            "Column 'Price' (PastColumnNames) has no value in any of 20 rows: forecasts are made as if it had its mean.",
            Assert.Single(_warnings),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_time_of_text_must_sort_as_what_it_spells()
    {
        var rows = Enumerable.Range(1, 40)
            .Select(i => new Week { Name = $"{i}", Iso = $"2024-02-{i % 28 + 1:00}T{i:00}", Value = i }).ToArray();
        ForecastTrainer By(string time) =>
            _ml.Forecasting.ForecastByGru("Forecast", ["Value"], 8, 2, Steps.Glance with { TimeColumnName = time });
        IDataView view = _ml.Data.LoadFromEnumerable(rows);
        Assert.StartsWith("Column 'Name' gives the order of steps, but it is text: '19' comes before '2'.",
            Assert.ThrowsAny<InvalidOperationException>(() => By("Name").Fit(view)).Message, StringComparison.Ordinal);
        Assert.StartsWith("Column 'Name' gives the order",
            Assert.ThrowsAny<InvalidOperationException>(() => _ml.Sequences().Forecasting.BackTest(By("Name"), view)).Message,
            StringComparison.Ordinal);
        By("Iso").Fit(view);
        // A model that was trained on times in order meets others later.
        ForecastTransformer model =
            By("Name").Fit(
                _ml.Data.LoadFromEnumerable(
                    rows.Select(row =>
                        new Week
                        {
                            Name = row.Value.ToString("000", System.Globalization.CultureInfo.InvariantCulture),
                            Value = row.Value
                        }).ToArray()));
        Assert.StartsWith("Column 'Name' gives the order",
            Assert.ThrowsAny<InvalidOperationException>(() => model.Forecasts(view)).Message, StringComparison.Ordinal);
    }

    private void Refused(string message, ForecastOptions options, Action<TimeStep> change, string target = "Value",
        string? second = null, int count = 30, string? series = null)
    {
        TimeStep[] steps = [.. Steps.Wave(count), .. series is null ? [] : Steps.Wave(count, series)];
        if (series is not null)
            steps = steps[1..]; // the second series is the longest
        Array.ForEach(steps, change);
        string[] targets = second is null ? [target] : [target, second];
        Assert.Contains(message, Assert.ThrowsAny<InvalidOperationException>(() =>
            _ml.Forecasting.ForecastByGru("Forecast", targets, 8, 2, options).Fit(_ml.View(steps))).Message,
                StringComparison.Ordinal);
    }

    private sealed class Week
    {
        public string Name { get; set; } = "";

        public string Iso { get; set; } = "";

        public float Value { get; set; }
    }
}
