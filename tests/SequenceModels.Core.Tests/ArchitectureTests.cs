using System.Text.RegularExpressions;
using Xunit;

namespace SequenceModels.Tests;

/// <summary>Reads the sources and holds them to the order of parts in docs/design: a part uses only what stands to its left.</summary>
public partial class ArchitectureTests
{
    /// <summary>Parts in one row do not use each other. Core and Catalog are the files outside the folders of either assembly.</summary>
    private static readonly string[][] Order =
    [
        ["Kernels"], ["Sequences", "Parameters"], ["Cells"], ["Layers"], ["Heads"], ["Core"], ["Training", "Generation"], ["Reports"],
        ["Interop"], ["Columns"], ["Tagging"], ["Transforms", "Trainers"], ["Forecasting"], ["Diagnostics"], ["Catalog"],
    ];

    [Fact]
    public void Arrows_between_parts_point_left() =>
        Assert.Empty(from file in Sources() from use in WrongArrows(file.Part, file.Text) select $"{file.Path}: {use}");

    [Theory]
    [InlineData("Cells", "using SequenceModels.Kernels;", 0)]
    [InlineData("Cells", "using SequenceModels.Layers;", 1)]
    [InlineData("Parameters", "using Dataset = SequenceModels.Sequences.SequenceDataset;", 1)]
    [InlineData("Heads", "namespace SequenceModels.Heads;", 0)]
    [InlineData("Trainers", "using Microsoft.ML;\nusing SequenceModels.Training;", 0)]
    [InlineData("Trainers", "new SequenceModels.Transforms.PadTransformer()", 1)]
    public void A_wrong_arrow_is_seen(string part, string text, int arrows) => Assert.Equal(arrows, WrongArrows(part, text).Count());

    [Fact]
    public void The_engine_knows_nothing_of_ML_NET_but_its_tokenizers() =>
        Assert.DoesNotContain(typeof(SequencePooling).Assembly.GetReferencedAssemblies(),
            a => a.Name!.StartsWith("Microsoft.ML", StringComparison.Ordinal) && a.Name != "Microsoft.ML.Tokenizers");

    [Fact]
    public void No_source_file_has_more_than_300_lines() =>
        Assert.Empty(Sources().Where(file => file.Text.AsSpan().Count('\n') > 300).Select(file => file.Path));

    private static IEnumerable<string> WrongArrows(string part, string text)
    {
        int own = Place(part);
        Assert.True(own >= 0, $"{part} has no place in the order of parts.");
        return from use in NamedParts().Matches(text)
               let used = use.Groups[1].Value
               where used != part && Place(used) >= own
               select use.Value;
    }

    /// <summary>-1: no part, but a type's name.</summary>
    private static int Place(string part) => Array.FindIndex(Order, row => row.Contains(part));

    private static IEnumerable<(string Path, string Part, string Text)> Sources() =>
        from project in new[] { (Folder: "SequenceModels.Core", Root: "Core"), (Folder: "SequenceModels", Root: "Catalog") }
        let top = Repository.PathOf("src", project.Folder)
        from path in Directory.EnumerateFiles(top, "*.cs", SearchOption.AllDirectories)
        let parts = Path.GetRelativePath(top, path).Split(Path.DirectorySeparatorChar)
        select (path, parts.Length == 1 ? project.Root : parts[0], File.ReadAllText(path));

    /// <summary>What follows SequenceModels in a using line or a full name; not the file's own namespace line.</summary>
    [GeneratedRegex(@"(?<!namespace )\bSequenceModels\.(\w+)")]
    private static partial Regex NamedParts();
}
