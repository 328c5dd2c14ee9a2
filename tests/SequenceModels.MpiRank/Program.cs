// One rank of a training: args[0] is what to train, args[1] a folder in which each rank leaves its network as rank<r>.network;
// further arguments name=value: threads, epochs, rows, hidden, checkpoint (a path), and on which rank something goes wrong:
// throws, exits, leaves, dies (each "rank@sum"), differs (a rank). With args[0] "alone" there is no MPI, and args[2..] has
// kind=what. Rank 0 prints a line for each epoch.
using System.Globalization;
using Microsoft.ML;
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
    Number("epochs", 3) + (Number("differs", -1) == rank ? 1 : 0), Number("hidden", 16), settings.GetValueOrDefault("checkpoint"));
using (FileStream file = File.Create(Path.Combine(args[1], $"rank{rank}.network")))
    new Kinds(new MLContext(1), surroundings, Number("rows", 150)).Train(kind, file);
Console.WriteLine($"rank {rank} has ended");
