using System.Text;
using SequenceModels.Benchmarks.Reports;
using SequenceModels.Benchmarks.Timing;

namespace SequenceModels.Benchmarks.Scale;

/// <summary>How time and memory of a training grow with its sizes.</summary>
internal static class ScaleRun
{
    public const string Options = "[--filter NAME] [--rounds N] [--write FOLDER]";

    public static int Run(Arguments arguments)
    {
        int rounds = arguments.Integer("--rounds", 3);
        string? folder = arguments.Text("--write"), filter = arguments.Text("--filter");
        arguments.End();
        if (filter is not null && folder is not null)
            throw new ArgumentException("The page holds all series: --write and --filter exclude each other.");

        var page = new StringBuilder();
        page.Append($"""
            ## Scale

            An LSTM trains two passes over made-up tokens, each time in a process of its own: {ScalePoint.DefaultVocabulary:N0} different tokens
            unless more are named, embedding size {ScalePoint.DefaultEmbeddingSize}, batch size {ScalePoint.BatchSize}. Milliseconds are
            for 1,000 tokens; those of the first pass include the first allocations, and so the first touch of each page of memory, those
            of the second do not. Peak memory is that of the whole process, .NET and the data included. Of it, "without files" is
            the peak of what belongs to no file, seen every few milliseconds: .NET's libraries and the pages of a mapped data file are in
            memory only as long as nobody else needs their place. "State" is what weights and the two numbers of Adam for each take.
            Medians of {rounds} rounds; disturbed timings are not repeated.

            """);
        bool IsWanted(ScaleSeries series) => filter is null || series.Heading.Contains(filter, StringComparison.Ordinal);
        foreach (ScaleSeries series in ScaleSeries.All.Where(IsWanted))
            page.Append($"\n{series.Title}:\n\n{Measure(series, rounds)}");
        if (folder is not null)
            MachinePage.WriteSection(folder, "scale", page.ToString());
        return 0;
    }

    private static MarkdownTable Measure(ScaleSeries series, int rounds)
    {
        Console.WriteLine(series.Title);
        List<ScaleFigures>[] figures = [.. series.Points.Select(_ => new List<ScaleFigures>())];
        // The sizes in turns, so that whatever slows the machine for a while slows all of them alike.
        for (int round = 0; round < rounds; round++)
            for (int i = 0; i < figures.Length; i++)
                figures[i].Add(ScaleChild.Start(series.Points[i].Point));

        var table = new MarkdownTable(series.Heading, "ms, first pass", "ms, second pass", "peak MB", "without files", "state, MB");
        foreach (((int size, ScalePoint point), List<ScaleFigures> measured) in series.Points.Zip(figures))
        {
            string Milliseconds(Func<ScaleFigures, double> seconds) =>
                $"{Rounds.Median(measured.Select(seconds)) / point.Tokens * 1e6:F2}";
            string first = Milliseconds(m => m.FirstPass), second = Milliseconds(m => m.SecondPass);
            string megabytes = $"{Rounds.Median(measured.Select(m => m.Megabytes)):F0}";
            string anonymous = $"{Rounds.Median(measured.Select(m => m.AnonymousMegabytes)):F0}";
            Console.WriteLine(
                $"  {series.Heading} {size,9:N0}  {first,7} and {second,7} ms for 1,000 tokens  peak {megabytes,5} MB, without files " +
                $"{anonymous,5} MB, state {point.MegabytesOfState,5:F0} MB");
            table.Add($"{size:N0}", first, second, megabytes, anonymous, $"{point.MegabytesOfState:F0}");
        }
        return table;
    }
}
