using System.Diagnostics;
using Microsoft.ML;
using SequenceModels.Benchmarks.Timing;

namespace SequenceModels.Benchmarks.Pipeline;

/// <summary>How fast one cursor over a model's scores goes through its rows, and how many processors that keeps busy.</summary>
/// <param name="RowsPerSecond">Rows in a second.</param>
/// <param name="Cores">Seconds of all threads in a second.</param>
internal sealed record TransformTimes(double RowsPerSecond, double Cores)
{
    public static TransformTimes Measure(ITransformer model, IDataView view, int rounds)
    {
        IDataView scored = model.Transform(view);
        Read(scored); // compiles, and lets the network fold its input
        List<double> speeds = [], cores = [];
        for (int round = 0; round < rounds; round++)
        {
            TimeSpan used = Environment.CpuUsage.TotalTime;
            long start = Stopwatch.GetTimestamp();
            long rows = Read(scored);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            speeds.Add(rows / seconds);
            cores.Add((Environment.CpuUsage.TotalTime - used).TotalSeconds / seconds);
        }
        return new TransformTimes(Rounds.Median(speeds), Rounds.Median(cores));
    }

    private static long Read(IDataView scored)
    {
        DataViewSchema.Column column = scored.Schema[nameof(TextScore.Score)];
        using DataViewRowCursor cursor = scored.GetRowCursor([column]);
        ValueGetter<float> getScore = cursor.GetGetter<float>(column);
        float score = 0;
        long rows = 0;
        for (; cursor.MoveNext(); rows++)
            getScore(ref score);
        return rows;
    }
}
