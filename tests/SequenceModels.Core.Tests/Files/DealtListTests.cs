using System.Security.Cryptography;
using SequenceModels.Files;
using SequenceModels.Tests.Training;
using Xunit;

namespace SequenceModels.Tests.Files;

/// <summary>A list that several processes hold together is, for each of them, the list that one would hold.</summary>
public sealed class DealtListTests
{
    private const int BlockLength = 16, Count = 1000;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(4, 4)]
    public void Whatever_is_read_wherever_it_is_the_same(int ranks, int seed)
    {
        var blocks = new ThreadBlocks(ranks, BlockLength);
        using var whole = new DealtList<uint>(new MemoryBudget(long.MaxValue), group: null);
        Write(whole, seed);
        byte[][] hashes = ThreadGroup.Run(ranks, group =>
        {
            using var list = new DealtList<uint>(new MemoryBudget(long.MaxValue), blocks.Of(group.Rank));
            Write(list, seed);
            Assert.True(list.IsDealt);
            var random = new Random(group.Rank);
            for (int i = 0; i < 200; i++)
            {
                var stretches = new (long Start, int Length)[random.Next(4)];
                foreach (ref (long Start, int Length) stretch in stretches.AsSpan())
                    stretch = (random.Next(Count), random.Next(3 * BlockLength));
                list.Fetch(stretches);
                foreach ((long start, int length) in stretches)
                    Same(list, start, (int)Math.Min(length, Count - start));
                long place = random.Next(Count);
                Same(list, place, random.Next((int)Math.Min(5 * BlockLength, Count - place)));
            }
            for (int at = 0; at + 7 <= Count; at += 7) // one after the other
                Same(list, at, 7);
            return Hash(list);
        });
        Assert.All(hashes, hash => Assert.Equal(hashes[0], hash));
        Assert.Equal(1, blocks.Released);

        void Same(DealtList<uint> list, long start, int length) =>
            Assert.True(whole.Span(start, length).SequenceEqual(list.Span(start, length)), $"{start}, {length}");
    }

    [Fact]
    public void Where_there_is_no_room_for_all_there_is_for_a_share()
    {
        const int Ranks = 4, Room = 2048; // of 4096 bytes
        var blocks = new ThreadBlocks(Ranks, BlockLength);
        Assert.All(ThreadGroup.Run(Ranks, group => IsMapped(blocks.Of(group.Rank))), Assert.False);
        Assert.True(IsMapped(null));

        static bool IsMapped(IBlockGroup? group)
        {
            using var list = new DealtList<uint>(new MemoryBudget(Room), group);
            for (uint i = 0; i < 64 * BlockLength; i++)
            {
                list.Write(i, [i]);
                list.Deal(i + 1);
            }
            return list.IsMapped;
        }
    }

    [Fact]
    public void Its_hash_is_that_of_a_list_that_one_process_holds()
    {
        var blocks = new ThreadBlocks(2, DealtList<uint>.UsualBlockLength);
        using DealtList<uint> whole = Long(null);
        Assert.False(whole.IsDealt);
        Assert.All(ThreadGroup.Run(2, group =>
        {
            using DealtList<uint> list = Long(blocks.Of(group.Rank));
            Assert.True(list.IsDealt);
            return Hash(list);
        }), hash => Assert.Equal(Hash(whole), hash));

        static DealtList<uint> Long(IBlockGroup? group)
        {
            var list = new DealtList<uint>(new MemoryBudget(long.MaxValue), group);
            list.Write(0, [.. Enumerable.Range(0, 5 * DealtList<uint>.UsualBlockLength / 2).Select(i => (uint)i)]);
            list.Deal(list.Count);
            return list;
        }
    }

    [Fact]
    public void What_another_has_not_read_yet_is_waited_for()
    {
        var blocks = new ThreadBlocks(2, BlockLength);
        using var begun = new ManualResetEventSlim();
        uint[] first = ThreadGroup.Run(2, group =>
        {
            using var list = new DealtList<uint>(new MemoryBudget(long.MaxValue), blocks.Of(group.Rank));
            if (group.Rank == 1)
                begun.Wait();
            Write(list, seed: 1);
            begun.Set();
            return list.Span(BlockLength, 1)[0];
        });
        Assert.Equal(first[1], first[0]);
        Assert.True(blocks.Read > 0);
    }

    [Fact]
    public void Who_ends_before_it_has_read_all_says_so_to_those_who_wait()
    {
        var blocks = new ThreadBlocks(2, BlockLength);
        Exception?[] failures = ThreadGroup.RunAll(2, group =>
        {
            using var list = new DealtList<uint>(new MemoryBudget(long.MaxValue), blocks.Of(group.Rank));
            if (group.Rank == 1)
                return 0u;
            Write(list, seed: 1);
            return list.Span(BlockLength, 1)[0];
        }, out _);
        Assert.Null(failures[1]);
        Assert.Equal("Rank 1 has ended its training before it has read all rows.",
            Assert.IsType<IOException>(failures[0]).Message);
    }

    [Fact]
    public void Values_that_were_dealt_stay()
    {
        using var list = new DealtList<uint>(new MemoryBudget(long.MaxValue), new ThreadBlocks(1, BlockLength).Of(0));
        Write(list, seed: 1);
        Assert.True(list.IsDealt);
        Assert.Throws<InvalidOperationException>(list.Clear);
        Assert.Throws<ArgumentOutOfRangeException>(() => list.Span(Count - 1, 2).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => list.Span(0, Count + 1).Length);
    }

    /// <summary>Rows of all lengths, some of which are written again or taken back.</summary>
    private static void Write(DealtList<uint> list, int seed)
    {
        var random = new Random(seed);
        while (list.Count < Count)
        {
            long start = list.Count;
            uint[] row = [.. Enumerable.Range(0, random.Next(5) == 0 ? 3 * BlockLength + 1 : random.Next(9))
                .Select(_ => (uint)random.Next())];
            list.Write(start, row);
            if (random.Next(3) == 0)
                list.Resize(start);
            if (random.Next(3) == 0)
                list.Write(start, row.AsSpan(0, row.Length / 2));
            if (list.Count > Count)
                list.Resize(Count);
            list.Deal(list.Count);
        }
    }

    private static byte[] Hash(DealtList<uint> list)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        list.AppendTo(hash);
        return hash.GetHashAndReset();
    }
}
