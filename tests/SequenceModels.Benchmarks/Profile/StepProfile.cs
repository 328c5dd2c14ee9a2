using System.Diagnostics;
using SequenceModels.Benchmarks.Peers;
using SequenceModels.Benchmarks.Timing;

namespace SequenceModels.Benchmarks.Profile;

/// <summary>What the clocks of some training steps have counted.</summary>
/// <param name="Workload">What was trained.</param>
/// <param name="Threads">On how many threads.</param>
/// <param name="Steps">How many steps were run.</param>
/// <param name="WallSeconds">For how long.</param>
/// <param name="Peak">FMA peak of one thread of so many, in operations a second.</param>
/// <param name="Works">The work of all threads, the longest first.</param>
internal sealed record StepProfile(Workload Workload, int Threads, int Steps, double WallSeconds, double Peak,
    IReadOnlyList<WorkTime> Works)
{
    private const double WarmUpSeconds = 2;

    public double ThreadSeconds => Threads * WallSeconds;

    /// <summary>Of the products alone, as in the comparison with peers.</summary>
    public double ShareOfPeak => Workload.TrainingFlops * Steps / WallSeconds / (Peak * Threads);

    public static StepProfile Of(Workload workload, int threads, double seconds)
    {
        using var peak = new FmaPeak(threads);
        using IPeer training = Ours.Training(workload, threads);
        Run(training, WarmUpSeconds);
        double peakSeconds = Rounds.Median(Enumerable.Range(0, 5).Select(_ => Run(peak, 0).Seconds));
        WorkClock.Reset();
        (int steps, double wall) = Run(training, seconds);
        return new StepProfile(workload, threads, steps, wall, peak.Flops / peakSeconds / threads,
            [.. WorkClock.Read().OrderByDescending(work => work.Seconds)]);
    }

    private static (int Runs, double Seconds) Run(IPeer peer, double seconds)
    {
        long start = Stopwatch.GetTimestamp();
        int runs = 0;
        do
        {
            peer.Run();
            runs++;
        }
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds);
        return (runs, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}
