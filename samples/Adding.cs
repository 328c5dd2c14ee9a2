// A number, of a sequence: the sum of the two values that a mark stands beside, dozens of steps apart (the adding problem of
// Hochreiter and Schmidhuber, 1997). A GRU keeps what it needs; guessing the mean is off by 0.41.
// dotnet run samples/Adding.cs
#:project ../src/SequenceModels/SequenceModels.csproj
#:property PublishAot=false
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels;

const int Steps = 40;
var ml = new MLContext(seed: 1);
var random = new Random(1);
IDataView train = Load(6000), test = Load(1000);

var trainer = ml.Regression.Trainers.Gru("Sum", options: new() { HiddenSize = 48, NumberOfEpochs = 12, LearningRate = 5e-3f, GradientClipNorm = 1 });
SequencePredictionTransformer model = trainer.Fit(train);
foreach (TrainingEpoch epoch in model.Model.History)
    Console.WriteLine($"  epoch {epoch.Epoch,2}: loss {epoch.TrainingLoss:F4}");
RegressionMetrics metrics = ml.Regression.Evaluate(model.Transform(test), "Sum");
Console.WriteLine($"off by {metrics.RootMeanSquaredError:F3} (root mean square), R squared {metrics.RSquared:F3}");
return metrics.RootMeanSquaredError < 0.2 ? 0 : 1;

// A frame is a value from 0 to 1, and a mark of 1 at two of the steps, one in either half.
IDataView Load(int count)
{
    var definition = SchemaDefinition.Create(typeof(Example));
    definition[nameof(Example.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 0, 2);
    return ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(_ =>
    {
        float[] frames = [.. Enumerable.Range(0, 2 * Steps).Select(i => i % 2 == 0 ? random.NextSingle() : 0)];
        int first = random.Next(Steps / 2), second = random.Next(Steps / 2, Steps);
        frames[2 * first + 1] = frames[2 * second + 1] = 1;
        return new Example { Features = frames, Sum = frames[2 * first] + frames[2 * second] };
    }).ToArray(), definition);
}

internal sealed class Example
{
    public float[] Features { get; set; } = [];

    public float Sum { get; set; }
}
