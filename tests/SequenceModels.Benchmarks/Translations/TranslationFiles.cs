using System.IO.Compression;

namespace SequenceModels.Benchmarks.Translations;

/// <summary>Reads text files as they lie, or compressed by gzip.</summary>
internal static class TranslationFiles
{
    public static IEnumerable<string> Lines(string path)
    {
        using Stream file = File.OpenRead(path);
        using Stream content = path.EndsWith(".gz", StringComparison.Ordinal)
            ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(content);
        while (reader.ReadLine() is { } line)
            if (line.Length > 0)
                yield return line;
    }

    /// <summary>Code points.</summary>
    public static string[] Letters(string word) => [.. word.EnumerateRunes().Select(rune => rune.ToString())];
}
