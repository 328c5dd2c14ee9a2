using System.Diagnostics;

namespace SequenceModels.Benchmarks.Timing;

/// <summary>
/// Times a piece of work, again if other processes disturbed it (Linux only; elsewhere nothing counts as a disturbance).
/// </summary>
internal static class QuietClock
{
    private const double Disturbance = 0.1; // of one core
    private const int MostTries = 25;
    private const double TicksPerSecond = 100;

    /// <summary>
    /// Of "cpu user nice system idle iowait irq softirq steal": all but what waits and nice processes, which hardly disturb.
    /// </summary>
    private static readonly int[] s_busyFields = [1, 3, 6, 7, 8];

    /// <summary>How many times were taken as they were because no try was quiet.</summary>
    public static int Disturbed { get; private set; }

    public static double Seconds(Action work)
    {
        (double Seconds, double Others) best = Time(work);
        for (int tries = 1; best.Others >= Disturbance && tries < MostTries; tries++)
        {
            Thread.Sleep(300);
            (double Seconds, double Others) next = Time(work);
            if (next.Others < best.Others)
                best = next;
        }
        if (best.Others >= Disturbance)
            Disturbed++;
        return best.Seconds;
    }

    /// <summary>Seconds, and how many cores other processes kept busy meanwhile.</summary>
    private static (double Seconds, double Others) Time(Action work)
    {
        double busy = BusySeconds(), own = Environment.CpuUsage.TotalTime.TotalSeconds;
        long start = Stopwatch.GetTimestamp();
        work();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        own = Environment.CpuUsage.TotalTime.TotalSeconds - own;
        return (seconds, (BusySeconds() - busy - own) / seconds);
    }

    private static double BusySeconds()
    {
        if (!OperatingSystem.IsLinux())
            return 0;
        string[] fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return s_busyFields.Sum(field => double.Parse(fields[field])) / TicksPerSecond;
    }
}
