// Which language does a surname come from? Trained, and asked of many names, by several processes of one machine or many.
// dotnet build
// mpirun -n 4 dotnet run --no-build -- train ../data/names.tsv model.zip     (or '/data/part-*.tsv', files of each machine's own)
// mpirun -n 4 dotnet run --no-build -- score ../data/names.tsv model.zip scores
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels;

const int RowsPerPart = 500;

if (args is not ["train", _, _] and not ["score", _, _, _])
{
    Console.Error.WriteLine("train NAMES.tsv MODEL.zip | score NAMES.tsv MODEL.zip FOLDER");
    return 1;
}
IProcessGroup world = MpiTraining.World();
var ml = new MLContext();
if (args[0] == "train")
    Train(args[1], args[2]);
else
    Score(args[1], args[2], args[3]);
return 0;

// Each process names the files that lie on its machine. It has the rows of all, learns from a part of each batch, and ends with
// the same model as the others.
void Train(string namesFiles, string modelFile)
{
    IDataView all = ml.Data.CreateTextLoader<Surname>(hasHeader: true).Load(MpiTraining.ShardedFiles(namesFiles));
    IDataView names = ml.Data.FilterByCustomPredicate<SplitOfRow>(all, row => row.Split != "train");
    var pipeline = ml.Transforms.Conversion.MapValueToKey("Label", nameof(Surname.Language))
        .Append(ml.MulticlassClassification.Trainers.TextGru(textColumnName: nameof(Surname.Name), options: new()
        {
            Distribution = MpiTraining.World(),
            BatchSize = 64, // four parts of 16 names: work for four processes of one thread
            NumberOfThreads = 1,
            NumberOfEpochs = 5,
            Seed = 1,
            CheckpointPath = modelFile + ".checkpoint", // written by rank 0; any number of processes goes on from it
            Progress = new EpochLines(),
        }))
        .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
    ITransformer model = pipeline.Fit(names);
    if (world.Rank == 0)
        ml.Model.Save(model, names.Schema, modelFile);
}

// Processes take parts of the file in turn. The scores of a part are a file of their own, which is whole or not there, so that
// after a kill the same command goes on, with any number of processes.
void Score(string namesFile, string modelFile, string folder)
{
    Directory.CreateDirectory(folder);
    ITransformer model = ml.Model.Load(modelFile, out _);
    int scored = 0, found = 0;
    foreach ((int part, Surname[] names) in ReadNames(namesFile).Chunk(RowsPerPart).Index())
    {
        if (part % world.Size != world.Rank)
            continue;
        string file = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"part-{part:D5}.tsv"));
        if (File.Exists(file))
        {
            found++;
            continue;
        }
        IEnumerable<Guess> guesses = ml.Data.CreateEnumerable<Guess>(model.Transform(ml.Data.LoadFromEnumerable(names)), false);
        string unfinished = $"{file}.{Environment.MachineName}.{Environment.ProcessId}.tmp";
        File.WriteAllLines(unfinished, guesses.Select(guess => string.Create(CultureInfo.InvariantCulture,
            $"{guess.Name}\t{guess.PredictedLabel}\t{guess.Score.Max():F4}")));
        File.Move(unfinished, file, overwrite: true); // at once, on every file system that clusters share
        scored++;
    }
    Console.WriteLine($"rank {world.Rank} of {world.Size}: {scored} parts scored, {found} were there");
}

static IEnumerable<Surname> ReadNames(string file) =>
    File.ReadLines(file).Skip(1).Select(line => line.Split('\t')).Select(fields => new Surname(fields[0], fields[1], fields[2]));

internal sealed record Surname([property: LoadColumn(0)] string Split, [property: LoadColumn(1)] string Language,
    [property: LoadColumn(2)] string Name);

internal sealed class SplitOfRow
{
    public string Split { get; set; } = "";
}

internal sealed class Guess
{
    public string Name { get; set; } = "";

    public string PredictedLabel { get; set; } = "";

    public float[] Score { get; set; } = [];
}

/// <summary>Only rank 0 is told of the progress.</summary>
internal sealed class EpochLines : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value)
    {
        if (value.Ended is { } epoch)
            Console.WriteLine($"epoch {epoch.Epoch}/{value.NumberOfEpochs}  loss {epoch.TrainingLoss:F3}");
    }
}
