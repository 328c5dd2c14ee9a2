using System.Diagnostics;
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

    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(3);

    /// <summary>Compiles the blocks, and runs them in a folder of their own and a process of its own.</summary>
    /// <returns>What they printed.</returns>
    public static string Run(MarkdownPage page)
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            string program = Path.Combine(folder, "Page.dll");
            Compile(page, program);
            return Run(page, program, folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Compile(MarkdownPage page, string path)
    {
        string source = Usings + string.Join('\n', page.Code.Where(block => block.IsToRun).Select(block => block.Text));
        // A page may show a type between two statements; a program has them behind all statements.
        CompilationUnitSyntax unit = CSharpSyntaxTree.ParseText(source).GetCompilationUnitRoot();
        unit = unit.WithMembers([.. unit.Members.OrderBy(member => member is GlobalStatementSyntax ? 0 : 1)]);
        var options = new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable, optimizationLevel: OptimizationLevel.Release);
        string[] platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        var compilation = CSharpCompilation.Create("Page", [CSharpSyntaxTree.ParseText(unit.ToFullString())],
            platform.Select(assembly => MetadataReference.CreateFromFile(assembly)), options);
        string[] wrong = [.. compilation.Emit(path).Diagnostics.Where(d => d.Severity >= DiagnosticSeverity.Warning).Select(d => d.ToString())];
        Assert.True(wrong.Length == 0, $"The code of {page.Name} does not compile:\n{string.Join('\n', wrong)}\n{unit}");
    }

    /// <summary>By the tests' own list of assemblies, the library among them.</summary>
    private static string Run(MarkdownPage page, string program, string folder)
    {
        string own = Path.Combine(AppContext.BaseDirectory, typeof(PageProgram).Assembly.GetName().Name!);
        foreach (string assembly in Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll"))
            File.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(assembly)), assembly);
        string natives = Path.Combine(AppContext.BaseDirectory, "runtimes");
        if (Directory.Exists(natives))
            Directory.CreateSymbolicLink(Path.Combine(folder, "runtimes"), natives);
        using Process process = Process.Start(new ProcessStartInfo("dotnet",
            ["exec", "--runtimeconfig", own + ".runtimeconfig.json", "--depsfile", own + ".deps.json", program])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(s_longest))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"The code of {page.Name} did not end within {s_longest}.");
        }
        Assert.True(process.ExitCode == 0, $"The code of {page.Name} ended with {process.ExitCode}:\n{errors.Result}\n{output.Result}");
        return output.Result;
    }
}
