using System.Net.Sockets;
using Xunit;

namespace SequenceModels.Tests.Mpi.Files;

/// <summary>What cannot be agreed on fails on all ranks, what cannot be read where it is read; each with one message.</summary>
public sealed class FileFailureTests : IDisposable
{
    private readonly FileRanks _ranks = new();

    public void Dispose() => _ranks.Dispose();

    [Theory]
    [InlineData("no.tsv", "Rank 1 of 3: There is no file '{0}'. A path is that of a file")]
    [InlineData("part-*.csv", "Rank 1 of 3: There is no file '{0}'. A path is that of a file")]
    [InlineData("none/part-*", "Rank 1 of 3: There is no file '{0}'. A path is that of a file")]
    [InlineData("", "Rank 1 of 3: '{0}' is a folder. Name its files")]
    public void A_path_that_finds_nothing_is_named_on_all_ranks(string path, string message)
    {
        path = Path.TrimEndingDirectorySeparator(Path.Combine(_ranks.Folder, path));
        string[] failures = _ranks.Failures([_ranks.Write(0, "a.tsv", "a")], [path], []);
        Assert.All(failures, failure => Assert.StartsWith(message.Replace("{0}", path), failure, StringComparison.Ordinal));
        Assert.Equal(3, failures.Length);
    }

    [Fact]
    public void One_process_is_told_of_its_path_alone() => Assert.StartsWith("There is no file '",
        Assert.Single(_ranks.Failures([Path.Combine(_ranks.Folder, "no.tsv")])), StringComparison.Ordinal);

    [Fact]
    public void An_empty_path_and_no_file_at_all_are_told()
    {
        Assert.All(_ranks.Failures([" "], []), failure =>
            Assert.Equal("Rank 0 of 2: A path of MpiTraining.ShardedFiles is empty.", failure));
        Assert.All(_ranks.Failures([], []), failure =>
            Assert.StartsWith("No rank has named a file in MpiTraining.ShardedFiles", failure, StringComparison.Ordinal));
    }

    [Fact]
    public void Two_files_of_one_name_are_named_with_their_ranks()
    {
        string first = _ranks.Write(0, "a.tsv", "a"), second = _ranks.Write(2, "a.tsv", "a");
        Assert.All(_ranks.Failures([first], [_ranks.Write(1, "b.tsv", "b")], [second]), failure => Assert.StartsWith(
            $"Two files have the name 'a.tsv': '{first}' of rank 0 and '{second}' of rank 2. ", failure,
            StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_has_changed_is_told_by_its_owner_and_to_others()
    {
        string path = _ranks.Write(1, "a.tsv", "content");
        ShardedFileSource[] sources = _ranks.Agree([], [path]);
        File.AppendAllText(path, "!");
        Assert.All(sources, source => Assert.StartsWith(
            $"The file '{path}' of rank 1 has changed since the ranks agreed on it, when it had 7 bytes.",
            Assert.Throws<IOException>(() => FileRanks.Read(source, 0)).Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0)] // shorter
    [InlineData(2_000_000)]
    [InlineData(3_000_000)]
    public void So_is_one_that_changes_while_it_is_read(int length)
    {
        string path = _ranks.Write(1, "a.tsv", new string('a', 2_000_000));
        ShardedFileSource[] sources = _ranks.Agree([], [path]);
        Stream[] streams = [.. sources.Select(source => source.Open(0))];
        foreach (Stream stream in streams)
            stream.ReadExactly(new byte[1000]);
        using (FileStream file = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(length);
            file.Write("changed"u8);
        }
        Assert.All(streams, stream =>
        {
            using (stream)
                Assert.StartsWith($"The file '{path}' of rank 1 has changed",
                    Assert.Throws<IOException>(() => stream.CopyTo(Stream.Null)).Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void So_is_one_that_vanishes()
    {
        string path = _ranks.Write(1, "a.tsv", "content");
        ShardedFileSource[] sources = _ranks.Agree([], [path]);
        File.Delete(path);
        Assert.All(sources, source => Assert.StartsWith($"The file '{path}' of rank 1 can no longer be read: ",
            Assert.Throws<IOException>(() => source.Open(0).ReadByte()).Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_rank_that_is_gone_is_named_with_its_file()
    {
        string path = _ranks.Write(1, "a.tsv", new string('a', 2_000_000));
        ShardedFileSource reader = _ranks.Agree([], [path])[0];
        using Stream begun = reader.Open(0);
        begun.ReadExactly(new byte[1000]);
        foreach (ByteServer server in _ranks.Servers)
            server.Dispose();
        string name = $"The file '{path}' of rank 1 on {Environment.MachineName} cannot be read";
        Assert.StartsWith($"{name} to its end: that rank no longer answers. ",
            Assert.Throws<IOException>(() => begun.CopyTo(Stream.Null)).Message, StringComparison.Ordinal);
        Assert.StartsWith($"{name}. It no longer answers (",
            Assert.Throws<IOException>(() => reader.Open(0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_does_not_know_the_secret_gets_nothing()
    {
        _ranks.Agree([_ranks.Write(0, "a.tsv", "content")], []);
        foreach (ByteServer server in _ranks.Servers)
        {
            using var client = new TcpClient("127.0.0.1", server.Address.Port);
            using NetworkStream stream = client.GetStream();
            byte[] greeting = new byte[RankAddress.GreetingLength];
            stream.ReadExactly(greeting);
            Assert.Equal(server.Address.Greeting, greeting);
            byte[] secret = [.. server.Address.Secret];
            secret[^1] ^= 1;
            stream.Write(secret);
            Assert.Equal(-1, stream.ReadByte());
        }
    }
}
