// How far back do recurrent networks learn from? An RNN, a GRU and an LSTM are trained with the same options on two tasks that need a
// memory of 100 steps.
// dotnet run samples/VanishingGradients.cs [-- SEED]
#:project ../src/SequenceModels/SequenceModels.csproj
#:property PublishAot=false
using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels;
using SequenceModels.Diagnostics;

int seed = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1;
var ml = new MLContext(seed);
var random = new Random(seed);

// Each step back multiplies the gradient by that step's Jacobian. An RNN's, of h' = tanh(W x + R h), is diag(1 - h'^2) R: R begins
// orthogonal, which keeps lengths, but tanh shortens them. A hundred of them multiplied vanish, or explode once R has grown.
// Clipping bounds what explodes; it cannot bring back what has vanished (Pascanu et al., ICML 2013).
// GRU and LSTM carry their state through gates, c' = f c + i g: where training opens f, the gradient passes almost undiminished.
// The state after the last step is all that the output sees (SequencePooling.Last): no other way leads back. Nothing is
// dropped, scaled or read two steps at a time: what is looked at is the cells.
var options = new SequenceTrainerOptions
{
    HiddenSize = 32,
    EmbeddingSize = 16,
    NumberOfEpochs = 20,
    LearningRate = 1e-2f,
    GradientClipNorm = 1,
    Pooling = SequencePooling.Last,
    Dropout = 0,
    WordDropout = 0,
    BatchSize = 32,
    LearningRateSchedule = LearningRateSchedule.Cosine(0.1f),
    FrameScaling = FrameScaling.None,
    FrameStacking = 1,
    Seed = seed,
};

// The adding problem: 100 steps of a random value and a mark; the label is the sum of the two values that are marked. Hochreiter and
// Schmidhuber, Neural Computation 9, 1997; with a mark in each half, as in Arjovsky et al., ICML 2016.
// Without a memory the best answer is the mean, 1: a mean squared error of 1/6, about 0.167.
Addition[] addTest = [.. Additions(1000)];
var (adders, addSeconds) = Train("adding", ml.Data.LoadFromEnumerable(Additions(5000).ToArray()));
double[] errors = [.. adders.Select(network => Rmse(row => network.Score(row.Features)[0]))];

// Recall, a copying task: the first token is a cue, the second one of 8 symbols, and the label; then come symbols at random, which a
// network must let pass. Training has short rows too, of 5 to 120 steps: on them a gated cell learns to hold a symbol, and then
// holds it on long ones. An LSTM needs such a start: its forget gates begin near 0.73, and 0.73^100 is 2e-14. Test rows have 100 steps or more.
Recall[] recallTest = [.. Recalls(1000, shortest: 100)];
var (recallers, recallSeconds) = Train("recall", ml.Data.LoadFromEnumerable(Recalls(5000, shortest: 5).ToArray()));
double[] accuracies = [.. recallers.Select(Accuracy)];

Console.WriteLine($"""
    On rows held out               RNN      GRU     LSTM   no memory   trained in
    adding, RMSE            {errors[0],10:F3}{errors[1],9:F3}{errors[2],9:F3}{Rmse(_ => 1),12:F3}{addSeconds,11:F1} s
    recall, accuracy        {accuracies[0],10:P1}{accuracies[1],9:P1}{accuracies[2],9:P1}{1.0 / Recall.Symbols,12:P1}{recallSeconds,11:F1} s
    """);

// The RNN does not learn within these 20 epochs.

// A script that runs the samples sees it if the figures are others.
return errors is [> 0.3, < 0.1, < 0.1] && accuracies is [< 0.5, > 0.95, > 0.95] ? 0 : 1;

// RNN, GRU and LSTM. The page shows how far back the gradient reaches in each, before training and after it.
(SequenceNetwork[] Networks, double Seconds) Train(string task, IDataView rows)
{
    long start = Stopwatch.GetTimestamp();
    GradientFlowComparison flow = GradientFlow.Compare(ml, rows, "Label", "Features", options);
    string page = Path.GetFullPath($"gradients-{task}.html");
    flow.WriteReport(page);
    Console.WriteLine($"{task}: {page}");
    SequenceNetwork[] networks = [.. flow.Cells.Select(cell => cell.Model.Network)];
    return (networks, Stopwatch.GetElapsedTime(start).TotalSeconds);
}

double Rmse(Func<Addition, float> predict) => ml.Regression.Evaluate(ml.Data.LoadFromEnumerable(addTest.Select(row =>
    new PredictedSum { Label = row.Label, Score = predict(row) }))).RootMeanSquaredError;

double Accuracy(SequenceNetwork network) => ml.MulticlassClassification.Evaluate(ml.Data.LoadFromEnumerable(recallTest.Select(row =>
{
    float[] score = network.Score(row.Features);
    return new PredictedSymbol { Label = row.Label, Score = score, PredictedLabel = (uint)Array.IndexOf(score, score.Max()) };
}))).MicroAccuracy;

IEnumerable<Addition> Additions(int rows)
{
    for (int row = 0; row < rows; row++)
    {
        float[] steps = new float[2 * Addition.Steps];   // value, mark, value, mark, ...
        for (int step = 0; step < Addition.Steps; step++)
            steps[2 * step] = random.NextSingle();
        int first = random.Next(Addition.Steps / 2), second = random.Next(Addition.Steps / 2, Addition.Steps);
        steps[2 * first + 1] = steps[2 * second + 1] = 1;
        yield return new Addition { Features = steps, Label = steps[2 * first] + steps[2 * second] };
    }
}

IEnumerable<Recall> Recalls(int rows, int shortest)
{
    for (int row = 0; row < rows; row++)
    {
        uint[] tokens = new uint[random.Next(shortest, Recall.Longest + 1)];
        tokens[0] = Recall.Cue;
        for (int step = 1; step < tokens.Length; step++)
            tokens[step] = (uint)random.Next(Recall.Symbols) + 1;
        // ML.NET counts a property that is a key from 0, and the elements of an array from 1.
        yield return new Recall { Features = tokens, Label = tokens[1] - 1 };
    }
}

internal sealed class Addition
{
    public const int Steps = 100;

    [VectorType(Steps, 2)]
    public float[] Features { get; set; } = [];

    public float Label { get; set; }
}

internal sealed class Recall
{
    public const int Symbols = 8, Cue = Symbols + 1, Longest = 120;

    [KeyType(Cue)]
    public uint[] Features { get; set; } = [];

    [KeyType(Symbols)]
    public uint Label { get; set; }
}

internal sealed class PredictedSum
{
    public float Label { get; set; }

    public float Score { get; set; }
}

internal sealed class PredictedSymbol
{
    [KeyType(Recall.Symbols)]
    public uint Label { get; set; }

    [VectorType(Recall.Symbols)]
    public float[] Score { get; set; } = [];

    [KeyType(Recall.Symbols)]
    public uint PredictedLabel { get; set; }
}
