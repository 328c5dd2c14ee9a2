using System.Diagnostics;
using System.Globalization;
using System.Text;
using SequenceModels.Benchmarks.Peers;
using SequenceModels.Benchmarks.Reports;
using SequenceModels.Benchmarks.Timing;
using SequenceModels.Tests.Mpi;

namespace SequenceModels.Benchmarks.Scaling;

/// <summary>
/// Steps of several processes beside those of several threads, what they send, and what that makes of 2 to 64 hosts; the
/// prediction is compared with two hosts of this machine, whose network is slowed down.
/// </summary>
internal static class ScalingRun
{
    public const string Options = "[--rounds N] [--seconds S] [--write FILE]";

    private static readonly string[] s_workloads = ["C1-LSTM", "C3", "C6"];
    private static readonly int[] s_hosts = [2, 4, 8, 16, 32, 64], s_megabits = [1_000, 100];

    public static int Run(Arguments arguments)
    {
        int rounds = arguments.Integer("--rounds", 5);
        double seconds = arguments.Number("--seconds", 5);
        string? file = arguments.Text("--write");
        arguments.End();
        using TwoHosts? hosts = TwoHosts.TryCreate();
        var measured = new MarkdownTable("workload", "1 thread, ms", "2 threads, ms", "2 processes, Open MPI, ms",
            "2 processes, MPICH, ms", "their speed by that of 2 threads", "MB a step");
        var predicted = new MarkdownTable(["workload", "network", .. s_hosts.Select(count => $"{count} hosts")]);
        var throttled = new MarkdownTable("workload", "network", "predicted, ms", "measured, ms");
        foreach (Workload workload in s_workloads.Select(Workloads.Find))
        {
            Dictionary<string, double> steps = Measure(workload, rounds, seconds, hosts);
            var model = new ScalingModel(workload);
            double best = Math.Min(steps["openmpi"], steps["mpich"]);
            measured.Add(workload.Title, Ms(steps["1"]), Ms(steps["2"]), Ms(steps["openmpi"]), Ms(steps["mpich"]),
                F($"{steps["2"] / best:F2}"), F($"{model.SumBytes(1) / 1e6:F2}"));
            foreach (double gigabits in new[] { 1.0, 10 })
                predicted.Add([workload.Title, F($"{gigabits:F0} Gbit/s"), .. s_hosts.Select(count =>
                    F($"{steps["2"] / (steps["2"] + 1e3 * model.Seconds(count, gigabits * 1e9)):P0}"))]);
            foreach (int megabits in s_megabits.Where(rate => steps.ContainsKey(F($"{rate}"))))
                throttled.Add(workload.Title, F($"{megabits:N0} Mbit/s"),
                    Ms(steps["veth"] + 1e3 * SecondsOfOneBatch(model, megabits)), Ms(steps[F($"{megabits}")]));
        }
        string page = Page(measured.ToString(), predicted.ToString(), hosts is null ? null : throttled.ToString());
        Console.WriteLine(page);
        if (file is not null)
            File.WriteAllText(file, page);
        return 0;
    }

    /// <summary>Milliseconds of a step, each way in turns.</summary>
    private static Dictionary<string, double> Measure(Workload workload, int rounds, double seconds, TwoHosts? hosts)
    {
        var times = new Dictionary<string, List<double>>();
        for (int round = 0; round < rounds; round++)
        {
            Add("1", "dotnet", Rank("--alone"));
            Add("2", "dotnet", Rank("--alone", "--threads", "2"));
            Add("openmpi", "mpirun.openmpi", ["--bind-to", "none", "-n", "2", "dotnet", .. Rank()]);
            Add("mpich", "mpirun.mpich", ["-n", "2", "dotnet", .. Rank()]);
            if (hosts is null || !hosts.TryThrottle(100_000))
                continue;
            Add("veth", "ip", hosts.Mpirun(["dotnet", .. Rank()]));
            foreach (int megabits in s_megabits)
                if (hosts.TryThrottle(megabits))
                    Add(F($"{megabits}"), "ip", hosts.Mpirun(["dotnet", .. Rank()]));
        }
        return times.ToDictionary(pair => pair.Key, pair => Rounds.Median(pair.Value));

        string[] Rank(params string[] more) =>
            [typeof(ScalingRun).Assembly.Location, ScalingRank.Name, workload.Name, "--seconds", F($"{seconds}"), .. more];

        void Add(string way, string program, string[] words)
        {
            if (!times.TryGetValue(way, out List<double>? all))
                times.Add(way, all = []);
            all.Add(Step(program, words));
            Console.WriteLine(F($"{workload.Name} {way}: {all[^1]:F2} ms"));
        }
    }

    /// <summary>What two hosts with half of a batch each need for sending.</summary>
    private static double SecondsOfOneBatch(ScalingModel model, int megabits) => model.SumBytes(1) * 8 / (megabits * 1e6);

    private static double Step(string program, string[] words)
    {
        var start = new ProcessStartInfo(program, words) { RedirectStandardOutput = true };
        start.Environment["OMPI_ALLOW_RUN_AS_ROOT"] = start.Environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1";
        start.Environment["TERM"] = "dumb";
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        string line = output.Split('\n').FirstOrDefault(each => each.StartsWith("step ", StringComparison.Ordinal))
            ?? throw new NotSupportedException($"{program} {string.Join(' ', words)} has measured nothing. {output}");
        return double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    private static string Ms(double milliseconds) => F($"{milliseconds:F2}");

    private static string F(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Page(string measured, string predicted, string? throttled)
    {
        Machine machine = Machine.This();
        var page = new StringBuilder($"""
            # Several processes and machines

            Written by

                dotnet run -c Release --project tests/SequenceModels.Benchmarks -- scaling --write docs/benchmarks/scaling.md

            on {machine.Cpu}, {machine.Cores} cores. A step is forward, backward, sums and an update by Adam. Medians.

            ## Two processes on one machine

            Two processes of one thread do the same batch as one process of two threads. MB are those of the sums of a step; each of two
            processes sends them once, of more the first sends them twice.

            {measured}
            ## Hosts, by a model

            Each host has a batch of its own and the two threads of this machine; a step is that of one host, and then the sending:
            chunk by chunk from host to host and round again, 50 microseconds a message. What is left of the speed of so many hosts:

            {predicted}
            """.ReplaceLineEndings("\n"));
        if (throttled is not null)
            page.Append($"""

                ## The model beside a network

                Two hosts of one thread, network namespaces of this machine, do one batch together over cards that are slowed down. Predicted
                is the step over the same cards at full speed, and the time to send the sums once.

                {throttled}
                """.ReplaceLineEndings("\n"));
        return page.ToString();
    }
}
