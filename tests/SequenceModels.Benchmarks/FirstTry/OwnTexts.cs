namespace SequenceModels.Benchmarks.FirstTry;

/// <summary>A folder of a user's own texts: each set is a file NAME-train.tsv beside a file NAME-test.tsv.</summary>
internal static class OwnTexts
{
    private const string Train = "-train.tsv", Test = "-test.tsv";

    public static IReadOnlyList<DataSet> In(string folder)
    {
        if (!Directory.Exists(folder))
            throw new ArgumentException($"There is no folder {folder}; --more takes one with files NAME{Train} and NAME{Test}.");
        string[] names =
            [.. Directory.GetFiles(folder, "*" + Train).Select(path => Path.GetFileName(path)[..^Train.Length]).Order()];
        if (names.Length == 0)
            throw new ArgumentException($"The folder {folder} has no files NAME{Train}; --more takes a folder with some.");
        return [.. names.Select(name => new DataSet(name, RowKind.Texts, "own texts", () =>
        {
            List<TextRow> train = Read(Path.Combine(folder, name + Train)), test = Read(Path.Combine(folder, name + Test));
            if (test.ExceptBy(train.Select(row => row.Label), row => row.Label).FirstOrDefault() is { } row)
            {
                throw new ArgumentException($"{name}{Test} has the class '{row.Label}', which no row of {name}{Train} has; " +
                    "give it training rows.");
            }
            return TextSets.Split(train, test);
        }))];
    }

    private static List<TextRow> Read(string path)
    {
        if (!File.Exists(path))
            throw new ArgumentException($"{path} is missing; each set needs both NAME{Train} and NAME{Test}.");
        string[] lines = File.ReadAllLines(path);
        if (lines.FirstOrDefault() != "label\ttext")
            throw new ArgumentException($"The first line of {path} is not 'label', a tab and 'text'.");
        var rows = new List<TextRow>();
        for (int i = 1; i < lines.Length; i++)
        {
            rows.Add(lines[i].Split('\t') is [string label, string text] ? new TextRow { Label = label, Text = text }
                : throw new ArgumentException($"Line {i + 1} of {path} is not a label, one tab and a text: '{lines[i]}'."));
        }
        return rows.Count > 0 ? rows : throw new ArgumentException($"{path} has no rows.");
    }
}
