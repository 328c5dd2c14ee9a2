using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Reports;
using Xunit;

namespace SequenceModels.Tests.Transforms;

public class WindowsTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void Windows_that_no_array_can_hold_are_refused_by_their_sizes()
    {
        IDataView steps = _ml.Data.LoadFromEnumerable(new[] { new Forecasting.TimeStep() });
        string message = Assert.Throws<ArgumentOutOfRangeException>("windowSize", () => _ml.Sequences().Windows(steps, ["Value"],
            int.MaxValue, 5)).Message;
        Assert.Contains("windowSize 2147483647 and horizon 5, with 1 number a step,", message, StringComparison.Ordinal);
        message = Assert.Throws<ArgumentOutOfRangeException>("windowSize", () =>
            _ml.Forecasting.ForecastByGru("Forecast", ["Value"], 8, 1 << 30).Fit(steps)).Message;
        Assert.Contains("windowSize 8 and horizon 1073741824, with 1 number a step,", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_window_has_its_steps_and_the_future_after_them()
    {
        IDataView windows = _ml.Sequences().Windows(One(7), ["Value", "Pair"], windowSize: 3, horizon: 2);
        Assert.Equal([3, 3], windows.Dimensions("Features"));
        Assert.Equal([2, 3], windows.Dimensions("Future"));
        Assert.Equal([[0, 0, 0, 1, 10, -1, 2, 20, -2], [1, 10, -1, 2, 20, -2, 3, 30, -3], [2, 20, -2, 3, 30, -3, 4, 40, -4]],
            windows.Vectors<float>("Features"));
        Assert.Equal([[3, 30, -3, 4, 40, -4], [4, 40, -4, 5, 50, -5], [5, 50, -5, 6, 60, -6]], windows.Vectors<float>("Future"));
        Assert.Equal([4f, 5, 6], windows.GetColumn<float>("Label"));
    }

    [Fact]
    public void Other_columns_are_those_of_the_windows_last_row()
    {
        IDataView windows = _ml.Sequences().Windows(One(6), ["Value"], windowSize: 3, horizon: 1);
        Assert.Equal(["n2", "n3", "n4"], windows.GetColumn<string>("Name"));
        Assert.Equal([[20f, -2], [30, -3], [40, -4]], windows.Vectors<float>("Pair"));
    }

    [Fact]
    public void Series_that_alternate_never_mix()
    {
        Step[] rows = [.. Enumerable.Range(0, 5).SelectMany(t => new[] { new Step("a", t), new Step("b", 100 + t) }),
            new Step("short", 7)];
        IDataView windows = _ml.Sequences().Windows(_ml.Data.LoadFromEnumerable(rows), ["Value"], windowSize: 2, horizon: 2,
            "Series");
        Assert.Equal([[0, 1], [100, 101], [1, 2], [101, 102]], windows.Vectors<float>("Features"));
        Assert.Equal([3f, 103, 4, 104], windows.GetColumn<float>("Label"));
        Assert.Equal(["a", "b", "a", "b"], windows.GetColumn<string>("Series"));
    }

    [Fact]
    public void Series_may_be_keys_or_numbers()
    {
        IDataView rows = _ml.Data.LoadFromEnumerable<Step>([new("a", 1), new("b", 2), new("a", 3), new("b", 4)]);
        IDataView keys = _ml.Transforms.Conversion.MapValueToKey("Key", "Series")
            .Append(_ml.Transforms.Conversion.MapValueToKey("Number", "Value"))
            .Fit(rows).Transform(rows);
        Assert.Equal([[1, 3], [2, 4]], _ml.Sequences().Windows(keys, ["Value"], 2, 0, "Key").Vectors<float>("Features"));
        Assert.Empty(_ml.Sequences().Windows(keys, ["Value"], 2, 0, "Number").Vectors<float>("Features"));
        Assert.Equal([[1], [2], [3], [4]], _ml.Sequences().Windows(keys, ["Value"], 1, 0, "Value").Vectors<float>("Features"));
    }

    [Fact]
    public void Without_a_horizon_the_tables_own_label_stays_and_the_last_row_ends_a_window()
    {
        IDataView rows = _ml.Transforms.CopyColumns("Label", "Name").Fit(One(4)).Transform(One(4));
        IDataView windows = _ml.Sequences().Windows(rows, ["Value"], windowSize: 2, horizon: 0);
        Assert.Equal(["n1", "n2", "n3"], windows.GetColumn<string>("Label"));
        Assert.Null(windows.Schema.GetColumnOrNull("Future"));
        Assert.Equal(NumberDataViewType.Single, _ml.Sequences().Windows(rows, ["Value"], 2, 1).Schema["Label"].Type);
    }

    [Fact]
    public void A_stride_leaves_windows_out() => Assert.Equal([[0, 1], [3, 4], [6, 7]],
        _ml.Sequences().Windows(One(9), ["Value"], windowSize: 2, horizon: 0, stride: 3).Vectors<float>("Features"));

    [Fact]
    public void Only_what_is_asked_for_is_read()
    {
        var view = new TestView(TestColumn.Of("Value", NumberDataViewType.Single, 1f, 2, 3), TestColumn.Texts("Other", "x", "y",
            "z"));
        IDataView windows = _ml.Sequences().Windows(view, ["Value"], 2, 0);
        Assert.Empty(view.Reads);
        Assert.Equal(["y", "z"], windows.GetColumn<string>("Other"));
        Assert.Equal(["Other"], view.Reads.Keys);
        using DataViewRowCursor cursor = windows.GetRowCursor([windows.Schema["Features"]]);
        Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<float>(windows.Schema["Value"]));
    }

    [Fact]
    public void Series_that_make_no_window_are_told_once()
    {
        var warnings = new List<string>();
        _ml.Log += (_, e) =>
        {
            if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
                warnings.Add(e.RawMessage);
        };
        Assert.Equal(2, _ml.Sequences().Windows(One(6), ["Value"], 3, 2).Vectors<float>("Features").Length);
        Assert.Empty(warnings);
        IDataView none = _ml.Sequences().Windows(One(4), ["Value"], 3, 2);
        Assert.Empty(none.Vectors<float>("Features"));
        Assert.Empty(none.Vectors<float>("Future"));
        Assert.Equal("The series has 4 rows, fewer than 5: no window is made there (windowSize and horizon).",
            Assert.Single(warnings));
    }

    [Fact]
    public void Windows_are_the_same_each_time() => Assert.Equal(
        _ml.Sequences().Windows(One(9), ["Value"], 3, 1).Vectors<float>("Features"),
        _ml.Data.Cache(_ml.Sequences().Windows(One(9), ["Value"], 3, 1)).Vectors<float>("Features"));

    [Fact]
    public void Too_few_steps_make_no_window() =>
        Assert.Empty(_ml.Sequences().Windows(One(4), ["Value"], 3, 2).GetColumn<float>("Label"));

    [Fact]
    public void What_makes_no_sense_is_refused_by_name()
    {
        IDataView rows = One(4);
        Assert.Contains("'Nothing'", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Sequences().Windows(rows, ["Nothing"],
            2, 1)).Message);
        Assert.Contains("'Name'", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Sequences().Windows(rows, ["Name"], 2, 1))
            .Message);
        Assert.Contains("'Pair'", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Sequences().Windows(rows, ["Value"], 2, 1,
            "Pair")).Message);
        Assert.Contains("windowSize", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Sequences().Windows(rows, ["Value"], 0,
            1)).Message);
        Assert.Contains("horizon", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Sequences().Windows(rows, ["Value"], 2,
            -1)).Message);
        Assert.Contains("columnNames", Assert.Throws<ArgumentException>(() => _ml.Sequences().Windows(rows, [], 2, 1)).Message);
    }

    [Fact]
    public void Windows_train_a_regression_and_a_classifier()
    {
        Step[] steps =
            [.. Enumerable.Range(0, 400).Select(t =>
                new Step("s", (float)Math.Sin(t * 0.3)) { Name = t / 50 % 2 == 0 ? "slow" : "fast" })];
        IDataView windows = _ml.Sequences().Windows(_ml.Data.LoadFromEnumerable(steps), ["Value"], windowSize: 10, horizon: 3);
        var options = new SequenceTrainerOptions { HiddenSize = 16, LearningRate = 0.01f, NumberOfEpochs = 15 };
        var model = _ml.Regression.Trainers.Gru(options: options).Fit(windows);
        Assert.True(_ml.Regression.Evaluate(model.Transform(windows)).RSquared > 0.95);

        Step[] sensor = [.. Enumerable.Range(0, 600).Select(t => (t, fast: t / 100 % 2 == 1)).Select(at =>
            new Step("s", (float)Math.Sin(at.t * (at.fast ? 1.1 : 0.3))) { Name = at.fast ? "fast" : "slow" })];
        IDataView moves = _ml.Sequences().Windows(_ml.Data.LoadFromEnumerable(sensor), ["Value"], windowSize: 12, horizon: 0,
            stride: 3);
        var classifier = _ml.Transforms.Conversion.MapValueToKey("Label", "Name")
            .Append(_ml.MulticlassClassification.Trainers.Gru(options: options)).Fit(moves);
        Assert.True(_ml.MulticlassClassification.Evaluate(classifier.Transform(moves)).MicroAccuracy > 0.9);
    }

    private IDataView One(int steps) =>
        _ml.Data.LoadFromEnumerable(Enumerable.Range(0, steps).Select(t => new Step("s", t) { Name = $"n{t}" }).ToArray());

    private sealed class Step(string series, float value)
    {
        public string Series { get; set; } = series;

        public float Value { get; set; } = value;

        [VectorType(2)]
        public float[] Pair { get; set; } = [10 * value, -value];

        public string Name { get; set; } = "";
    }
}
