using SequenceModels.Benchmarks.Processes;
using SequenceModels.Benchmarks.Timing;

namespace SequenceModels.Benchmarks.Comparisons;

/// <summary>Measures the sections that were asked for, each in a child process, and writes what came out.</summary>
internal static class PeersRun
{
    public const string Options =
        "[--training] [--inference] [--without-avx512] [--filter NAME] [--only ours|theirs] [--rounds N] [--seconds S] " +
        "[--as-shipped]\n" +
        "        [--json FILE] [--write FOLDER]";

    public static int Run(Arguments arguments)
    {
        Section[] asked = [.. Section.All.Where(section => arguments.Flag("--" + section.Name))];
        bool asShipped = arguments.Flag("--as-shipped");
        string? json = arguments.Text("--json"), folder = arguments.Text("--write");
        if (asShipped && folder is not null)
            throw new ArgumentException(
                "The pages hold figures with the allocator tuned: --write and --as-shipped exclude each other.");
        List<string> passedOn = [];
        foreach (string option in new[] { "--filter", "--only", "--rounds", "--seconds" })
            if (arguments.Text(option) is { } value)
                passedOn.AddRange([option, value]);
        arguments.End();

        var report = new Report(Machine.This(), []);
        string file = Path.GetTempFileName();
        try
        {
            foreach (Section section in asked.Length > 0 ? asked : Section.All)
            {
                bool untuned = asShipped && section.Variables == ProcessVariables.TunedAllocator;
                IReadOnlyDictionary<string, string> variables = untuned ? ProcessVariables.None : section.Variables;
                Console.WriteLine(untuned ? $"{section.Title}, glibc's allocator as shipped."
                    : $"{section.Title}. {section.About}");
                int code = SameProgram.Run([MeasureRun.Name, "--section", section.Name, "--json", file, .. passedOn], variables);
                if (code != 0)
                    return code;
                report = report.With(Report.Read(file).Rows);
            }
        }
        finally
        {
            File.Delete(file);
        }
        if (json is not null)
            report.Write(json);
        if (folder is not null)
            ReportPages.Write(folder, report);
        return 0;
    }
}
