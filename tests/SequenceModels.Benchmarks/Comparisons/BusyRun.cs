using System.Diagnostics;
using SequenceModels.Benchmarks.Peers;
using SequenceModels.Benchmarks.Processes;
using SequenceModels.Benchmarks.Reports;

namespace SequenceModels.Benchmarks.Comparisons;

/// <summary>
/// Training on a machine that has something else to do: another process keeps one core busy. Threads that wait for each other
/// then wait for the one without a core, so more threads may be slower than one.
/// </summary>
internal static class BusyRun
{
    public const string Child = "keep-a-core-busy";

    public static int Run(Arguments arguments)
    {
        bool theirs = arguments.Only() == "theirs";
        int rounds = arguments.Integer("--rounds", 7);
        double seconds = arguments.Number("--seconds", 0.25);
        string? folder = arguments.Text("--write");
        arguments.End();
        List<string> lines = [];
        using Process busy = SameProgram.StartBeside(Child);
        try
        {
            foreach (Workload workload in new[] { Workloads.Find("C1-LSTM"), Workloads.Find("C3") })
            {
                lines.Add(Compare(workload, theirs, rounds, seconds));
                Console.WriteLine(lines[^1]);
            }
        }
        finally
        {
            busy.StandardInput.Close();
            busy.WaitForExit();
        }
        if (folder is not null)
            MachinePage.WriteSection(folder, "busy", $"## Training beside a busy process\n\n- {string.Join("\n- ", lines)}");
        return 0;
    }

    /// <summary>Spins until its input ends.</summary>
    public static int RunChild(Arguments arguments)
    {
        arguments.End();
        bool ended = false;
        var input = new Thread(() =>
        {
            while (Console.In.Read() >= 0)
                continue;
            Volatile.Write(ref ended, true);
        });
        input.Start();
        while (!Volatile.Read(ref ended))
            Thread.SpinWait(1000);
        return 0;
    }

    private static string Compare(Workload workload, bool theirs, int rounds, double seconds)
    {
        int threads = Environment.ProcessorCount;
        using IPeer many = theirs ? Theirs.Training(workload, threads)[0] : Ours.Training(workload, threads: 0);
        using IPeer one = theirs ? Theirs.Training(workload, 1)[0] : Ours.Training(workload, threads: 1);
        Dictionary<IPeer, double> taken = Timing.Rounds.Medians([many, one], rounds, seconds, quiet: false);
        return $"{workload.Name,-8} {(theirs ? "TorchSharp" : "ours")}, one core busy: default threads " +
            $"{workload.Tokens / taken[many]:N0} tokens/s  " +
            $"one thread {workload.Tokens / taken[one]:N0} tokens/s  ratio {taken[one] / taken[many]:F2}";
    }
}
