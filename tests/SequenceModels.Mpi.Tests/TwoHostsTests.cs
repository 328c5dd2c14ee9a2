using Xunit;

namespace SequenceModels.Tests.Mpi;

/// <summary>A rank on each of two hosts, with a network between them.</summary>
public sealed class TwoHostsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Two_hosts_train_the_bits_of_one()
    {
        Mpirun.RequireInstalled("openmpi");
        using TwoHosts? hosts = TwoHosts.TryCreate();
        Assert.SkipWhen(hosts is null, "There can be no network namespaces here: that takes Linux, iproute2 and root.");
        byte[] alone = Mpirun.TrainAlone(_folder.Name, "classifier");
        long before = hosts.BytesSent();
        Mpirun.Ended ended = Mpirun.Wait(Mpirun.Start("ip",
            hosts.Mpirun("dotnet", Mpirun.AppPath, "classifier", _folder.Name), []));
        Assert.True(ended.Code == 0, ended.ToString());
        Assert.All(new[] { 0, 1 }, rank => Assert.Equal(alone, File.ReadAllBytes(_folder.PathOf($"rank{rank}.network"))));
        Assert.InRange(hosts.BytesSent() - before, 4 * alone.Length, long.MaxValue); // nine updates have sent each gradient
    }
}
