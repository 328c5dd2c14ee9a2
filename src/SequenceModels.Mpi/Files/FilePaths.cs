namespace SequenceModels;

/// <summary>Finds the files that a rank names.</summary>
internal static class FilePaths
{
    /// <summary>The files of some paths, each once, in any order.</summary>
    /// <param name="paths">Of files; the name may be a search pattern with * and ?.</param>
    /// <param name="rank">Whose they are.</param>
    /// <exception cref="IOException">A path leads to no file, or to one that cannot be read.</exception>
    public static OwnFile[] Find(IEnumerable<string> paths, int rank)
    {
        try
        {
            return [.. paths.SelectMany(Find).Distinct().Select(path => OwnFile.At(path, rank))];
        }
        catch (Exception e) when (e is UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new IOException(e.Message, e);
        }
    }

    private static IEnumerable<string> Find(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
            throw new IOException("A path of MpiTraining.ShardedFiles is empty.");
        string whole = Path.GetFullPath(path);
        if (File.Exists(whole))
            return [whole];
        if (Directory.Exists(whole))
            throw new IOException($"'{whole}' is a folder. Name its files, such as '{Path.Combine(whole, "*.tsv")}'.");
        string folder = Path.GetDirectoryName(whole)!, name = Path.GetFileName(whole);
        string[] found = name.AsSpan().ContainsAny('*', '?') && Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, name, new EnumerationOptions { IgnoreInaccessible = false })] : [];
        return found.Length > 0 ? found : throw new FileNotFoundException($"There is no file '{whole}'. A path is that of a " +
            "file, whose name may have * and ?; a rank that has no files gives no path.");
    }
}
