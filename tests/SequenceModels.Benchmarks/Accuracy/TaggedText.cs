using System.IO.Compression;
using Microsoft.ML;

namespace SequenceModels.Benchmarks.Accuracy;

/// <summary>
/// Reads tab-separated files of words and of as many tags, both separated by blanks; the first line names the columns.
/// </summary>
internal static class TaggedText
{
    /// <summary>A sentence. Its words are read as a vector of text, for their characters, and as keys.</summary>
    private sealed record Row(string[] Words, string[] Tags);

    public static IDataView Load(MLContext ml, string path, int words, int tags) => ml.Data.LoadFromEnumerable(
        Read(path).Select(columns => new Row(columns[words].Split(' '), columns[tags].Split(' '))).ToList());

    private static IEnumerable<string[]> Read(string path)
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
