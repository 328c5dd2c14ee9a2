// Which language does a surname come from? TextLstm reads the names as they are: no transform before it, no option to set.
// dotnet run samples/QuickStart.cs
#:project ../src/SequenceModels/SequenceModels.csproj
#:package Spectre.Console
#:property PublishAot=false
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels;
using Spectre.Console;

string names = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "data", "names.tsv");
string model = Path.GetFullPath("model.zip");

var ml = new MLContext(seed: 1);
ILookup<string, Surname> rows = File.ReadLines(names).Skip(1).Select(line => line.Split('\t'))
    .ToLookup(field => field[0], field => new Surname(field[2], field[1]));
IDataView train = ml.Data.LoadFromEnumerable(rows["train"]), test = ml.Data.LoadFromEnumerable(rows["test"]);

var progress = new TrainingBar();

// The pipeline: language -> key, name -> LSTM -> language.
var pipeline = ml.Transforms.Conversion.MapValueToKey("Label", nameof(Surname.Language))
    .Append(ml.MulticlassClassification.Trainers.TextLstm(textColumnName: nameof(Surname.Name), options: new() { Progress = progress }))
    .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

Console.WriteLine($"Training an LSTM on {rows["train"].Count():N0} names.");
ITransformer trained = progress.Watch(() => pipeline.Fit(train));

// What the LSTM is worth: beside always giving the commonest answer, and beside ML.NET's own way with text (which is given a
// cache, because SDCA takes rows in random order only from one).
string commonest = rows["train"].CountBy(name => name.Language).MaxBy(count => count.Value).Key;
double majority = rows["test"].Count(name => name.Language == commonest) / (double)rows["test"].Count();
double featurized = Accuracy(ml.Transforms.Conversion.MapValueToKey("Label", nameof(Surname.Language))
    .Append(ml.Transforms.Text.FeaturizeText("Features", nameof(Surname.Name)))
    .AppendCacheCheckpoint(ml)
    .Append(ml.MulticlassClassification.Trainers.SdcaMaximumEntropy())
    .Fit(train));
double lstm = Accuracy(trained);
Console.WriteLine($"""

    Accuracy on {rows["test"].Count():N0} names held out:
      always {commonest,-35} {majority:P1}
      FeaturizeText + SdcaMaximumEntropy         {featurized:P1}
      TextLstm                                   {lstm:P1}

    """);

ml.Model.Save(trained, train.Schema, model);
Console.WriteLine($"Saved to {model}. Loaded again, the model says of names it has not seen:");

var fresh = new MLContext();
using var engine = fresh.Model.CreatePredictionEngine<Surname, Guess>(fresh.Model.Load(model, out _));
VBuffer<ReadOnlyMemory<char>> languages = default;
engine.OutputSchema["Score"].GetSlotNames(ref languages);
foreach (string name in (string[])["Hiratasuka", "O'Shea", "Wojewódzki", "Giannakos", "Serafini"])
{
    var likeliest = languages.DenseValues().Zip(engine.Predict(new Surname(name)).Score).OrderByDescending(guess => guess.Second).Take(3);
    Console.WriteLine($"  {name,-14} {string.Join(", ", likeliest.Select(guess => $"{guess.First} {guess.Second:P0}"))}");
}

// A script that runs the samples sees it if the LSTM did not learn.
return lstm > featurized && lstm > majority ? 0 : 1;

double Accuracy(ITransformer model) => ml.MulticlassClassification.Evaluate(model.Transform(test)).MicroAccuracy;

internal sealed record Surname(string Name, string Language = "");

internal sealed class Guess
{
    public float[] Score { get; set; } = [];
}

/// <summary>
/// A bar while training goes on; a line for each epoch where the output is no terminal. It implements IProgress itself:
/// Progress&lt;T&gt; would hand each report to another thread, where it may come late and out of order.
/// </summary>
internal sealed class TrainingBar : IProgress<TrainingProgress>
{
    private ProgressTask? _bar;

    public T Watch<T>(Func<T> training) => Console.IsOutputRedirected
        ? training()
        : AnsiConsole.Progress().Columns(new ProgressBarColumn { Width = 16 }, new TaskDescriptionColumn()).Start(bars =>
        {
            _bar = bars.AddTask("reading the rows");
            return training();
        });

    public void Report(TrainingProgress value)
    {
        string line = $"epoch {value.Epoch}/{value.NumberOfEpochs}  batch {value.Batch}/{value.NumberOfBatches}  loss {value.Loss:F3}  "
            + $"{value.StepsPerSecond:N0} letters/s  {value.Remaining:m\\:ss} left";
        if (_bar is not null)
        {
            _bar.MaxValue = (double)value.NumberOfEpochs * value.NumberOfBatches;
            _bar.Value = (value.Epoch - 1.0) * value.NumberOfBatches + value.Batch;
            _bar.Description = line;
        }
        else if (value.Ended is not null)
        {
            Console.WriteLine($"  {line}");
        }
    }
}
