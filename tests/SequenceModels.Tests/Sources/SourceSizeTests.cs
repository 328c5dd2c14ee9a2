using Xunit;

namespace SequenceModels.Tests.Sources;

/// <summary>Files, folders and types of the library stay small enough to be read at once.</summary>
public class SourceSizeTests
{
    private const int MostLines = 250, MostMedianLines = 70, MostColumns = 130, MostFilesInAFolder = 25, MostKnownTypes = 20;

    private static readonly (string Path, string[] Lines)[] s_files = [.. Read("src/SequenceModels.Core", "src/SequenceModels",
        "src/SequenceModels.Audio", "src/SequenceModels.Mpi")];

    [Fact]
    public void Files_are_short()
    {
        Nothing(s_files.Where(file => file.Lines.Length > MostLines).Select(file => $"{file.Path}: {file.Lines.Length} lines"));
        int median = s_files.Select(file => file.Lines.Length).Order().ElementAt(s_files.Length / 2);
        Assert.InRange(median, 1, MostMedianLines);
    }

    [Fact]
    public void Lines_fit_a_screen() => Nothing(
        from file in s_files.Concat(Read("tests/SequenceModels.Core.Tests", "tests/SequenceModels.Tests",
            "tests/SequenceModels.Mpi.Tests", "tests/Shared"))
        where Path.GetFileName(file.Path) != "ReadmeTests.cs" // its lines are those of the readmes, which are not indented
        from line in file.Lines.Index()
        where line.Item.Length > MostColumns
        select $"{file.Path}, line {line.Index + 1}: {line.Item.Length} columns");

    [Fact]
    public void Folders_have_few_files() => Nothing(s_files.GroupBy(file => Path.GetDirectoryName(file.Path))
        .Where(folder => folder.Count() > MostFilesInAFolder).Select(folder => $"{folder.Key}: {folder.Count()} files"));

    /// <summary>Calls of the engine's clocks are not compiled into what is shipped.</summary>
    private static readonly string[] s_clocks = ["WorkClock", "WorkKind"];

    [Fact]
    public void A_type_of_the_engine_knows_few_others() => Nothing(SourceType.In(SourceCompilation.Library)
        .Where(type => type.Part.StartsWith("SequenceModels.Core", StringComparison.Ordinal) &&
            type.Knows.Count(known => !s_clocks.Contains(known.Name)) > MostKnownTypes)
        .Select(type => $"{type.Path}: {type.Name} knows {type.Knows.Count}: " +
            string.Join(", ", type.Knows.Select(known => known.Name))));

    private static IEnumerable<(string Path, string[] Lines)> Read(params string[] folders) =>
        from folder in folders
        from path in Directory.EnumerateFiles(Repository.PathOf(folder), "*.cs", SearchOption.AllDirectories)
        select (Path.GetRelativePath(Repository.Root, path), File.ReadAllLines(path));

    private static void Nothing(IEnumerable<string> found)
    {
        string[] all = [.. found];
        Assert.True(all.Length == 0, string.Join('\n', all));
    }
}
