using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace SequenceModels.Tests.Mpi;

/// <summary>
/// Ranks that are killed at any moment: nothing hangs, the checkpoint stays usable, and the training ends with the bits of one
/// that was never disturbed. The variable SEQUENCEMODELS_KILLS asks for other than four kills.
/// </summary>
public sealed class KillTests : IDisposable
{
    private const string Rows = "rows=1200", Epochs = "epochs=14";

    private readonly TemporaryFolder _folder = new();

    private string Checkpoint => _folder.PathOf("training.checkpoint");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Killed_at_any_moment_it_ends_with_the_same_bits()
    {
        Mpirun.RequireInstalled("openmpi");
        Mpirun.RequireInstalled("mpich");
        int kills = int.Parse(Environment.GetEnvironmentVariable("SEQUENCEMODELS_KILLS") ?? "4", CultureInfo.InvariantCulture);
        byte[] alone = Mpirun.TrainAlone(_folder.Name, "classifier", Rows, Epochs);
        int killed = 0, goneOn = 0;
        for (var random = new Random(1); killed < kills;)
        {
            bool found = File.Exists(Checkpoint);
            (int code, int first) = TrainAndKill(random.Next(2) == 0 ? "openmpi" : "mpich", 1 + random.Next(4), random);
            if (code == 0) // it was done before
                Assert.Equal(alone, File.ReadAllBytes(_folder.PathOf("rank0.network")));
            else
                killed++;
            Assert.True(first == 0 || found == first > 1, $"The checkpoint was there: {found}, the first epoch: {first}.");
            goneOn += found && first > 1 ? 1 : 0;
        }
        Assert.Equal(alone, Mpirun.Train("mpich", 2, _folder.Name, "classifier", Rows, Epochs, $"checkpoint={Checkpoint}"));
        Assert.True(goneOn > 0 || kills < 4, "No training has gone on from a checkpoint.");
    }

    /// <summary>Kills one of the ranks at some moment, unless all have ended before.</summary>
    /// <returns>The code of mpirun, and the first epoch that has ended; 0: none has.</returns>
    private (int Code, int FirstEpoch) TrainAndKill(string mpi, int ranks, Random random)
    {
        using Process mpirun = Mpirun.Begin(mpi, ranks,
            ["classifier", _folder.Name, Rows, Epochs, $"checkpoint={Checkpoint}"]);
        var processes = new List<int>();
        int first = 0;
        var begun = new ManualResetEventSlim();
        mpirun.OutputDataReceived += (_, line) =>
        {
            string[] words = (line.Data ?? "").Split(' ');
            if (words is ["rank", _, "is", "process", string process])
                processes.Add(int.Parse(process, CultureInfo.InvariantCulture));
            else if (words is ["epoch", string epoch, ..] && first == 0)
                first = int.Parse(epoch, CultureInfo.InvariantCulture);
            if (first > 0 || line.Data is null)
                begun.Set();
        };
        mpirun.BeginOutputReadLine();
        mpirun.BeginErrorReadLine();
        Assert.True(begun.Wait(TimeSpan.FromMinutes(3)), "Nothing begins.");
        Thread.Sleep(random.Next(300));
        try
        {
            using Process victim = Process.GetProcessById(processes[random.Next(processes.Count)]);
            victim.Kill();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // it has ended before
        }
        Assert.True(mpirun.WaitForExit(TimeSpan.FromMinutes(3)), "It hangs.");
        return (mpirun.ExitCode, first);
    }
}
