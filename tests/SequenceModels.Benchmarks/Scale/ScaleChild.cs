using System.Diagnostics;
using SequenceModels.Benchmarks.Processes;
using SequenceModels.Sequences;

namespace SequenceModels.Benchmarks.Scale;

/// <summary>Time and memory of one training.</summary>
/// <param name="FirstPass">Seconds of the first pass and all before it, without making the data up.</param>
/// <param name="SecondPass">Seconds of the second pass: nothing is allocated any more.</param>
/// <param name="Megabytes">The most memory that the process held, data included.</param>
/// <param name="AnonymousMegabytes">The most of it that was of no file.</param>
internal sealed record ScaleFigures(double FirstPass, double SecondPass, double Megabytes, double AnonymousMegabytes);

/// <summary>A process that trains once, of two passes, so that its peak of memory is that of this training.</summary>
internal static class ScaleChild
{
    public const string Name = "train-at-scale";

    /// <summary>So small that its memory does not show; it lets .NET compile what training needs.</summary>
    private static readonly ScalePoint s_warmUp = new(Rows: 1280, Steps: 5, Hidden: 16);

    public static ScaleFigures Start(ScalePoint point)
    {
        string[] words = SameProgram.Read([Name, .. point.Words], ProcessVariables.None).Split();
        return new ScaleFigures(double.Parse(words[0]), double.Parse(words[1]), double.Parse(words[2]),
            double.Parse(words[3]));
    }

    /// <summary>Trains, then writes its figures to its standard output.</summary>
    public static int Run(Arguments arguments)
    {
        var point = ScalePoint.Read(arguments);
        arguments.End();
        ScalePoint warmUp = s_warmUp with { Threads = point.Threads };
        warmUp.Train(warmUp.MakeUp());

        using var anonymous = new AnonymousMemory();
        using SequenceDataset data = point.MakeUp();
        long start = Stopwatch.GetTimestamp();
        double second = point.Train(data).TotalSeconds, first = Stopwatch.GetElapsedTime(start).TotalSeconds - second;
        using Process self = Process.GetCurrentProcess();
        // on Linux, VmHWM of /proc/self/status
        Console.WriteLine($"{first} {second} {self.PeakWorkingSet64 / 1e6} {anonymous.PeakMegabytes()}");
        return 0;
    }
}
