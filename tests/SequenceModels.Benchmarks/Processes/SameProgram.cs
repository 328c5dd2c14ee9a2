using System.Diagnostics;

namespace SequenceModels.Benchmarks.Processes;

/// <summary>Starts this program once more, with other arguments and other environment variables.</summary>
internal static class SameProgram
{
    /// <summary>Runs it to its end, on the same console; gives its exit code.</summary>
    public static int Run(IEnumerable<string> arguments, IReadOnlyDictionary<string, string> variables)
    {
        using Process process = Process.Start(StartInfo(arguments, variables))!;
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>Runs it to its end; gives what it wrote to its standard output.</summary>
    public static string Read(IEnumerable<string> arguments, IReadOnlyDictionary<string, string> variables)
    {
        ProcessStartInfo start = StartInfo(arguments, variables);
        start.RedirectStandardOutput = true;
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output
            : throw new NotSupportedException("A child process failed; its error stands above.");
    }

    /// <summary>Starts it with an input that ends when this process ends or the returned process' input is closed.</summary>
    public static Process StartBeside(params string[] arguments)
    {
        ProcessStartInfo start = StartInfo(arguments, new Dictionary<string, string>());
        start.RedirectStandardInput = true;
        return Process.Start(start)!;
    }

    private static ProcessStartInfo StartInfo(IEnumerable<string> arguments, IReadOnlyDictionary<string, string> variables)
    {
        string program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program);
        // Started as `dotnet SequenceModels.Benchmarks.dll`?
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
            start.ArgumentList.Add(typeof(SameProgram).Assembly.Location);
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        foreach ((string name, string value) in variables)
            start.Environment.TryAdd(name, value);
        return start;
    }
}
