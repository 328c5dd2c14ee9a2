using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SequenceModels.Tests.Sources;

/// <summary>The sources of the library as one compilation, for tests that read what they mean.</summary>
internal static class SourceCompilation
{
    // What the projects' ImplicitUsings and Directory.Build.props add to each file.
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using static System.FormattableString;
        """;

    private static readonly CSharpParseOptions s_parsing = new(LanguageVersion.Latest);

    private static readonly MetadataReference[] s_references =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        .Where(path => !Path.GetFileName(path).StartsWith("SequenceModels", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path))];

    private static readonly Lazy<CSharpCompilation> s_library =
        new(() => Of(Repository.Root, "SequenceModels.Core", "SequenceModels", "SequenceModels.Audio", "SequenceModels.Mpi"));

    /// <summary>The library's assemblies.</summary>
    public static CSharpCompilation Library => s_library.Value;

    /// <summary>Files with paths such as "src/SequenceModels.Core/Cells/X.cs".</summary>
    public static CSharpCompilation OfFiles(params IEnumerable<(string Path, string Code)> files) => Compile(
        [CSharpSyntaxTree.ParseText(Usings, s_parsing),
            .. files.Select(file => CSharpSyntaxTree.ParseText(file.Code, s_parsing, file.Path))]);

    private static CSharpCompilation Of(string root, params IEnumerable<string> projects)
    {
        IEnumerable<string> files = projects.SelectMany(project =>
            Directory.EnumerateFiles(Path.Combine(root, "src", project), "*.cs", SearchOption.AllDirectories));
        SyntaxTree[] trees = [CSharpSyntaxTree.ParseText(Usings, s_parsing), .. files.Order(StringComparer.Ordinal)
            .Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), s_parsing, Path.GetRelativePath(root, file)))];
        return Compile(trees);
    }

    /// <summary>Members of a class that has nothing else.</summary>
    public static CSharpCompilation OfMembers(string code) => Compile(
    [
        CSharpSyntaxTree.ParseText(Usings, s_parsing),
            CSharpSyntaxTree.ParseText($"public class Members {{ {code} }}", s_parsing),
    ]);

    // The platform and ML.NET; not the library as it was built, whose types the sources declare.
    private static CSharpCompilation Compile(SyntaxTree[] trees) => CSharpCompilation.Create("Sources", trees, s_references,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true,
            nullableContextOptions: NullableContextOptions.Enable));
}
