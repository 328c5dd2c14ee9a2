using System.Diagnostics;
using Microsoft.ML;
using SequenceModels.Benchmarks.Timing;
using SequenceModels.Networks;

namespace SequenceModels.Benchmarks.Pipeline;

/// <summary>What a forecast engine takes for a step and for a forecast, and the network alone for the same window.</summary>
/// <param name="Observe">Microseconds of ForecastEngine.Observe.</param>
/// <param name="Predict">Microseconds of ForecastEngine.Predict.</param>
/// <param name="Score">Microseconds of SequenceNetwork.Score.</param>
/// <param name="Bytes">Allocated by an Observe and a Predict together, on average.</param>
internal sealed record ForecastTimes(double Observe, double Predict, double Score, double Bytes)
{
    private const int WindowSize = 60, Horizon = 12, Rows = 200, Calls = 2000;

    /// <summary>So many calls, and then a pause, before .NET has compiled everything for good.</summary>
    private const int WarmUps = 3, PauseMilliseconds = 200;

    public static string Title =>
        $"Lstm with hidden size {Options.HiddenSize}, windows of {WindowSize} steps with a time, a series and a covariate, " +
        $"{Horizon} steps ahead";

    /// <summary>Encoding the window, bringing the outputs back and ML.NET's own part.</summary>
    public double Difference => Predict - Score;

    private static ForecastOptions Options { get; } = new()
    {
        HiddenSize = 32,
        NumberOfEpochs = 1,
        TimeColumnName = nameof(Step.Day),
        SeriesColumnName = nameof(Step.Shop),
        PastColumnNames = [nameof(Step.Rain)],
        Seed = 1,
    };

    public static ForecastTimes Measure(int rounds)
    {
        var ml = new MLContext(1);
        ForecastTransformer model =
            ml.Forecasting.ForecastByLstm(nameof(Answer.Forecast), [nameof(Step.Sold)], WindowSize, Horizon, Options)
            .Fit(ml.Data.LoadFromEnumerable(Enumerable.Range(0, Rows).Select(Step.Of)));
        var engine = model.CreateForecastEngine<Step, Answer>(ml);
        ForecastEngineState state = engine.CreateState();
        SequenceNetwork network = model.Model.Network;
        float[] frames = new float[WindowSize * network.InputSize], scores = new float[network.NumberOfOutputs];
        Array.Fill(frames, 0.5f);
        EncoderPass workspace = network.CreatePass();
        var answer = new Answer();
        Step[] steps = [];
        int next = Rows;
        void Observe(int call) => engine.Observe(state, steps[call]);
        void Predict(int call) => engine.Predict(state, ref answer);
        void Score(int call) => network.Score(frames, rowFeatures: [], scores, workspace);
        double Observed()
        {
            steps = [.. Enumerable.Range(next, Calls).Select(Step.Of)];
            next += Calls;
            return Microseconds(Observe);
        }

        for (int i = 0; i < WarmUps; i++)
        {
            Observed();
            Microseconds(Predict);
            Microseconds(Score);
            Thread.Sleep(PauseMilliseconds);
        }
        double[] observe = new double[rounds], predict = new double[rounds], score = new double[rounds];
        for (int round = 0; round < rounds; round++)
        {
            observe[round] = Observed();
            predict[round] = Microseconds(Predict);
            score[round] = Microseconds(Score);
        }
        steps = [.. Enumerable.Range(next, Calls).Select(Step.Of)];
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Calls; i++)
        {
            engine.Observe(state, steps[i]);
            engine.Predict(state, ref answer);
        }
        double bytes = (double)(GC.GetAllocatedBytesForCurrentThread() - before) / Calls;
        return new ForecastTimes(Rounds.Median(observe), Rounds.Median(predict), Rounds.Median(score), bytes);
    }

    /// <summary>Of one call.</summary>
    private static double Microseconds(Action<int> act)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Calls; i++)
            act(i);
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / Calls;
    }

    private sealed class Step
    {
        public DateTime Day { get; set; }

        public string Shop { get; set; } = "one";

        public float Sold { get; set; }

        public float Rain { get; set; }

        public static Step Of(int t) => new() { Day = new DateTime(2000, 1, 1).AddDays(t), Sold = 50 + t % 7, Rain = t % 3 };
    }

    private sealed class Answer
    {
        public float[] Forecast { get; set; } = [];

        public float[] ForecastLowerBound { get; set; } = [];

        public float[] ForecastUpperBound { get; set; } = [];
    }
}
