using Xunit;

namespace SequenceModels.Tests.Mpi;

/// <summary>Any number of ranks of any MPI, and of threads, gives the network that one process gives.</summary>
public sealed class SameBitsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string, int, int> OtherKinds => new()
    {
        { "tagger", "openmpi", 3, 1 },
        { "tagger", "mpich", 2, 2 },
        { "language", "openmpi", 2, 2 },
        { "language", "mpich", 4, 1 },
        { "forecaster", "openmpi", 4, 1 },
        { "forecaster", "mpich", 3, 2 },
        { "translator", "openmpi", 2, 1 },
        { "translator", "mpich", 3, 1 },
        { "transcriber", "openmpi", 3, 2 },
        { "transcriber", "mpich", 2, 1 },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("openmpi", new[] { 1, 2, 3, 4 }, new[] { 1, 2 })]
    [InlineData("mpich", new[] { 2, 4 }, new[] { 1 })]
    [InlineData("mpich", new[] { 1, 3 }, new[] { 2 })]
    public void A_classifier_is_the_same_on_one_to_four_ranks_of_one_and_two_threads(string mpi, int[] ranks, int[] threads)
    {
        Mpirun.RequireInstalled(mpi);
        byte[] alone = Mpirun.TrainAlone(_folder.Name, "classifier");
        foreach (int processes in ranks)
            foreach (int each in threads)
                Assert.Equal(alone, Mpirun.Train(mpi, processes, _folder.Name, "classifier", $"threads={each}"));
    }

    [Theory]
    [InlineData("openmpi", 2)]
    [InlineData("openmpi", 4)]
    [InlineData("mpich", 3)]
    public void So_is_one_whose_sums_go_in_many_chunks(string mpi, int ranks)
    {
        Mpirun.RequireInstalled(mpi);
        string[] options = ["hidden=160", "epochs=2"]; // 13 chunks of 64 kB
        Assert.Equal(Mpirun.TrainAlone(_folder.Name, "classifier", options),
            Mpirun.Train(mpi, ranks, _folder.Name, ["classifier", .. options]));
    }

    [Theory, MemberData(nameof(OtherKinds))]
    public void So_is_every_other_kind_of_network(string kind, string mpi, int ranks, int threads)
    {
        Mpirun.RequireInstalled(mpi);
        Assert.Equal(Mpirun.TrainAlone(_folder.Name, kind), Mpirun.Train(mpi, ranks, _folder.Name, kind, $"threads={threads}"));
    }
}
