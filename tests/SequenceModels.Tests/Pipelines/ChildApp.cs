using System.Diagnostics;
using SequenceModels.Kernels;

namespace SequenceModels.Tests.Pipelines;

/// <summary>An app that is built beside the tests, in a process of its own.</summary>
internal static class ChildApp
{
    public static Process Start(string name, params string[] arguments)
    {
        DirectoryInfo own = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string path = Path.Combine(own.Parent!.Parent!.FullName, name, own.Name, name + ".dll");
        return Process.Start(new ProcessStartInfo("dotnet", [path, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }
}
