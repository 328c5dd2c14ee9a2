using SequenceModels.Benchmarks.Peers;
using SequenceModels.Benchmarks.Reports;
using SequenceModels.Benchmarks.Timing;

namespace SequenceModels.Benchmarks.Profile;

/// <summary>Splits a training step of each workload into what the engine's clocks tell apart.</summary>
internal static class ProfileRun
{
    public const string Options = "[--filter NAME] [--threads N] [--seconds S] [--write FOLDER]";

    private static readonly string[] s_columns =
        ["work", "on", "share of the threads' time", "microseconds a step", "share of the FMA peak", "GB/s"];

    public static int Run(Arguments arguments)
    {
        string? folder = arguments.Text("--write"), filter = arguments.Text("--filter");
        int threads = arguments.Integer("--threads", 0);
        double seconds = arguments.Integer("--seconds", 3);
        arguments.End();
        if (!WorkClock.IsOn)
            throw new ArgumentException("The engine has no clocks: run with -c Profile in place of -c Release.");
        if (filter is not null && folder is not null)
            throw new ArgumentException("The page holds all workloads: --write and --filter exclude each other.");

        List<string> tables = [];
        var summary = new ProfileSummary();
        foreach (Workload workload in Workloads.Training.Where(w => filter is null || w.Name.Contains(filter, StringComparison.Ordinal)))
            foreach (int count in threads > 0 ? [threads] : new[] { 1, Environment.ProcessorCount })
            {
                var profile = StepProfile.Of(workload, count, seconds);
                tables.Add(Table(profile));
                summary.Add(profile);
                Console.WriteLine(tables[^1]);
            }
        Console.WriteLine(summary);
        if (folder is not null)
            MachinePage.WriteSection(folder, "profile", $"""
                ## Where a training step's time goes

                By clocks around each piece of work, on {Machine.This().Cores} cores; they cost a few percent themselves. Shares are of
                all threads' time. Products are forward, those of input and weight gradients come back; a product's share of the peak is
                of one thread's. Gigabytes count each operand of a product once for each call, wherever it lay. What has no clock,
                waiting for the other thread above all, is the last row.

                {summary}
                {string.Join('\n', tables)}
                """.TrimEnd());
        return 0;
    }

    private static string Table(StepProfile profile)
    {
        var table = new MarkdownTable(s_columns);
        foreach (WorkTime work in profile.Works)
            table.Add(work.Kind.ToString(), work.Subject ?? "", $"{work.Seconds / profile.ThreadSeconds:P1}",
                $"{work.Seconds / profile.Steps * 1e6:N0}",
                work.Operations > 0 ? $"{work.Operations / work.Seconds / profile.Peak:P0}" : "",
                work.Bytes > 0 ? $"{work.Bytes / work.Seconds / 1e9:F1}" : "");
        double rest = profile.ThreadSeconds - profile.Works.Sum(work => work.Seconds);
        table.Add("none", "", $"{rest / profile.ThreadSeconds:P1}", $"{rest / profile.Steps * 1e6:N0}", "", "");
        return $"""
            **{profile.Workload.Name}**, {profile.Threads} {(profile.Threads == 1 ? "thread" : "threads")}: {profile.Workload.Title};
            {profile.WallSeconds / profile.Steps * 1e6:N0} microseconds a step, {profile.ShareOfPeak:P0} of the FMA peak

            {table}
            """;
    }
}
