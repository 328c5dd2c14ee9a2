using System.Diagnostics;
using SequenceModels.Benchmarks.Peers;
using SequenceModels.Benchmarks.Processes;
using SequenceModels.Benchmarks.Reports;

namespace SequenceModels.Benchmarks.Comparisons;

/// <summary>The most memory that a process holds which trains for some steps, ours and TorchSharp's.</summary>
internal static class MemoryRun
{
    public const string Child = "train-and-tell-memory";

    private const int TrainingSteps = 30;

    private static readonly Workload s_workload = Workloads.Find("C3");

    public static int Run(Arguments arguments)
    {
        string? only = arguments.Only(), folder = arguments.Text("--write");
        arguments.End();
        string about = $"Peak memory of a whole process, .NET included: {TrainingSteps} training steps, {s_workload.Title}";
        double? ours = only == "theirs" ? null : Megabytes("ours"), theirs = only == "ours" ? null : Megabytes("theirs");
        string figures =
            $"ours {Row.Show(ours)} MB, TorchSharp {Row.Show(theirs)} MB, ratio {(ours / theirs)?.ToString("F2") ?? "-"}";
        Console.WriteLine($"{about}\n{figures}");
        if (folder is not null)
            MachinePage.WriteSection(folder, "memory", $"## Memory of training\n\n{about}: {figures}.");
        return 0;
    }

    /// <summary>Trains, then writes the bytes to its standard output.</summary>
    public static int RunChild(Arguments arguments)
    {
        string? side = arguments.Only();
        arguments.End();
        int threads = Environment.ProcessorCount;
        using (IPeer peer = side == "ours" ? Ours.Training(s_workload, threads) : Theirs.Training(s_workload, threads)[0])
        {
            peer.Prepare();
            for (int step = 0; step < TrainingSteps; step++)
                peer.Run();
        }
        using Process self = Process.GetCurrentProcess();
        Console.WriteLine(self.PeakWorkingSet64); // on Linux, VmHWM of /proc/self/status
        return 0;
    }

    private static double Megabytes(string side) =>
        double.Parse(SameProgram.Read([Child, "--only", side], side == "ours" ? ProcessVariables.None
            : ProcessVariables.TunedAllocator)) / 1e6;
}
