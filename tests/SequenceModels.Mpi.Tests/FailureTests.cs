using Xunit;

namespace SequenceModels.Tests.Mpi;

/// <summary>Whatever goes wrong on one rank ends all of them, with one message that says what, and none waits for ever.</summary>
public sealed class FailureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Implementations => Mpirun.All;

    public static TheoryData<string, string, string> Misfortunes
    {
        get
        {
            var all = new TheoryData<string, string, string>();
            foreach (string mpi in new[] { "openmpi", "mpich" })
            {
                all.Add(mpi, "throws=1@5",
                    "InvalidOperationException: Rank 1 of 3 has failed, and with it the training on all of them. " +
                    "IOException: The disk of rank 1 is gone.");
                all.Add(mpi, "throws=0@5", "IOException: The disk of rank 0 is gone.");
                all.Add(mpi, "leaves=1@5", "InvalidOperationException: Rank 1 of 3 has ended its process, where this training " +
                    "still waits for it.");
                all.Add(mpi, "differs=2", "What differs on rank 2: NumberOfEpochs (4, on rank 0 3).");
            }
            return all;
        }
    }

    [Theory, MemberData(nameof(Misfortunes))]
    public void It_ends_with_one_message(string mpi, string misfortune, string message)
    {
        Mpirun.Ended ended = Mpirun.Run(mpi, 3, ["classifier", _folder.Name, misfortune]);
        Assert.NotEqual(0, ended.Code);
        string[] errors = [.. ended.Error.Split('\n').Where(line => line.Contains("Unhandled", StringComparison.Ordinal))];
        Assert.Contains(message, Assert.Single(errors), StringComparison.Ordinal);
        Assert.DoesNotContain("rank 0 has ended", ended.Output, StringComparison.Ordinal);
    }

    /// <remarks>
    /// MPICH's mpirun sometimes tells the code of a process that it has killed on the way, 9, in place of the rank's own.
    /// </remarks>
    [Theory, MemberData(nameof(Implementations))]
    public void A_rank_that_exits_with_a_code_ends_the_others_with_it(string mpi)
    {
        int[] codes = mpi == "mpich" ? [3, 9] : [3];
        Assert.Contains(Mpirun.Run(mpi, 3, ["classifier", _folder.Name, "exits=2@5"]).Code, codes);
    }

    [Theory, MemberData(nameof(Implementations))]
    public void A_killed_rank_ends_the_others_and_another_number_goes_on_to_the_same_bits(string mpi)
    {
        Mpirun.RequireInstalled(mpi);
        byte[] alone = Mpirun.TrainAlone(_folder.Name, "classifier", "epochs=6");
        string checkpoint = _folder.PathOf("training.checkpoint");
        int ranks = 3;
        foreach (string misfortune in new[] { "dies=1@8", "dies=0@7", "throws=2@6" })
        {
            Mpirun.Ended ended = Mpirun.Run(mpi, ranks,
                ["classifier", _folder.Name, "epochs=6", $"checkpoint={checkpoint}", misfortune]);
            Assert.NotEqual(0, ended.Code);
            Assert.True(File.Exists(checkpoint), ended.ToString());
            ranks = ranks == 3 ? 4 : 3;
        }
        Assert.Equal(alone, Mpirun.Train(mpi, 2, _folder.Name, "classifier", "epochs=6", $"checkpoint={checkpoint}"));
        Assert.False(File.Exists(checkpoint));
    }

    [Fact]
    public void Where_there_is_no_MPI_the_message_says_what_to_install()
    {
        string message = Assert.Throws<InvalidOperationException>(() => MpiLibrary.Find(["libnone.so.1", "libno.so.2"])).Message;
        Assert.Contains("none of libnone.so.1, libno.so.2 could be loaded", message, StringComparison.Ordinal);
        Assert.Contains("apt-get install openmpi-bin", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_that_is_none_is_named()
    {
        Mpirun.Ended ended = Mpirun.Wait(Mpirun.Start("dotnet", [Mpirun.AppPath, "classifier", _folder.Name],
            new() { ["SEQUENCEMODELS_MPI"] = "/no/where.so" }));
        Assert.Contains("The environment variable SEQUENCEMODELS_MPI is '/no/where.so'", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_of_another_MPI_than_mpirun_s_is_refused()
    {
        Mpirun.RequireInstalled("mpich");
        Mpirun.Ended ended = Mpirun.Run("openmpi", 2, ["classifier", _folder.Name],
            new() { ["SEQUENCEMODELS_MPI"] = "libmpich.so.12" });
        Assert.NotEqual(0, ended.Code);
        Assert.Contains("mpirun has started 2 processes, but the library 'libmpich.so.12'", ended.Error,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("libmpi.so.40", "openmpi", "Open MPI v")]
    [InlineData("libmpich.so.12", "mpich", "MPICH Version")]
    public void Both_MPIs_are_known_by_their_symbols(string name, string mpi, string version)
    {
        Mpirun.RequireInstalled(mpi);
        MpiLibrary library = MpiLibrary.Find([name]);
        Assert.StartsWith(version, library.Version, StringComparison.Ordinal);
        Assert.Equal(mpi == "mpich", library.World == 0x44000000);
    }
}
