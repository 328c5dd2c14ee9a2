namespace SequenceModels.Tests.Mpi.Files;

/// <summary>Rows in files that lie in a folder for each rank.</summary>
internal static class SharedRows
{
    private const int Parts = 5, RowsPerPart = 40;

    /// <summary>Writes the same rows in the same files each time, dealt to so many ranks.</summary>
    /// <param name="folder">There will be rank0 and so on in it.</param>
    /// <param name="ranks">How many have files.</param>
    /// <returns>What tells the app of them.</returns>
    public static string Deal(string folder, int ranks)
    {
        string shards = Directory.CreateDirectory(Path.Combine(folder, $"shards{ranks}")).FullName;
        var random = new Random(1);
        for (int part = 0; part < Parts; part++)
        {
            string own = Directory.CreateDirectory(Path.Combine(shards, $"rank{(part + 1) % ranks}")).FullName;
            IEnumerable<string> rows = Enumerable.Range(0, RowsPerPart).Select(_ =>
            {
                string[] words = [.. Enumerable.Range(0, random.Next(2, 9)).Select(_ => $"{"abcdefgh"[random.Next(8)]}{part}")];
                return $"{(words.Length % 2 == 0 ? "even" : "odd")}\t{string.Join(' ', words)}";
            });
            File.WriteAllLines(Path.Combine(own, $"part-{part}.tsv"), ["Label\tWords", .. rows]);
        }
        return $"shards={shards}";
    }
}
