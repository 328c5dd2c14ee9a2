// One rank of a training: args[0] is what to train, args[1] a folder in which each rank leaves its network as rank<r>.network;
// further arguments name=value: threads, epochs, rows, hidden, checkpoint (a path), and on which rank something goes wrong:
// throws, exits, leaves, dies (each "rank@sum"), differs (a rank). With args[0] "alone" there is no MPI, and args[2..] has
// kind=what. Rank 0 prints a line for each epoch. What to train may be "files": on rows in the files of shards=FOLDER, where
// rank r has the folder rank<r>; with "reads" nothing is trained: the last rank ends at once, and the others then read the rows.
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels;
using SequenceModels.MpiRank;

Dictionary<string, string> settings = args[2..].Select(arg => arg.Split('=', 2)).ToDictionary(arg => arg[0], arg => arg[1]);
IProcessGroup? group = args[0] == "alone" ? null : MpiTraining.World();
int rank = group?.Rank ?? 0;
Console.WriteLine($"rank {rank} is process {Environment.ProcessId}");
string kind = group is null ? settings["kind"] : args[0];

int Number(string name, int otherwise) =>
    settings.TryGetValue(name, out string? value) ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;

var surroundings = new Surroundings(group is null ? null : new Misfortune(group, settings), Number("threads", 1),
    Number("epochs", 3) + (Number("differs", -1) == rank ? 1 : 0), Number("hidden", 16), settings.GetValueOrDefault("checkpoint"),
    Files());
if (kind == "reads")
{
    if (rank < group!.Size - 1)
        Read(surroundings.Files!);
    return;
}
using (FileStream file = File.Create(Path.Combine(args[1], $"rank{rank}.network")))
    new Kinds(new MLContext(1), surroundings, Number("rows", 150)).Train(kind, file);
Console.WriteLine($"rank {rank} has ended");

IMultiStreamSource? Files()
{
    if (!settings.TryGetValue("shards", out string? folder))
        return null;
    if (group is null)
        return new MultiFileSource([.. Directory.EnumerateFiles(folder, "*.tsv", SearchOption.AllDirectories)
            .OrderBy(Path.GetFileName, StringComparer.Ordinal)]);
    string own = Path.Combine(folder, $"rank{rank}");
    return MpiTraining.ShardedFiles(Directory.Exists(own) ? [Path.Combine(own, "*.tsv")] : []);
}

void Read(IMultiStreamSource files)
{
    Thread.Sleep(1000);
    int rows = 0;
    for (int file = 0; file < files.Count; file++)
        using (TextReader reader = files.OpenTextReader(file))
            rows += reader.ReadToEnd().Count(c => c == '\n') - 1;
    Console.WriteLine($"rank {rank} has read {rows} rows");
}
