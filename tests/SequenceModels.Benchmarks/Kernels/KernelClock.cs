using System.Diagnostics;
using SequenceModels.Benchmarks.Timing;
using SequenceModels.Kernels;

namespace SequenceModels.Benchmarks.Kernels;

/// <summary>What one kernel took.</summary>
/// <param name="Kernel">Which.</param>
/// <param name="Seconds">Of one run, at each of <see cref="Simd.Widths"/>.</param>
/// <param name="Peak">Operations a second that the processor could do meanwhile at the widest.</param>
internal sealed record KernelTimes(Kernel Kernel, IReadOnlyList<double> Seconds, double Peak);

/// <summary>
/// Times a kernel at every vector width of the machine and the processor's peak, in turns: clock rates move with the heat and
/// with the width in use, and a share of the peak means something only if both were measured together.
/// </summary>
internal sealed class KernelClock(int rounds) : IDisposable
{
    /// <summary>Short enough that most stretches are free of interruptions; the median then is.</summary>
    private const double StretchSeconds = 0.003;

    /// <summary>Calls after which .NET compiles a method for good, and how long it then waits before it does.</summary>
    private const int WarmUpRuns = 40, WarmUpMilliseconds = 300;

    private readonly FmaPeak _peak = new(threads: 1);
    private readonly int _width = Simd.Width;

    public static void WarmUp(IReadOnlyList<Kernel> kernels)
    {
        foreach (int width in Simd.Widths)
        {
            Simd.Width = width;
            foreach (Kernel kernel in kernels)
                Stretch(kernel, WarmUpRuns);
        }
        Thread.Sleep(WarmUpMilliseconds);
    }

    public KernelTimes Measure(Kernel kernel)
    {
        double[][] times = [.. Simd.Widths.Select(_ => new double[rounds])];
        double[] peaks = new double[rounds];
        int[] runs = [.. Simd.Widths.Select(width => RunsAt(width, kernel))];
        for (int round = 0; round < rounds; round++)
        {
            for (int w = 0; w < times.Length; w++)
            {
                Simd.Width = Simd.Widths[w];
                Stretch(kernel, 1); // brings its operands into the caches
                times[w][round] = Stretch(kernel, runs[w]) / runs[w];
            }
            long start = Stopwatch.GetTimestamp();
            _peak.Run();
            peaks[round] = _peak.Flops / Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        return new KernelTimes(kernel, [.. times.Select(each => Rounds.Median(each))], Rounds.Median(peaks));
    }

    public void Dispose()
    {
        Simd.Width = _width;
        _peak.Dispose();
    }

    private static int RunsAt(int width, Kernel kernel)
    {
        Simd.Width = width;
        int runs = 1;
        while (Stretch(kernel, runs) < StretchSeconds)
            runs *= 2;
        return runs;
    }

    private static double Stretch(Kernel kernel, int runs)
    {
        if (kernel.Prepare is { } prepare)
            return PreparedStretch(kernel, prepare, runs);
        long start = Stopwatch.GetTimestamp();
        for (int run = 0; run < runs; run++)
            kernel.Run();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double PreparedStretch(Kernel kernel, Action prepare, int runs)
    {
        double seconds = 0;
        for (int run = 0; run < runs; run++)
        {
            prepare();
            long start = Stopwatch.GetTimestamp();
            kernel.Run();
            seconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        return seconds;
    }
}
