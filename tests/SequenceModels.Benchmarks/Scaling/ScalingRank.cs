using System.Diagnostics;
using SequenceModels.Benchmarks.Peers;
using SequenceModels.Sequences;
using SequenceModels.Training;

namespace SequenceModels.Benchmarks.Scaling;

/// <summary>One of the processes that train a workload together; the first one tells how long a step took.</summary>
internal static class ScalingRank
{
    public const string Name = "scaling-rank";

    /// <summary>Let .NET compile what a step needs, and the processor leave its first megahertz.</summary>
    private const double WarmUpSeconds = 1;

    public static int Run(Arguments arguments)
    {
        int threads = arguments.Integer("--threads", 1);
        double seconds = arguments.Number("--seconds", 3);
        bool isAlone = arguments.Flag("--alone");
        if (arguments.Names() is not [string name])
            throw new ArgumentException("scaling-rank takes the name of a workload.");
        CountingGroup? group = isAlone ? null : new CountingGroup(MpiTraining.World());
        var ranks = new TrainingRanks(group);
        Workload workload = Workloads.Find(name);
        using SequenceDataset data = Ours.Data(workload, Workload.Batches);
        using var step = new TrainingStep(Ours.Network(workload), data,
            new SequenceTrainerOptions { BatchSize = workload.Batch, NumberOfThreads = threads, Dropout = 0, WordDropout = 0 },
            seed: 1, ranks: ranks);
        int[][] batches = [.. Enumerable.Range(0, workload.Batch * Workload.Batches).Chunk(workload.Batch)];
        Steps(step, batches, ranks, WarmUpSeconds);
        long before = group?.BytesSent ?? 0;
        List<double> times = Steps(step, batches, ranks, seconds);
        times.Sort();
        if (ranks.IsFirst)
            Console.WriteLine($"step {1e3 * times[times.Count / 2]} {((group?.BytesSent ?? 0) - before) / times.Count}");
        return 0;
    }

    private static List<double> Steps(TrainingStep step, int[][] batches, TrainingRanks ranks, double seconds)
    {
        var times = new List<double>();
        long began = Stopwatch.GetTimestamp();
        while (!ranks.OfFirst(Stopwatch.GetElapsedTime(began).TotalSeconds > seconds))
        {
            long at = Stopwatch.GetTimestamp();
            step.Run(batches[times.Count % batches.Length], StepRange.All, Workload.LearningRate);
            times.Add(Stopwatch.GetElapsedTime(at).TotalSeconds);
        }
        return times;
    }
}
