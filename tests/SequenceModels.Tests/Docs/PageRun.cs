using System.Diagnostics;
using Xunit;

namespace SequenceModels.Tests.Docs;

/// <summary>
/// The programs of all pages, run one after the other in one process of their own, each in an empty folder: ML.NET starts once,
/// not once for each page.
/// </summary>
internal static class PageRun
{
    /// <summary>Runs each program that is named in turn, and writes beside it what it printed, and how it failed.</summary>
    private const string Host = """
        using System;
        using System.IO;
        using System.Reflection;

        foreach (string program in args)
        {
            string folder = Path.Combine(Path.GetDirectoryName(program)!, Path.GetFileNameWithoutExtension(program));
            Directory.SetCurrentDirectory(Directory.CreateDirectory(folder).FullName);
            using var output = new StringWriter();
            Console.SetOut(TextWriter.Synchronized(output));
            try
            {
                object? code = Assembly.LoadFrom(program).EntryPoint!.Invoke(null, [Array.Empty<string>()]);
                if (code is int and not 0)
                    throw new InvalidOperationException($"It ended with {code}.");
            }
            catch (Exception e)
            {
                File.WriteAllText(program + ".error", $"{(e as TargetInvocationException)?.InnerException ?? e}");
            }
            Console.Out.Flush();
            File.WriteAllText(program + ".output", output.ToString());
        }
        """;

    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(5);

    private static readonly Lazy<Dictionary<string, PageResult>> s_results =
        new(() => Run(MarkdownPage.All().Where(page => page.HasProgram)));

    /// <summary>What the program of a page printed.</summary>
    public static string OutputOf(string page)
    {
        PageResult result = s_results.Value[page];
        Assert.True(result.Error is null, $"The code of {page}: {result.Error}\n{result.Output}");
        return result.Output;
    }

    private static Dictionary<string, PageResult> Run(IEnumerable<MarkdownPage> pages)
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            var results = new Dictionary<string, PageResult>();
            var programs = new Dictionary<string, string>();
            foreach (MarkdownPage page in pages)
                try
                {
                    string program = Path.Combine(folder, $"Page{programs.Count + 1}.dll");
                    PageProgram.Compile(page, program);
                    programs.Add(page.Name, program);
                }
                catch (Xunit.Sdk.XunitException e)
                {
                    results.Add(page.Name, new PageResult("", e.Message));
                }
            string failure = Run(folder, programs.Values);
            foreach ((string page, string program) in programs)
                results.Add(page, File.Exists(program + ".output")
                    ? new PageResult(File.ReadAllText(program + ".output"), File.Exists(program + ".error")
                        ? File.ReadAllText(program + ".error") : null)
                    : new PageResult("", $"The process ended before, or within, this page. {failure}"));
            return results;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>By the tests' own list of assemblies, the library among them; gives what went wrong as a whole.</summary>
    private static string Run(string folder, IEnumerable<string> programs)
    {
        string own = Path.Combine(AppContext.BaseDirectory, typeof(PageRun).Assembly.GetName().Name!),
            host = Path.Combine(folder, "Host.dll");
        PageProgram.Compile(Host, host, "The host of the pages");
        foreach (string assembly in Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll"))
            File.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(assembly)), assembly);
        string natives = Path.Combine(AppContext.BaseDirectory, "runtimes");
        if (Directory.Exists(natives))
            Directory.CreateSymbolicLink(Path.Combine(folder, "runtimes"), natives);
        using Process process = Process.Start(new ProcessStartInfo("dotnet",
            ["exec", "--runtimeconfig", own + ".runtimeconfig.json", "--depsfile", own + ".deps.json", host, .. programs])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(s_longest))
        {
            process.Kill(entireProcessTree: true);
            return $"It took longer than {s_longest}.";
        }
        return $"It ended with {process.ExitCode}:\n{errors.Result}\n{output.Result}";
    }

    /// <param name="Output">What was printed.</param>
    /// <param name="Error">What went wrong; null: nothing.</param>
    private sealed record PageResult(string Output, string? Error);
}
