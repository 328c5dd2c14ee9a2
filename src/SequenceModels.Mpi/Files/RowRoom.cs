namespace SequenceModels;

/// <summary>Whether each rank has room for all rows of the files, or the ranks must hold them together.</summary>
internal static class RowRoom
{
    /// <summary>The environment variable that says so: 1, they hold them together; 0, each holds all.</summary>
    public const string Variable = "SEQUENCEMODELS_DEAL_ROWS";

    /// <summary>Bytes that a key or number takes where its text takes one, as characters do that are tokens.</summary>
    private const int BytesPerByte = 4;

    /// <summary>Bytes that this rank has room for, in memory and in the folder of temporary files.</summary>
    /// <exception cref="IOException">The variable has another value.</exception>
    public static long Here() => Of(Environment.GetEnvironmentVariable(Variable));

    /// <summary>Bytes, as a setting says.</summary>
    /// <exception cref="IOException">It is none.</exception>
    internal static long Of(string? setting) => setting switch
    {
        "1" => 0,
        "0" => long.MaxValue,
        null or "" => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2 + new DriveInfo(Path.GetTempPath()).AvailableFreeSpace,
        string other => throw new IOException($"The environment variable {Variable} is '{other}', and must be 0, 1 or not set."),
    };

    /// <summary>Whether there is a rank that has no room for all. Ranks of one machine share what it has.</summary>
    public static bool IsTooSmall(IReadOnlyList<FileListing> ranks, IReadOnlyList<SharedFile> files)
    {
        double needed = files.Sum(file => (double)file.Length) * BytesPerByte;
        return ranks.Any(rank => rank.Room / ranks.Count(other => other.Address?.Host == rank.Address?.Host) < needed);
    }
}
