using System.Diagnostics;
using Microsoft.ML;

namespace SequenceModels.Benchmarks.Pipeline;

/// <summary>How long single calls of prediction engines take, where several work at once, each on a thread of its own.</summary>
/// <param name="Engines">How many.</param>
/// <param name="Median">Microseconds that half of the calls took at most.</param>
/// <param name="Slow">Microseconds that 99 of 100 calls took at most.</param>
internal sealed record LatencyTimes(int Engines, double Median, double Slow)
{
    private const int Calls = 20_000, WarmUps = 2_000;

    public static LatencyTimes Measure(TextPipeline pipeline, ITransformer model, IReadOnlyList<TextRow> rows, int engines)
    {
        double[][] times = [.. Enumerable.Range(0, engines).Select(_ => new double[Calls / engines])];
        using var ready = new Barrier(engines);
        Thread[] threads = [.. times.Select((own, first) => new Thread(() =>
        {
            using PredictionEngine<TextRow, TextScore> engine = pipeline.Engine(model);
            var answer = new TextScore();
            for (int i = 0; i < WarmUps; i++)
                engine.Predict(rows[(first + i) % rows.Count], ref answer);
            ready.SignalAndWait();
            for (int i = 0; i < own.Length; i++)
            {
                long start = Stopwatch.GetTimestamp();
                engine.Predict(rows[(first + i) % rows.Count], ref answer);
                own[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            }
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        double[] all = [.. times.SelectMany(own => own).Order()];
        return new LatencyTimes(engines, all[all.Length / 2], all[all.Length * 99 / 100]);
    }

    /// <summary>Bytes that a call takes from the garbage collector's memory.</summary>
    public static double BytesPerCall(TextPipeline pipeline, ITransformer model, IReadOnlyList<TextRow> rows)
    {
        using PredictionEngine<TextRow, TextScore> engine = pipeline.Engine(model);
        var answer = new TextScore();
        for (int i = 0; i < WarmUps; i++)
            engine.Predict(rows[i % rows.Count], ref answer);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < WarmUps; i++)
            engine.Predict(rows[i % rows.Count], ref answer);
        return (double)(GC.GetAllocatedBytesForCurrentThread() - before) / WarmUps;
    }
}
