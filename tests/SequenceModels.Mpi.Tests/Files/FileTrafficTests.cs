using System.Net;
using System.Net.Sockets;
using SequenceModels.Tests.Training;
using Xunit;

namespace SequenceModels.Tests.Mpi.Files;

/// <summary>Files go to others at any time, and by the ways that the environment names.</summary>
public sealed class FileTrafficTests : IDisposable
{
    private readonly FileRanks _ranks = new();

    public void Dispose() => _ranks.Dispose();

    [Fact]
    public void Many_read_at_once_and_some_leave_early()
    {
        string[] contents = [.. Enumerable.Range(0, 3).Select(rank => string.Concat(Enumerable.Range(0, 80_000 + rank)))];
        ShardedFileSource[] sources = _ranks.Agree([.. contents.Select((content, rank) =>
            new[] { _ranks.Write(rank, $"{rank}.tsv", content) })]);
        Parallel.For(0, 36, new ParallelOptions { MaxDegreeOfParallelism = 12 }, i =>
        {
            using TextReader reader = sources[i % 3].OpenTextReader(i / 3 % 3);
            char[] begin = new char[1000];
            reader.ReadBlock(begin);
            if (i % 4 == 0)
                return;
            Assert.Equal(contents[i / 3 % 3], new string(begin) + reader.ReadToEnd());
        });
    }

    [Fact]
    public void What_was_agreed_on_before_stays_when_more_follows()
    {
        string[] first = [_ranks.Write(0, "a", "a"), _ranks.Write(1, "b", "b")],
            second = [_ranks.Write(0, "c", "c"), _ranks.Write(1, "d", "d")];
        using ByteServer zero = ByteServer.Start(NetworkSettings.Any), one = ByteServer.Start(NetworkSettings.Any);
        string[][] read = ThreadGroup.Run(2, group =>
        {
            ShardedFileSource[] sources = [.. new[] { first, second }.Select(paths =>
                ShardedFileSource.Agree(group, () => group.Rank == 0 ? zero : one, [paths[group.Rank]]))];
            return sources.Reverse().SelectMany(FileRanks.ReadAll).ToArray();
        });
        Assert.All(read, contents => Assert.Equal(["c", "d", "a", "b"], contents));
    }

    [Fact]
    public void Ports_are_those_that_the_environment_names()
    {
        using var taken = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
        taken.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        taken.Listen();
        int port = ((IPEndPoint)taken.LocalEndPoint!).Port, last = Math.Min(port + 20, ushort.MaxValue);
        string message = Assert.Throws<IOException>(() => ByteServer.Start(NetworkSettings.Of($"{port}", null))).Message;
        Assert.StartsWith($"No port of {port}-{port} can be opened on {Environment.MachineName}: ", message,
            StringComparison.Ordinal);
        Assert.Contains(NetworkSettings.Ports, message, StringComparison.Ordinal);
        using ByteServer server = ByteServer.Start(NetworkSettings.Of($"{port}-{last}", null));
        Assert.InRange(server.Address.Port, port + 1, last);
    }

    [Theory]
    [InlineData("x", null, "The environment variable SEQUENCEMODELS_PORTS is 'x'")]
    [InlineData("5-4", null, "The environment variable SEQUENCEMODELS_PORTS is '5-4'")]
    [InlineData("0-70000", null, "The environment variable SEQUENCEMODELS_PORTS is '0-70000'")]
    [InlineData("1-2-3", null, "The environment variable SEQUENCEMODELS_PORTS is '1-2-3'")]
    [InlineData(null, "10.0.0", "The environment variable SEQUENCEMODELS_NETWORK is '10.0.0'")]
    [InlineData(null, "240.0.0.0/8", "The environment variable SEQUENCEMODELS_NETWORK is '240.0.0.0/8', and no address of")]
    public void Settings_that_cannot_be_followed_are_named(string? ports, string? network, string message) => Assert.StartsWith(
        message, Assert.Throws<IOException>(() => NetworkSettings.Of(ports, network).Addresses()).Message,
        StringComparison.Ordinal);

    [Fact]
    public async Task Another_program_at_the_port_is_not_told_the_secret()
    {
        var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        int port = ((IPEndPoint)other.LocalEndpoint).Port;
        Task<int> told = Task.Run(() =>
        {
            using TcpClient client = other.AcceptTcpClient();
            client.GetStream().Write(new byte[RankAddress.GreetingLength]);
            return client.GetStream().ReadByte();
        });
        var address = new RankAddress(Environment.MachineName, port, [.. Enumerable.Repeat((byte)7, RankAddress.GreetingLength)],
            new byte[RankAddress.SecretLength], []);
        string message = Assert.Throws<IOException>(() => new RankPeer(1, address).Connect()).Message;
        Assert.Contains($"cannot reach rank 1 on {Environment.MachineName}", message, StringComparison.Ordinal);
        Assert.Contains($"at port {port} (127.0.0.1: another program answers there)", message, StringComparison.Ordinal);
        Assert.Contains("Firewalls between machines", message, StringComparison.Ordinal);
        Assert.Equal(-1, await told);
        other.Stop();
    }
}
