using Microsoft.ML;
using SequenceModels.Files;
using SequenceModels.Forecasting;
using SequenceModels.Sequences;
using SequenceModels.Transforms;
using Xunit;

namespace SequenceModels.Tests.Forecasting;

/// <summary>What a forecast engine has observed, written to a file and read back; and the same steps in the file of a model.</summary>
public class ForecastStateTests
{
    private static readonly TimeStep[] s_steps = Steps.Wave(50);
    private static readonly ForecastOptions s_options = Steps.Glance with { PastColumnNames = ["Weather"], StaticColumnNames = ["Size"] };
    private readonly MLContext _ml = new(1);

    [Fact]
    public void Going_on_from_a_state_is_going_on()
    {
        ForecastOptions options = s_options with { SeriesColumnName = "Series", TimeColumnName = "Time", Transform = ForecastTransform.LogDifference };
        ITransformer model = Fit(options);
        var engine = model.CreateForecastEngine<TimeStep, Outlook>(_ml);
        foreach (TimeStep step in Steps.Wave(13, "b", level: 4))
            engine.Observe(step);
        var other = Reload(engine, model.CreateForecastEngine<TimeStep, Outlook>(_ml));
        for (int t = 13; t < 30; t++)
        {
            Assert.Equal(engine.Predict("b").Forecast, other.Predict("b").Forecast);
            foreach (var each in new[] { engine, other })
                each.Observe(Steps.Wave(30, "b", level: 4)[t]);
        }
        Assert.Equal(engine.Predict("b").ForecastUpperBound, other.Predict("b").ForecastUpperBound);
        Assert.Equal(engine.Series, other.Series);
    }

    public static TheoryData<string, string, string> Differences => new()
    {
        { "columns to forecast", "'Value'", "'Other'" }, { "PastColumnNames", "'Weather' (size 2)", "'Price' (size 1)" },
        { "FutureColumnNames", "none", "'Price' (size 1)" }, { "StaticColumnNames", "'Size' (size 1)", "none" },
        { "SeriesColumnName", "none", "'Series'" }, { "TimeColumnName", "none", "'Time' (Single)" }, { "windowSize", "8", "9" },
        { "Transform", "None", "Difference" },
    };

    [Theory]
    [MemberData(nameof(Differences))]
    public void A_state_whose_numbers_mean_something_else_is_refused(string part, string own, string other)
    {
        ForecastOptions options = part switch
        {
            "PastColumnNames" => s_options with { PastColumnNames = ["Price"] },
            "FutureColumnNames" => s_options with { FutureColumnNames = ["Price"] },
            "StaticColumnNames" => s_options with { StaticColumnNames = [] },
            "SeriesColumnName" => s_options with { SeriesColumnName = "Series" },
            "TimeColumnName" => s_options with { TimeColumnName = "Time" },
            "Transform" => s_options with { Transform = ForecastTransform.Difference },
            _ => s_options,
        };
        var engine = Fit(s_options).CreateForecastEngine<TimeStep, Outlook>(_ml);
        var stranger = Fit(options, part == "columns to forecast" ? "Other" : "Value", part == "windowSize" ? 9 : 8).CreateForecastEngine<TimeStep, Outlook>(_ml);
        string message = Assert.Throws<InvalidDataException>(() => Reload(engine, stranger)).Message;
        Assert.Contains($"{part}: {own} in the state, {other} in this engine", message);
        Assert.Contains($"{part}: {other} in the state, {own} in this engine", Assert.Throws<InvalidDataException>(() => Reload(stranger, engine)).Message);
        Assert.Single(stranger.Series); // as it was
    }

    [Fact]
    public void A_model_trained_anew_goes_on_from_an_old_state()
    {
        var old = Fit(s_options).CreateForecastEngine<TimeStep, Outlook>(_ml);
        old.Observe(new TimeStep { Value = 12, Size = 10 });
        ITransformer anew = Fit(s_options with { Seed = 2, HiddenSize = 7, Scaling = ForecastScaling.None }, horizon: 3);
        float[] forecast = Reload(old, anew.CreateForecastEngine<TimeStep, Outlook>(_ml)).Predict().Forecast;
        Assert.Equal(anew.Forecasts(_ml.View([.. s_steps, new TimeStep { Value = 12, Size = 10 }]))[0][^1], forecast);
    }

    [Fact]
    public void A_state_lacks_no_column_that_forecasts_need()
    {
        ITransformer model = Fit(s_options);
        var engine = model.CreateForecastEngine<TimeStep, Outlook>(_ml);
        var full = model.CreateForecastEngine<TimeStep, Told>(_ml);
        Assert.Contains("'Price' (Single)", Assert.Throws<InvalidDataException>(() => Reload(engine, full)).Message);
        Assert.Equal(full.Predict().Forecast, Reload(full, engine).Predict().Forecast);
    }

    [Fact]
    public void Keys_of_a_state_that_stand_for_other_values_are_refused()
    {
        ForecastEngine<TimeStep, Keyed> EngineOf(params string[] names)
        {
            TimeStep[] steps = Steps.Wave(50);
            for (int t = 0; t < steps.Length; t++)
                steps[t].Series = names[t % names.Length];
            return _ml.Transforms.Conversion.MapValueToKey("Key", "Series").Append(_ml.Forecasting.ForecastByGru("Forecast", ["Value"], 8, 2, Steps.Glance))
                .Append(_ml.Transforms.Conversion.MapKeyToValue("Of", "Key")).Fit(_ml.View(steps)).CreateForecastEngine<TimeStep, Keyed>(_ml);
        }
        var engine = EngineOf("a", "b");
        Assert.Equal(engine.Predict().Of, Reload(engine, EngineOf("a", "b")).Predict().Of);
        Assert.Contains("column 'Key'", Assert.Throws<InvalidDataException>(() => Reload(engine, EngineOf("b", "a"))).Message);
        Assert.Contains("its keys stand for other values here, or for the same in another order, than they did in the state",
            Assert.Throws<InvalidDataException>(() => Reload(engine, EngineOf("b", "c"))).Message);
    }

    [Fact]
    public void Sizes_that_a_file_states_cost_nothing_before_it_pays_for_them()
    {
        const int Steps = 1 << 28;
        var shape = new ForecastSpec
        {
            WindowSize = Steps, Horizon = 1 << 20, Targets = 1, Past = 0, Future = 1, Static = 0, Scaling = ForecastScaling.Standard, Transform = ForecastTransform.None,
            FromLastValue = false, Loss = ForecastLoss.Quantile, ConfidenceLevel = 0.9f, MarksGaps = false, Limits = ValueLimits.None,
        };
        long before = GC.GetAllocatedBytesForCurrentThread();
        var state = new ForecastState(shape, []);
        for (int series = 0; series < 100; series++)
            state.Add(null, $"{series}", [1, 2], []);
        using var file = new MemoryStream();
        SealedPayload.Write(file, "SEQFSTAT", 1, state.Write);
        file.Position = 0;
        ForecastState read = SealedPayload.Read(file, "SEQFSTAT", 1, reader => ForecastState.Read(reader, shape));
        Assert.Equal(state.Series, read.Series);
        Assert.False(new WindowEncoder(shape, [new(0, 1), new(0, 1)]).TryEncode(new SeriesSteps([1, 2], 2, [0]), 0));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void A_model_whose_file_does_not_pay_for_its_window_is_refused()
    {
        using var file = new MemoryStream();
        SealedPayload.Write(file, "SEQFSTAT", 1, writer =>
        {
            foreach (int value in new[] { 1 << 20, 1, 1, 0, 0, 0, 0, 0, 0 })
                writer.Write(value);
            writer.Write(new byte[200]);
        });
        file.Position = 0;
        Assert.Contains("windowSize is 1048576", Assert.Throws<InvalidDataException>(() => SealedPayload.Read(file, "SEQFSTAT", 1, ForecastSpec.Read)).Message);
    }

    [Fact]
    public void Lies_in_the_file_of_a_model_take_no_memory()
    {
        ForecastTransformer model = Fit(s_options);
        var file = new ModelFile(model, _ml.View(s_steps).Schema);
        int windowSize = file.Body.AsSpan().IndexOf("\b\0\0\0\u0002\0\0\0\u0001\0\0\0"u8); // windowSize, horizon, targets
        Refused(9, "none of its series has the 9 steps");
        Refused(1 << 28, "windowSize is 268435456");
        for (int place = windowSize - 4; place < file.Body.Length - sizeof(int); place += place < windowSize + 24 ? 4 : file.Body.Length / 6)
            foreach (int lie in new[] { 1 << 20, int.MaxValue })
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                Exception? error = Record.Exception(() => LoadWith(place, lie).CreateForecastEngine<TimeStep, Outlook>(_ml).Predict());
                long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
                Assert.True(error?.GetBaseException() is null or InvalidDataException or ArgumentException or InvalidOperationException, $"{place}: {error}");
                Assert.True(bytes < 4_000_000, $"{lie} at {place}: {bytes} bytes"); // nearly all of it is ML.NET's
            }

        ITransformer LoadWith(int place, int value)
        {
            byte[] body = [.. file.Body];
            System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(place), value);
            return file.LoadWith(file.Resealed(body));
        }

        void Refused(int steps, string message) =>
            Assert.Contains(message, Assert.ThrowsAny<Exception>(() => LoadWith(windowSize, steps)).GetBaseException().Message);
    }

    [Fact]
    public void A_ring_keeps_the_last_steps_in_their_order()
    {
        var series = new SeriesState("a", historySize: 5, stepSize: 2, []);
        for (int t = 0; t < 23; t++)
        {
            series.Add([t, -t], []);
            float[] steps = new float[series.Count * 2];
            series.CopyTo(steps);
            Assert.Equal([.. Enumerable.Range(Math.Max(0, t - 4), Math.Min(t + 1, 5)).SelectMany(at => new float[] { at, -at })], steps);
        }
    }

    private ForecastTransformer Fit(ForecastOptions options, string target = "Value", int window = 8, int horizon = 2) =>
        _ml.Forecasting.ForecastByGru("Forecast", [target], window, horizon, options).Fit(_ml.View(s_steps));

    private static ForecastEngine<TIn, TOther> Reload<TIn, TOut, TOther>(ForecastEngine<TIn, TOut> from, ForecastEngine<TIn, TOther> to)
        where TIn : class where TOut : class, new() where TOther : class, new()
    {
        using var file = new MemoryStream();
        from.SaveState(file);
        file.Position = 0;
        to.LoadState(file);
        return to;
    }

    public sealed class Keyed
    {
        public float[] Forecast { get; set; } = [];

        public string Of { get; set; } = "";
    }

    public sealed class Told
    {
        public float[] Forecast { get; set; } = [];

        public float Price { get; set; }
    }
}
