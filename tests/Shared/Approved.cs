using Xunit;

namespace SequenceModels.Tests;

/// <summary>Text that a person has read and approved, kept in a file of the repository.</summary>
internal static class Approved
{
    /// <summary>
    /// Fails with the first difference; with UPDATE=1 in the environment the file is rewritten, to be read and committed.
    /// </summary>
    public static void Compare(string actual, string path)
    {
        string produced = string.Join('\n', actual.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd()))
            .TrimEnd('\n') + "\n";
        string approved = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        if (produced == approved)
            return;

        if (Environment.GetEnvironmentVariable("UPDATE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, produced);
            return;
        }

        string[] was = approved.Split('\n'), now = produced.Split('\n');
        Assert.Fail($"""
            {Path.GetRelativePath(Repository.Root, path)} is not what the code gives.
            If the change is meant, run the tests with UPDATE=1 and review the file.
            {string.Join('\n', was.Except(now).Select(line => "- " + line))}
            {string.Join('\n', now.Except(was).Select(line => "+ " + line))}
            """);
    }
}
