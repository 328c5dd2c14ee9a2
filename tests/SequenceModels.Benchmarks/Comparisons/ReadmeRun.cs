using System.Text;
using SequenceModels.Benchmarks.Reports;
using SequenceModels.Tests;

namespace SequenceModels.Benchmarks.Comparisons;

/// <summary>Writes the table of README.md from a machine's report: a line for each workload.</summary>
internal static class ReadmeRun
{
    public static int Run(Arguments arguments)
    {
        string file = arguments.Text("--from") ?? throw new ArgumentException("Say which report to read: --from FILE.json");
        arguments.End();
        string readme = Repository.PathOf("README.md");
        File.WriteAllText(readme, MarkedText.Replace(File.ReadAllText(readme), "benchmarks", Table(Report.Read(file))));
        return 0;
    }

    private static string Table(Report report)
    {
        var text = new StringBuilder();
        foreach (Section section in Section.All.Where(s => s.Name is "training" or "inference"))
        {
            ILookup<string, Row> workloads = report.Rows.Where(row => row.Section == section.Name).ToLookup(row => row.Name);
            if (workloads.Count == 0)
                continue;
            string unit = section.IsTraining ? "tokens a second" : "microseconds a call";
            text.AppendLine(
                $"| {section.Title.ToLowerInvariant()}, {unit} | ours, 2 threads | theirs, 2 threads | ratio, 1 thread | " +
                "ratio, 2 threads |");
            text.AppendLine("|---|---|---|---|---|");
            foreach (IGrouping<string, Row> workload in workloads)
            {
                string Ratio(int threads) => workload.FirstOrDefault(row => row.Threads == threads)?.Ratio?.ToString("F2") ?? "-";
                Row shown = workload.Last();
                text.AppendLine($"| {shown.Title} | {Row.Show(shown.Ours)} | {Row.Show(shown.Best)} | {Ratio(1)} | {Ratio(2)} |");
            }
            text.AppendLine();
        }
        return text.AppendLine($"On {report.Machine.Cpu}, {report.Machine.Cores} cores.").ToString();
    }
}
