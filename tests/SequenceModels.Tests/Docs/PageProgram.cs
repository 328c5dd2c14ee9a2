using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace SequenceModels.Tests.Docs;

/// <summary>The blocks of a page, one behind the other, as one program that a user could paste into a file.</summary>
internal static class PageProgram
{
    private const string Usings = """
        using System;
        using System.Collections.Generic;
        using System.IO;
        using System.Linq;
        using System.Threading;
        using System.Threading.Tasks;
        using Microsoft.ML;
        using Microsoft.ML.Data;
        using SequenceModels;

        """;

    /// <summary>All that the tests themselves may use, read once for all pages.</summary>
    private static readonly Lazy<MetadataReference[]> s_platform = new(() =>
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(assembly =>
            MetadataReference.CreateFromFile(assembly))]);

    /// <summary>Compiles the blocks of a page; a warning is an error.</summary>
    /// <param name="page">The page.</param>
    /// <param name="path">Where the assembly goes; its name is the assembly's.</param>
    public static void Compile(MarkdownPage page, string path)
    {
        string source = Usings + string.Join('\n', page.Code.Where(block => block.IsToRun).Select(block => block.Text));
        // A page may show a type between two statements; a program has them behind all statements.
        CompilationUnitSyntax unit = CSharpSyntaxTree.ParseText(source).GetCompilationUnitRoot();
        unit = unit.WithMembers([.. unit.Members.OrderBy(member => member is GlobalStatementSyntax ? 0 : 1)]);
        Compile(unit.ToFullString(), path, $"The code of {page.Name}");
    }

    /// <summary>Compiles a program.</summary>
    /// <param name="source">Its only file.</param>
    /// <param name="path">Where the assembly goes; its name is the assembly's.</param>
    /// <param name="what">What it is called where it is wrong.</param>
    public static void Compile(string source, string path, string what)
    {
        var options = new CSharpCompilationOptions(OutputKind.ConsoleApplication,
            nullableContextOptions: NullableContextOptions.Enable, optimizationLevel: OptimizationLevel.Release);
        var compilation = CSharpCompilation.Create(Path.GetFileNameWithoutExtension(path), [CSharpSyntaxTree.ParseText(source)],
            s_platform.Value, options);
        string[] wrong = [.. compilation.Emit(path).Diagnostics.Where(d => d.Severity >= DiagnosticSeverity.Warning)
            .Select(d => d.ToString())];
        Assert.True(wrong.Length == 0, $"{what} does not compile:\n{string.Join('\n', wrong)}\n{source}");
    }
}
