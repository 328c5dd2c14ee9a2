namespace SequenceModels.Benchmarks.Comparisons;

/// <summary>The option that leaves one side of a comparison out.</summary>
internal static class SideOption
{
    /// <summary>"ours", "theirs", or null for both.</summary>
    public static string? Only(this Arguments arguments) => arguments.Text("--only") switch
    {
        null => null,
        "ours" => "ours",
        "theirs" => "theirs",
        string other => throw new ArgumentException($"--only takes ours or theirs, not {other}."),
    };
}
