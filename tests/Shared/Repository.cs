namespace SequenceModels.Tests;

/// <summary>The folder that the tests were built from, for tests that read sources and documents.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "SequenceModels.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder
            ?? throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds SequenceModels.sln.");
    }
}
