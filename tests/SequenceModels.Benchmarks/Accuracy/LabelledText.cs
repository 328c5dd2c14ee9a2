using System.IO.Compression;
using Microsoft.ML;

namespace SequenceModels.Benchmarks.Accuracy;

/// <summary>
/// Reads tab-separated files without quoting, as they lie or compressed by gzip; the first line names the columns.
/// </summary>
internal static class LabelledText
{
    private sealed record Row(string Label, string Text);

    private sealed record BinaryRow(bool Label, string Text);

    public static IDataView Load(MLContext ml, string path, int label, int text) =>
        ml.Data.LoadFromEnumerable(Read(path).Select(columns => new Row(columns[label], columns[text])).ToList());

    public static IDataView LoadBinary(MLContext ml, string path, int text, int label) =>
        ml.Data.LoadFromEnumerable(Read(path).Select(columns => new BinaryRow(columns[label] == "1", columns[text])).ToList());

    /// <summary>
    /// The names' training and test rows: by the file's first column, or four fifths and one fifth at random (fixed seed).
    /// </summary>
    public static (IDataView Train, IDataView Test) LoadNames(MLContext ml, string folder, bool ownSplit)
    {
        var random = new Random(1);
        ILookup<bool, Row> rows = Read(Path.Combine(folder, "names.tsv"))
            .ToLookup(columns => ownSplit ? columns[0] == "train"
                : random.NextDouble() < 0.8, columns => new Row(columns[1], columns[2]));
        return (ml.Data.LoadFromEnumerable(rows[true]), ml.Data.LoadFromEnumerable(rows[false]));
    }

    public static IEnumerable<string[]> Read(string path)
    {
        using Stream file = File.OpenRead(path);
        using Stream content = path.EndsWith(".gz", StringComparison.Ordinal)
            ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(content);
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
            yield return line.Split('\t');
    }
}
