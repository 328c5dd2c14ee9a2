using SequenceModels.Networks;
using Xunit;

namespace SequenceModels.Tests.Sources;

/// <summary>
/// Holds the sources to the order of parts in docs/design: a type names only types of its own part and of those to the left.
/// </summary>
public class ArchitectureTests
{
    /// <summary>Parts in one row do not use each other.</summary>
    private static readonly string[][] Order =
    [
        ["SequenceModels.Core"],
        ["SequenceModels.Core/Files", "SequenceModels.Core/Kernels", "SequenceModels.Core/Onnx", "SequenceModels.Core/Metrics"],
        ["SequenceModels.Core/Text"],
        ["SequenceModels.Core/Sequences", "SequenceModels.Core/Parameters"],
        ["SequenceModels.Core/Cells"],
        ["SequenceModels.Core/Layers"],
        ["SequenceModels.Core/Heads"],
        ["SequenceModels.Core/Networks"],
        ["SequenceModels.Core/Training", "SequenceModels.Core/Generation", "SequenceModels.Core/Tagging",
            "SequenceModels.Core/Forecasting"],
        ["SequenceModels.Core/Reports"],
        ["SequenceModels.Mpi/Files"],
        ["SequenceModels.Mpi"],
        ["SequenceModels/Interop"],
        ["SequenceModels/Columns"],
        ["SequenceModels/Transforms", "SequenceModels/Scoring"],
        ["SequenceModels/Trainers"],
        ["SequenceModels/Prediction", "SequenceModels/Tagging", "SequenceModels/LanguageModels", "SequenceModels/Translation"],
        ["SequenceModels/Forecasting", "SequenceModels/Transcription"],
        ["SequenceModels/Diagnostics"],
        ["SequenceModels/Catalog"],
        ["SequenceModels.Audio/Signals"],
        ["SequenceModels.Audio/Waves"],
        ["SequenceModels.Audio/Transforms"],
        ["SequenceModels.Audio/Catalog"],
    ];

    private static readonly Lazy<SourceType[]> s_types = new(() => [.. SourceType.In(SourceCompilation.Library)]);

    [Fact]
    public void Arrows_between_parts_point_left() => Nothing(s_types.Value.SelectMany(WrongArrows));

    [Theory]
    [InlineData("Cells", "Kernels", 0)]
    [InlineData("Cells", "Cells", 0)]
    [InlineData("Cells", "Layers", 1)]
    [InlineData("Parameters", "Sequences", 1)]
    [InlineData("Training", "Reports", 1)]
    public void A_wrong_arrow_is_seen_whatever_the_namespaces_are(string part, string used, int arrows) =>
        Assert.Equal(arrows, SourceType.In(SourceCompilation.OfFiles(
            ($"src/SequenceModels.Core/{part}/User.cs",
                "namespace SequenceModels; /// <summary>A text.</summary>\nclass User { int M() => new Used().Length; }"),
            ($"src/SequenceModels.Core/{used}/Used.cs",
                "namespace SequenceModels; class Used { public int Length; }"))).SelectMany(WrongArrows).Count());

    [Theory]
    [InlineData("class User { object Used => 1; }", 0)]
    [InlineData("/// <see cref=\"Used\"/>\nclass User { string M() => \"Used\"; }", 0)]
    [InlineData("class User { Used? M() => null; }", 1)]
    [InlineData("class User { int M() => Used.Length; }", 1)]
    [InlineData("class User : System.Collections.Generic.List<Used> { }", 1)]
    [InlineData("class User { class Inner { Used[] M() => []; } }", 1)]
    public void A_type_is_known_where_code_names_it(string code, int known) =>
        Assert.Equal(known,
            SourceType.In(
                SourceCompilation.OfFiles(("src/A/User.cs", code), ("src/A/Used.cs", "class Used { public static int Length; }")))
            .Single(type => type.Name == "User").Knows.Count);

    [Fact]
    public void The_engine_knows_nothing_of_ML_NET_but_its_tokenizers() =>
        Assert.DoesNotContain(typeof(Network).Assembly.GetReferencedAssemblies(),
            a => a.Name!.StartsWith("Microsoft.ML", StringComparison.Ordinal) && a.Name != "Microsoft.ML.Tokenizers");

    private static void Nothing(IEnumerable<string> found)
    {
        string[] all = [.. found];
        Assert.True(all.Length == 0, string.Join('\n', all));
    }

    private static IEnumerable<string> WrongArrows(SourceType type)
    {
        int own = Place(type.Part);
        if (own < 0)
            return [$"{type.Part} has no place in the order of parts"];
        return from used in type.Knows
               let part = SourceType.PartOf(used.Path)
               where part != type.Part && Place(part) >= own
               select $"{type.Path}: {type.Name} -> {part}: {used.Name}";
    }

    private static int Place(string part) => Array.FindIndex(Order, row => row.Contains(part));
}
