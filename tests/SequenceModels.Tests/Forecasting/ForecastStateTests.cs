using Microsoft.ML;
using SequenceModels.Files;
using SequenceModels.Forecasting;
using SequenceModels.Sequences;
using SequenceModels.Transforms;
using Xunit;

namespace SequenceModels.Tests.Forecasting;

/// <summary>
/// What a forecast engine has observed, written to a file and read back; and the same steps in the file of a model.
/// </summary>
public class ForecastStateTests
{
    private static readonly TimeStep[] s_steps = Steps.Wave(50);
    private static readonly ForecastOptions s_options =
        Steps.Glance with { PastColumnNames = ["Weather"], StaticColumnNames = ["Size"] };
    private readonly MLContext _ml = new(1);

    [Fact]
    public void Going_on_from_a_state_is_going_on()
    {
        ForecastOptions options =
            s_options with { SeriesColumnName = "Series", TimeColumnName = "Time", Transform = ForecastTransform.LogDifference };
        ITransformer model = Fit(options);
        var engine = model.CreateForecastEngine<TimeStep, Outlook>(_ml);
        ForecastEngineState state = engine.CreateState();
        foreach (TimeStep step in Steps.Wave(13, "b", level: 4))
            engine.Observe(state, step);
        ForecastEngineState loaded = Reload(state, model.CreateForecastEngine<TimeStep, Outlook>(_ml));
        for (int t = 13; t < 30; t++)
        {
            Assert.Equal(engine.Predict(state, "b").Forecast, engine.Predict(loaded, "b").Forecast);
            foreach (ForecastEngineState each in new[] { state, loaded })
                engine.Observe(each, Steps.Wave(30, "b", level: 4)[t]);
        }
        Assert.Equal(engine.Predict(state, "b").ForecastUpperBound, engine.Predict(loaded, "b").ForecastUpperBound);
        Assert.Equal(state.Series, loaded.Series);
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
        var stranger = Fit(options, part == "columns to forecast" ? "Other" : "Value", part == "windowSize" ? 9 : 8)
            .CreateForecastEngine<TimeStep, Outlook>(_ml);
        string message = Assert.Throws<InvalidDataException>(() => Reload(engine.CreateState(), stranger)).Message;
        Assert.Contains($"{part}: {own} in the state, {other} in this engine", message);
        Assert.Contains($"{part}: {other} in the state, {own} in this engine",
            Assert.Throws<InvalidDataException>(() => Reload(stranger.CreateState(), engine)).Message);
    }

    [Fact]
    public void A_model_trained_anew_goes_on_from_an_old_state()
    {
        var old = Fit(s_options).CreateForecastEngine<TimeStep, Outlook>(_ml);
        ForecastEngineState state = old.CreateState();
        old.Observe(state, new TimeStep { Value = 12, Size = 10 });
        ITransformer anew = Fit(s_options with { Seed = 2, HiddenSize = 7, Scaling = ForecastScaling.None }, horizon: 3);
        var engine = anew.CreateForecastEngine<TimeStep, Outlook>(_ml);
        float[] forecast = engine.Predict(Reload(state, engine)).Forecast;
        Assert.Equal(anew.Forecasts(_ml.View([.. s_steps, new TimeStep { Value = 12, Size = 10 }]))[0][^1], forecast);
    }

    [Fact]
    public void A_state_lacks_no_column_that_forecasts_need()
    {
        ITransformer model = Fit(s_options);
        var engine = model.CreateForecastEngine<TimeStep, Outlook>(_ml);
        var full = model.CreateForecastEngine<TimeStep, Told>(_ml);
        Assert.Contains("'Price' (Single)",
            Assert.Throws<InvalidDataException>(() => Reload(engine.CreateState(), full)).Message);
        ForecastEngineState state = full.CreateState();
        Assert.Equal(full.Predict(state).Forecast, engine.Predict(Reload(state, engine)).Forecast);
    }

    [Fact]
    public void Keys_of_a_state_that_stand_for_other_values_are_refused()
    {
        ForecastEngine<TimeStep, Keyed> EngineOf(params string[] names)
        {
            TimeStep[] steps = Steps.Wave(50);
            for (int t = 0; t < steps.Length; t++)
                steps[t].Series = names[t % names.Length];
            return _ml.Transforms.Conversion.MapValueToKey("Key", "Series")
                .Append(_ml.Forecasting.ForecastByGru("Forecast", ["Value"], 8, 2, Steps.Glance))
                .Append(_ml.Transforms.Conversion.MapKeyToValue("Of", "Key")).Fit(_ml.View(steps))
                .CreateForecastEngine<TimeStep, Keyed>(_ml);
        }
        var engine = EngineOf("a", "b");
        ForecastEngineState state = engine.CreateState();
        Assert.Equal(engine.Predict(state).Of, engine.Predict(Reload(state, EngineOf("a", "b"))).Of);
        Assert.Contains("column 'Key'", Assert.Throws<InvalidDataException>(() => Reload(state, EngineOf("b", "a"))).Message);
        Assert.Contains("its keys stand for other values here, or for the same in another order, than they did in the state",
            Assert.Throws<InvalidDataException>(() => Reload(state, EngineOf("b", "c"))).Message);
    }

    [Fact]
    public void Sizes_that_a_file_states_cost_nothing_before_it_pays_for_them()
    {
        const int Steps = 1 << 28;
        var spec = new ForecastSpec
        {
            WindowSize = Steps, Horizon = 1 << 20, Targets = 1, Past = 0, Future = 1, Static = 0,
            Scaling = ForecastScaling.Standard, Transform = ForecastTransform.None,
            From = ForecastFrom.Nothing, Season = 1, SeasonalInputs = false, DifferenceInputs = false,
            ChannelIndependent = false, LinearPath = true, Loss = ForecastLoss.Quantile, ConfidenceLevel = 0.9f,
            MarksGaps = false,
            Limits = ValueLimits.None,
        };
        long before = GC.GetAllocatedBytesForCurrentThread();
        var state = new ForecastEngineState(spec, new StateMeaning([]), []);
        for (int series = 0; series < 100; series++)
            state.Add(null, $"{series}", [1, 2], []);
        using var file = new MemoryStream();
        SealedPayload.Write(file, "SEQFSTAT", 1, state.Write);
        file.Position = 0;
        ForecastEngineState read =
            SealedPayload.Read(file, "SEQFSTAT", 1, reader => ForecastEngineState.Read(reader, spec, Fit(s_options).Columns));
        Assert.Equal(state.Series, read.Series);
        Assert.False(new WindowEncoder(spec, new([new(0, 1), new(0, 1)], [1], [])).TryEncode(new SeriesSteps([1, 2], 2, [0]), 0));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Lies_in_the_file_of_a_model_take_no_memory()
    {
        ForecastTransformer model = Fit(s_options with { LinearPath = false }); // which would give windowSize away
        var file = new ModelFile(model, _ml.View(s_steps).Schema);
        int windowSize = file.Body.AsSpan().IndexOf("\b\0\0\0\u0002\0\0\0\u0001\0\0\0"u8); // windowSize, horizon, targets
        Refused(9, "none of its series has the 9 steps");
        Refused(1 << 28, "a window of 268435456 steps has more numbers than an array can hold");
        Refused(int.MaxValue, "windowSize is 2147483647");
        for (int place = windowSize - 4; place < file.Body.Length - sizeof(int); place += place < windowSize + 24 ? 4
            : file.Body.Length / 6)
            foreach (int lie in new[] { 1 << 20, int.MaxValue })
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                Exception? error =
                    Record.Exception(() => Predict(LoadWith(place, lie).CreateForecastEngine<TimeStep, Outlook>(_ml)));
                long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
                Assert.True(error?.GetBaseException() is null or InvalidDataException or ArgumentException
                    or InvalidOperationException, $"{place}: {error}");
                Assert.True(bytes < 4_000_000, $"{lie} at {place}: {bytes} bytes"); // nearly all of it is ML.NET's
            }

        static Outlook Predict(ForecastEngine<TimeStep, Outlook> engine) => engine.Predict(engine.CreateState());

        ITransformer LoadWith(int place, int value)
        {
            byte[] body = [.. file.Body];
            System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(place), value);
            return file.LoadWith(file.Resealed(body));
        }

        void Refused(int steps, string message) =>
            Assert.Contains(message, Assert.ThrowsAny<Exception>(() => LoadWith(windowSize, steps)).GetBaseException().Message);
    }

    private ForecastTransformer Fit(ForecastOptions options, string target = "Value", int window = 8, int horizon = 2) =>
        _ml.Forecasting.ForecastByGru("Forecast", [target], window, horizon, options).Fit(_ml.View(s_steps));

    private static ForecastEngineState Reload<TIn, TOut>(ForecastEngineState state, ForecastEngine<TIn, TOut> engine)
        where TIn : class where TOut : class, new()
    {
        using var file = new MemoryStream();
        state.Save(file);
        file.Position = 0;
        return engine.LoadState(file);
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
