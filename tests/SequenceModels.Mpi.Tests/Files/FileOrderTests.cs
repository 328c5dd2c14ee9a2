using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace SequenceModels.Tests.Mpi.Files;

/// <summary>All ranks see all files, in an order that does not depend on who has which.</summary>
public sealed class FileOrderTests : IDisposable
{
    private static readonly string[] s_names = ["part-10.tsv", "part-2.tsv", "Part-3.tsv", "b", "a.tsv", "empty.tsv", "ä.tsv"];

    private readonly FileRanks _ranks = new();

    public void Dispose() => _ranks.Dispose();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(2, 3)]
    [InlineData(3, 4)]
    [InlineData(4, 5)]
    public void However_the_files_are_dealt_all_ranks_read_the_same(int ranks, int seed)
    {
        var random = new Random(seed);
        List<string>[] paths = [.. Enumerable.Range(0, ranks).Select(_ => new List<string>())];
        var contents = new Dictionary<string, string>();
        foreach (string name in s_names.OrderBy(_ => random.Next()))
        {
            int rank = random.Next(ranks);
            contents[name] = name == "empty.tsv" ? "" : string.Concat(Enumerable.Repeat($"{name} ", random.Next(1, 100_000)));
            paths[rank].Add(_ranks.Write(rank, name, contents[name]));
        }
        string[] expected = [.. s_names.Order(StringComparer.Ordinal).Select(name => contents[name])];
        Assert.All(_ranks.Run([.. paths.Select(own => own.ToArray())], (source, _) => FileRanks.ReadAll(source)),
            read => Assert.Equal(expected, read));
    }

    [Fact]
    public void Names_may_be_search_patterns_and_files_found_twice_are_read_once()
    {
        string first = _ranks.Write(0, "part-1.tsv", "1");
        _ranks.Write(0, "part-2.tsv", "2");
        _ranks.Write(0, ".part-3.tsv.crc", "hidden");
        string folder = Path.GetDirectoryName(first)!;
        ShardedFileSource[] sources = _ranks.Agree(
            [Path.Combine(folder, "part-?.tsv"), first, Path.Combine(folder, "*")], [_ranks.Write(1, "*.tsv", "star")]);
        Assert.All(sources, source => Assert.Equal(["star", "1", "2"], FileRanks.ReadAll(source)));
        Assert.Equal([null, first, Path.Combine(folder, "part-2.tsv")], Enumerable.Range(0, 3).Select(sources[0].GetPathOrNull));
    }

    [Fact]
    public void Ranks_that_see_the_very_same_file_may_all_name_it_and_read_it_themselves()
    {
        string both = _ranks.Write(0, "both.tsv", "both"), own = _ranks.Write(0, "own.tsv", "own");
        ShardedFileSource[] sources = _ranks.Agree([both, own], [both], []);
        Assert.All(sources, source => Assert.Equal(["both", "own"], FileRanks.ReadAll(source)));
        Assert.Equal([both, both, null], sources.Select(source => source.GetPathOrNull(0)));
        Assert.Equal([own, null, null], sources.Select(source => source.GetPathOrNull(1)));
    }

    [Fact]
    public void One_process_reads_its_files_without_a_network()
    {
        FileRanks.ReadAll(_ranks.Agree([_ranks.Write(0, "a.tsv", "a")])[0]);
        Assert.Empty(_ranks.Servers);
    }

    [Fact]
    public void The_text_loader_skips_the_header_of_each_file_wherever_it_lies()
    {
        var ml = new MLContext();
        string[] first = [_ranks.Write(0, "2.tsv", "Number\n4\n5")],
            second = [_ranks.Write(1, "1.tsv", "Number\n1\n2\n3\n"), _ranks.Write(1, "3.tsv", "Number\n6")];
        int[][] numbers = _ranks.Run([first, second],
            (source, _) => ml.Data.CreateTextLoader<Line>(hasHeader: true, dataSample: source).Load(source)
                .GetColumn<int>(nameof(Line.Number)).ToArray());
        Assert.All(numbers, read => Assert.Equal([1, 2, 3, 4, 5, 6], read));
    }

    [Fact]
    public void A_binary_file_of_another_rank_can_be_read_at_any_place()
    {
        var ml = new MLContext();
        IDataView rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 5000).Select(i => new Line { Number = i }));
        string path = _ranks.Write(1, "rows.idv", "");
        using (FileStream file = File.Create(path))
            ml.Data.SaveAsBinary(rows, file);
        int[][] numbers = _ranks.Run([[], [path]],
            (source, _) => ml.Data.LoadFromBinary(source).GetColumn<int>(nameof(Line.Number)).ToArray());
        Assert.All(numbers, read => Assert.Equal(Enumerable.Range(0, 5000), read));
    }

    private sealed class Line
    {
        [LoadColumn(0)]
        public int Number { get; set; }
    }
}
