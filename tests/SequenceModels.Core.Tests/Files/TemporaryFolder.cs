namespace SequenceModels.Tests.Sequences;

/// <summary>A folder of its own for a test's files.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Name { get; } = Directory.CreateTempSubdirectory("SequenceModels-test-").FullName;

    public IEnumerable<string> Files => Directory.EnumerateFileSystemEntries(Name);

    /// <summary>
    /// Whether this process still has any of the folder's files in its memory or open, deleted ones included. On Linux.
    /// </summary>
    public bool IsInUse =>
        File.ReadLines("/proc/self/maps").Any(line => line.Contains(Name, StringComparison.Ordinal)) ||
        Directory.EnumerateFileSystemEntries("/proc/self/fd").Any(link =>
            new FileInfo(link).LinkTarget?.Contains(Name, StringComparison.Ordinal) == true);

    public void Dispose() => Directory.Delete(Name, recursive: true);
}
