using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using SequenceModels.Benchmarks.Peers;
using SequenceModels.Benchmarks.Processes;
using SequenceModels.Benchmarks.Timing;

namespace SequenceModels.Benchmarks.Comparisons;

/// <summary>Measures one section in this process and prints a line for each row; what <see cref="PeersRun"/> starts.</summary>
internal static class MeasureRun
{
    public const string Name = "measure";

    public static int Run(Arguments arguments)
    {
        string name = arguments.Text("--section") ?? throw new ArgumentException("Say which section: --section NAME");
        Section section = Section.All.First(s => s.Name == name);
        string? file = arguments.Text("--json"), filter = arguments.Text("--filter");
        string? only = arguments.Only();
        var comparison = new Comparison(section, only != "theirs", only != "ours", arguments.Integer("--rounds", 7),
            arguments.Number("--seconds", 0.25));
        arguments.End();
        if (section.Variables == ProcessVariables.WithoutAvx512 && (Vector512.IsHardwareAccelerated || Avx512F.IsSupported))
            throw new NotSupportedException("This .NET still uses AVX-512 with DOTNET_EnableAVX512=0.");

        List<Row> rows = [];
        foreach (Workload workload in section.MeasuredOn.Where(w =>
            filter is null || w.Name.Contains(filter, StringComparison.Ordinal)))
            foreach (Row row in comparison.Measure(workload))
            {
                rows.Add(row);
                Console.WriteLine(Line(row));
            }
        if (QuietClock.Disturbed > 0)
            Console.WriteLine($"{QuietClock.Disturbed} timings were disturbed by other processes, however often repeated.");
        if (file is not null)
            new Report(Machine.This(), rows).Write(file);
        return 0;
    }

    private static string Line(Row row)
    {
        string theirs = row.BestPeer is null ? "" : $"theirs {Row.Show(row.Best),9} {row.Unit} ({row.BestPeer})  ";
        string ours = row.Ours is null ? "" : $"ours {Row.Show(row.Ours),9} {row.Unit} ({row.ShareOfPeak:P0} of peak)  ";
        string ratio = row.Ratio is null ? "" : $"ratio {row.Ratio:F2}  ";
        return $"{row.Name,-10} {row.Threads} {(row.Threads == 1 ? "thread " : "threads")}  {ours}{theirs}{ratio}FMA peak " +
            $"{row.PeakGflops:F0} GFLOP/s";
    }
}
