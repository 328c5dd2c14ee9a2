using System.Net;
using SequenceModels.Files;
using Xunit;

namespace SequenceModels.Tests.Mpi.Files;

/// <summary>Blocks that other ranks hold come over TCP, and stay until the last rank has left the list.</summary>
public sealed class RankBlocksTests : IDisposable
{
    private readonly ByteServer[] _servers = [.. Enumerable.Range(0, 3).Select(_ => ByteServer.Start(NetworkSettings.Any))];
    private readonly RankBlocks[] _ranks;

    public RankBlocksTests() => _ranks = [.. _servers.Select((server, rank) => new RankBlocks(server,
        [.. _servers.Select((other, peer) => peer == rank ? null : new RankPeer(peer, other.Address))]))];

    public void Dispose()
    {
        foreach (ByteServer server in _servers)
            server.Dispose();
    }

    [Fact]
    public void Parts_of_all_ranks_come_at_once_whatever_their_length()
    {
        Held[] held = [.. Enumerable.Range(0, 3).Select(rank => new Held(rank, 1_000_000))];
        IBlocks[] lists = [.. _ranks.Select((rank, i) => rank.Share(held[i]))];
        var random = new Random(1);
        for (int parts = 0; parts < 2000; parts = 3 * parts + 1)
        {
            BlockPart[] asked = [.. Enumerable.Range(0, parts)
                .Select(_ => new BlockPart(random.Next(1, 3), 0, 0, 1 + random.Next(500)))];
            if (parts is > 0 and < 10)
                asked[0] = asked[0] with { Length = 900_000 };
            int length = 0;
            for (int i = 0; i < parts; length += asked[i++].Length)
                asked[i] = asked[i] with { Start = random.Next(1_000_000 - asked[i].Length), To = length };
            byte[] found = new byte[length];
            lists[0].Read(asked, found);
            foreach (BlockPart part in asked)
                Assert.True(held[part.Rank].Bytes.AsSpan((int)part.Start, part.Length).SequenceEqual(
                    found.AsSpan(part.To, part.Length)));
        }
    }

    [Fact]
    public void Blocks_go_when_the_last_rank_has_left_even_one_that_never_read()
    {
        Held[] held = [.. Enumerable.Range(0, 3).Select(rank => new Held(rank, 10))];
        IBlocks zero = _ranks[0].Share(held[0]), one = _ranks[1].Share(held[1]);
        one.Dispose();
        IBlocks two = _ranks[2].Share(held[2]); // begins when another has left
        zero.Dispose();
        Assert.All(held, each => Assert.Equal(0, each.Released));
        byte[] found = new byte[4];
        two.Read([new BlockPart(0, 3, 0, 4)], found);
        Assert.Equal(held[0].Bytes[3..7], found);
        two.Dispose();
        Assert.All(held, each => Assert.Equal(1, each.Released));
    }

    [Fact]
    public async Task A_list_that_another_rank_has_yet_to_begin_is_waited_for()
    {
        var held = new Held(1, 10);
        IBlocks list = _ranks[0].Share(new Held(0, 10));
        byte[] found = new byte[10];
        Task read = Task.Run(() => list.Read([new BlockPart(1, 0, 0, 10)], found), TestContext.Current.CancellationToken);
        _ranks[1].Share(held);
        await read;
        Assert.Equal(held.Bytes, found);
    }

    [Fact]
    public void What_cannot_be_had_says_why_and_of_whom()
    {
        IBlocks list = _ranks[0].Share(new Held(0, 10));
        _ranks[1].Share(new Held(1, 10));
        string name = $"Rows that are held by rank 1 on {Environment.MachineName} cannot be read: ";
        Assert.Equal($"{name}There are 10 bytes.",
            Assert.Throws<IOException>(() => list.Read([new BlockPart(1, 9, 0, 2)], new byte[2])).Message);
        list.Read([new BlockPart(1, 8, 0, 2)], new byte[2]);
        _servers[1].Dispose();
        for (int i = 0; i < 2; i++) // what is on its way is answered
            try
            {
                list.Read([new BlockPart(1, 8, 0, 2)], new byte[2]);
            }
            catch (IOException e)
            {
                Assert.StartsWith(name, e.Message, StringComparison.Ordinal);
                return;
            }
        Assert.Fail("A rank that is gone answers.");
    }

    [Fact]
    public void Rows_are_dealt_where_a_machine_has_no_room_for_all()
    {
        SharedFile[] files = [new("a", 600, []), new("b", 400, [])];
        Assert.False(RowRoom.IsTooSmall([Rank("x", 4000), Rank("y", 4000)], files));
        Assert.True(RowRoom.IsTooSmall([Rank("x", 4000), Rank("y", 3999)], files));
        Assert.True(RowRoom.IsTooSmall([Rank("x", 7999), Rank("x", 7999)], files)); // two processes of one machine
        Assert.False(RowRoom.IsTooSmall([Rank("x", 8000), Rank("x", 8000)], files));

        static FileListing Rank(string host, long room) =>
            new([], 0, new RankAddress(host, 1, [], [], [IPAddress.Loopback]), room);
    }

    [Fact]
    public void The_environment_may_decide_it()
    {
        Assert.Equal([0, long.MaxValue], new[] { "1", "0" }.Select(RowRoom.Of));
        Assert.InRange(RowRoom.Of(null), 1, long.MaxValue - 1);
        Assert.StartsWith("The environment variable SEQUENCEMODELS_DEAL_ROWS is 'yes', and must be 0, 1 or not set.",
            Assert.Throws<IOException>(() => RowRoom.Of("yes")).Message, StringComparison.Ordinal);
    }

    private sealed class Held : IOwnBlocks
    {
        public Held(int seed, int length)
        {
            Bytes = new byte[length];
            new Random(seed).NextBytes(Bytes);
        }

        public byte[] Bytes { get; }

        public int Released { get; private set; }

        public void Read(long start, Span<byte> to)
        {
            if (start + to.Length > Bytes.Length)
                throw new IOException($"There are {Bytes.Length} bytes.");
            Bytes.AsSpan((int)start, to.Length).CopyTo(to);
        }

        public void Release() => Released++;
    }
}
