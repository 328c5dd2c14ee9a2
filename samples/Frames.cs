// Which way round does a hand move? A GRU reads the frames of a motion sensor. Clockwise and anticlockwise recordings hold the
// same numbers; only their order differs.
// dotnet run samples/Frames.cs
#:project ../src/SequenceModels/SequenceModels.csproj
#:property PublishAot=false
using Microsoft.ML;
using SequenceModels;

var ml = new MLContext(seed: 1);
var random = new Random(1);
IDataView train = Load(Record(300)), test = Load(Record(100));

var pipeline = ml.Transforms.Conversion.MapValueToKey("Label", nameof(Step.Movement))
    .Append(ml.MulticlassClassification.Trainers.Gru(options: new() { HiddenSize = 32, LearningRate = 5e-3f }));
var model = pipeline.Fit(train);
var metrics = ml.MulticlassClassification.Evaluate(model.Transform(test));
Console.WriteLine(metrics.ConfusionMatrix.GetFormattedConfusionTable());
Console.WriteLine($"Accuracy on recordings held out: {metrics.MicroAccuracy:P1}");
return metrics.MicroAccuracy > 0.9 ? 0 : 1;

// A table with a row for each step, as a logger writes it, becomes one with a row for each recording.
IDataView Load(IEnumerable<Step> steps)
{
    IDataView table = ml.Data.LoadFromEnumerable(steps);
    IDataView frames = ml.Transforms.Concatenate("Features", nameof(Step.X), nameof(Step.Y)).Fit(table).Transform(table);
    return ml.Sequences().Group(frames, nameof(Step.Recording), nameof(Step.Time), constantColumnNames: [nameof(Step.Movement)]);
}

IEnumerable<Step> Record(int recordings)
{
    for (int recording = 0; recording < recordings; recording++)
    {
        string movement = new[] { "clockwise", "anticlockwise", "shaking" }[recording % 3];
        int steps = random.Next(20, 60);
        double angle = random.NextDouble() * Math.Tau, speed = 0.2 + 0.2 * random.NextDouble();
        for (int time = 0; time < steps; time++)
        {
            double phase = angle + (movement == "clockwise" ? -1 : 1) * speed * time;
            (double x, double y) = movement == "shaking" ? (Math.Sin(3 * phase), 0) : (Math.Cos(phase), Math.Sin(phase));
            yield return new Step($"{recording}", time, Noisy(x), Noisy(y), movement);
        }
    }
}

float Noisy(double value) => (float)(value + 0.3 * (random.NextDouble() - random.NextDouble()));

internal sealed record Step(string Recording, float Time, float X, float Y, string Movement);
