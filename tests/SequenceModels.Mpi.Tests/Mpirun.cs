using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace SequenceModels.Tests.Mpi;

/// <summary>Starts the ranks of a training, by the mpirun of one of the MPIs.</summary>
internal static class Mpirun
{
    private const string App = "SequenceModels.MpiRank";

    /// <summary>Long enough for a busy machine; who takes longer hangs.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    /// <summary>Names of the programs, as Debian has them side by side.</summary>
    public static TheoryData<string> All => ["openmpi", "mpich"];

    /// <summary>The built app.</summary>
    public static string AppPath
    {
        get
        {
            DirectoryInfo own = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
            return Path.Combine(own.Parent!.Parent!.FullName, App, own.Name, App + ".dll");
        }
    }

    /// <summary>What the arguments leave in a folder, the same on all ranks.</summary>
    public static byte[] Train(string mpi, int ranks, string folder, params string[] arguments)
    {
        Ended ended = Run(mpi, ranks, [arguments[0], folder, .. arguments[1..]]);
        Assert.True(ended.Code == 0, ended.ToString());
        byte[][] networks = [.. Enumerable.Range(0, ranks).Select(rank => File.ReadAllBytes(NetworkOf(folder, rank)))];
        Assert.All(networks, network => Assert.Equal(networks[0], network));
        return networks[0];
    }

    /// <summary>What one process without any MPI leaves.</summary>
    public static byte[] TrainAlone(string folder, string kind, params string[] arguments)
    {
        Ended ended = Wait(Start("dotnet", [AppPath, "alone", folder, $"kind={kind}", .. arguments], []));
        Assert.True(ended.Code == 0, ended.ToString());
        return File.ReadAllBytes(NetworkOf(folder, 0));
    }

    /// <summary>Runs the app on some ranks to its end.</summary>
    public static Ended Run(string mpi, int ranks, string[] arguments, Dictionary<string, string>? variables = null) =>
        Wait(Begin(mpi, ranks, arguments, variables));

    /// <summary>Starts the app on some ranks.</summary>
    public static Process Begin(string mpi, int ranks, string[] arguments, Dictionary<string, string>? variables = null)
    {
        RequireInstalled(mpi);
        string[] options = mpi == "openmpi" ? ["--oversubscribe", "--bind-to", "none"] : [];
        return Start($"mpirun.{mpi}",
            [.. options, "-n", ranks.ToString(CultureInfo.InvariantCulture), "dotnet", AppPath, .. arguments], variables ?? []);
    }

    /// <summary>Skips the test where there is no such MPI, but not where all tests must run.</summary>
    public static void RequireInstalled(string mpi)
    {
        bool isInstalled = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, $"mpirun.{mpi}")));
        Assert.True(isInstalled || Environment.GetEnvironmentVariable("CI") is not "true", $"There is no mpirun.{mpi}.");
        Assert.SkipUnless(isInstalled, $"There is no mpirun.{mpi}: apt-get install openmpi-bin mpich.");
    }

    /// <summary>Starts a program that finds the variables that a test needs beside its own.</summary>
    public static Process Start(string program, IEnumerable<string> arguments, Dictionary<string, string> variables)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["OMPI_ALLOW_RUN_AS_ROOT"] = start.Environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1";
        start.Environment["TERM"] = "dumb"; // Open MPI's processes have a terminal, to which .NET would write commands
        foreach ((string name, string value) in variables)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Waits for its end; one that hangs is killed, with all that it has started.</summary>
    public static Ended Wait(Process process)
    {
        using (process)
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(s_patience))
            {
                process.Kill(entireProcessTree: true);
                throw new TimeoutException($"It hangs. {output.Result} {error.Result}");
            }
            return new Ended(process.ExitCode, output.Result, error.Result);
        }
    }

    private static string NetworkOf(string folder, int rank) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"rank{rank}.network"));

    /// <summary>How a program has ended.</summary>
    public sealed record Ended(int Code, string Output, string Error);
}
