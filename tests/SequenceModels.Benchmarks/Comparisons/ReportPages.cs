using System.Text;
using SequenceModels.Benchmarks.Reports;

namespace SequenceModels.Benchmarks.Comparisons;

/// <summary>A folder with the results of each machine: a JSON file of all rows, and a page that shows them.</summary>
internal static class ReportPages
{
    /// <summary>Puts new rows among those that the folder holds of the same machine, and shows them on its page.</summary>
    public static void Write(string folder, Report report)
    {
        Directory.CreateDirectory(folder);
        string json = Path.Combine(folder, report.Machine.Slug + ".json");
        Report all = File.Exists(json) ? Report.Read(json).With(report.Rows) : report;
        all.Write(json);

        MachinePage page = MachinePage.Open(folder, report.Machine);
        foreach (Section section in Section.All)
        {
            Row[] rows = [.. all.Rows.Where(row => row.Section == section.Name)];
            if (rows.Length > 0)
                page.Replace(section.Name, Show(section, rows));
        }
        page.Save();
    }

    private static string Show(Section section, Row[] rows)
    {
        var text = new StringBuilder();
        text.AppendLine($"## {section.Title}\n\n{section.About}\n");
        text.AppendLine("| | what | threads | ours | theirs | best of theirs | ratio | ours, of the FMA peak |");
        text.AppendLine("|---|---|---|---|---|---|---|---|");
        foreach (Row row in rows)
            text.AppendLine(
                $"| {row.Name} | {row.Title} | {row.Threads} | {Row.Show(row.Ours)} | {Row.Show(row.Best)} | " +
                $"{row.BestPeer ?? "-"} | " +
                $"{row.Ratio?.ToString("F2") ?? "-"} | {row.ShareOfPeak?.ToString("P0") ?? "-"} |");
        double Peak(int threads) =>
            Timing.Rounds.Median(rows.Where(row => row.Threads == threads).Select(row => row.PeakGflops).DefaultIfEmpty());
        text.AppendLine(
            $"\nFMA peak: {Peak(1):F0} GFLOP/s on one thread, {Peak(2):F0} on two, with vectors of {rows[0].VectorBits} bits. " +
            "Only matrix products count as work; a one-hot input needs none.");
        return text.ToString();
    }
}
