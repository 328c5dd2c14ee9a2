using Xunit;

namespace SequenceModels.Tests;

/// <summary>Programs from elsewhere that some tests start; `.ci/run` installs them.</summary>
internal static class Tools
{
    /// <summary>The packages of npm that the page of samples/browser uses.</summary>
    public static string BrowserPackages { get; } = Repository.PathOf("samples", "browser");

    public static string Node => Find("node", "Install Node.js 18 or later.");

    public static string Chromium => Find("chromium", "Install Chromium.");

    /// <summary>Skips the test where npm has not installed the packages; there .ci/run has.</summary>
    public static void RequireBrowserPackages() =>
        Require(Directory.Exists(Path.Combine(BrowserPackages, "node_modules", "onnxruntime-web")),
            "Run npm ci in samples/browser.");

    private static string Find(string program, string mend)
    {
        string? path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        Require(path is not null, $"There is no program '{program}'. {mend}");
        return path!;
    }

    /// <summary>Where .ci/run has installed all, what is missing is a failure.</summary>
    private static void Require(bool isThere, string mend)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.True(isThere, mend);
        else
            Assert.SkipUnless(isThere, mend);
    }
}
