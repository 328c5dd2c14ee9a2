using Xunit;
using static System.FormattableString;

namespace SequenceModels.Tests.Mpi.Files;

/// <summary>Processes with files of their own train the network of one process that has them all.</summary>
public sealed class SharedRowsTests : IDisposable
{
    private static readonly Dictionary<string, string> s_dealing = new() { ["SEQUENCEMODELS_DEAL_ROWS"] = "1" };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Implementations => Mpirun.All;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("openmpi", new[] { 1, 2, 3 })]
    [InlineData("mpich", new[] { 2, 3 })]
    public void However_files_are_dealt_the_network_has_the_same_bits(string mpi, int[] ranks)
    {
        Mpirun.RequireInstalled(mpi);
        byte[] alone = Mpirun.TrainAlone(_folder.Name, "files", SharedRows.Deal(_folder.Name, 1));
        foreach (int each in ranks)
            Assert.Equal(alone, Mpirun.Train(mpi, each, _folder.Name, "files", SharedRows.Deal(_folder.Name, each)));
        Assert.Equal(alone, Mpirun.Train(mpi, 2, _folder.Name, "files", SharedRows.Deal(_folder.Name, 1)));
    }

    [Theory]
    [InlineData("openmpi", 3)]
    [InlineData("mpich", 2)]
    public void So_has_that_of_ranks_that_hold_the_rows_together(string mpi, int ranks)
    {
        Mpirun.RequireInstalled(mpi);
        byte[] alone = Mpirun.TrainAlone(_folder.Name, "files", SharedRows.Deal(_folder.Name, 1));
        Mpirun.Ended ended = Mpirun.Run(mpi, ranks, ["files", _folder.Name, SharedRows.Deal(_folder.Name, ranks)], s_dealing);
        Assert.True(ended.Code == 0, ended.ToString());
        for (int rank = 0; rank < ranks; rank++)
        {
            Assert.Contains(Invariant($"rank {rank} shares a list"), ended.Output, StringComparison.Ordinal);
            Assert.Equal(alone, File.ReadAllBytes(_folder.PathOf(Invariant($"rank{rank}.network"))));
        }
    }

    [Theory]
    [InlineData("openmpi", "throws=1@5", "Rank 1 of 3 has failed, and with it the training on all of them. IOException: ")]
    [InlineData("mpich", "throws=0@5", "IOException: The disk of rank 0 is gone.")]
    public void What_fails_on_one_of_them_ends_all_with_one_message(string mpi, string misfortune, string message)
    {
        Mpirun.Ended ended = Mpirun.Run(mpi, 3, ["files", _folder.Name, SharedRows.Deal(_folder.Name, 3), misfortune], s_dealing);
        Assert.NotEqual(0, ended.Code);
        string[] errors = [.. ended.Error.Split('\n').Where(line => line.Contains("Unhandled", StringComparison.Ordinal))];
        Assert.Contains(message, Assert.Single(errors), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Implementations))]
    public void A_rank_that_has_done_its_part_stays_until_others_have_read_its_files(string mpi)
    {
        string shards = SharedRows.Deal(_folder.Name, 2);
        Mpirun.Ended ended = Mpirun.Run(mpi, 2, ["reads", _folder.Name, shards]);
        Assert.True(ended.Code == 0, ended.ToString());
        Assert.Contains("rank 0 has read 200 rows", ended.Output, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Implementations))]
    public void A_rank_without_its_files_ends_all_with_one_message(string mpi)
    {
        string shards = SharedRows.Deal(_folder.Name, 3);
        foreach (string file in Directory.EnumerateFiles(Path.Combine(_folder.Name, "shards3", "rank2")))
            File.Delete(file);
        Mpirun.Ended ended = Mpirun.Run(mpi, 3, ["files", _folder.Name, shards]);
        Assert.NotEqual(0, ended.Code);
        string[] errors = [.. ended.Error.Split('\n').Where(line => line.Contains("Unhandled", StringComparison.Ordinal))];
        Assert.Contains("IOException: Rank 2 of 3: There is no file '", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_hosts_read_each_other_s_files()
    {
        Mpirun.RequireInstalled("openmpi");
        using TwoHosts? hosts = TwoHosts.TryCreate();
        Assert.SkipWhen(hosts is null, "There can be no network namespaces here: that takes Linux, iproute2 and root.");
        byte[] alone = Mpirun.TrainAlone(_folder.Name, "files", SharedRows.Deal(_folder.Name, 1));
        Mpirun.Ended ended = Mpirun.Wait(Mpirun.Start("ip",
            hosts.Mpirun("dotnet", Mpirun.AppPath, "files", _folder.Name, SharedRows.Deal(_folder.Name, 2)), []));
        Assert.True(ended.Code == 0, ended.ToString());
        Assert.All(new[] { 0, 1 }, rank => Assert.Equal(alone, File.ReadAllBytes(_folder.PathOf($"rank{rank}.network"))));
    }
}
