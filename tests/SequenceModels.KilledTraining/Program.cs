// Trains a classifier, or with "translator" as args[2] a translator, with the checkpoint in args[0], and writes the network and
// its history, without times, to the file in args[1].
// Prints a line where there is something to be killed in: when Fit begins, when it goes on from a checkpoint,
// after the last batch of each epoch (its validation and its checkpoint come next), and when Fit has ended.
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels;
using SequenceModels.Layers;

var random = new Random(1);
Row[] rows = [.. Enumerable.Range(0, 240).Select(_ => new Row
{
    Readings = [.. Enumerable.Range(0, random.Next(5, 25)).Select(_ => random.NextSingle())],
    Words = [.. Enumerable.Range(0, random.Next(1, 9)).Select(_ => "abcdefgh"[random.Next(8)].ToString())],
    Label = random.Next(2) == 0, // nothing to learn: the best epoch is neither the first nor the last, and the rate is cut
})];

var mlContext = new MLContext();
mlContext.Log += (_, message) =>
{
    if (message.RawMessage.StartsWith("goes on from", StringComparison.Ordinal))
        Console.WriteLine("goes on");
};
Console.WriteLine("begins");
(Action<Stream> save, IReadOnlyList<TrainingEpoch> history) = args is [_, _, "translator"] ? Translator() : Classifier();
Console.WriteLine("ended");

using var network = new MemoryStream();
save(network);
File.WriteAllLines(args[1],
[
    Convert.ToHexString(network.ToArray()),
    .. history.Select(epoch => (epoch with { Duration = default, StepsPerSecond = 0 }).ToString()),
]);

(Action<Stream>, IReadOnlyList<TrainingEpoch>) Classifier()
{
    SequenceModelParameters model = mlContext.BinaryClassification.Trainers.Lstm(featureColumnName: nameof(Row.Readings),
        options: new()
        {
            HiddenSize = 48,
            NumberOfEpochs = 40,
            BatchSize = 16,
            LearningRate = 0.003f,
            LearningRateSchedule = LearningRateSchedule.ReduceOnPlateau(0.8f, patience: 1),
            Optimizer = SequenceOptimizer.AdamW(),
            Dropout = 0.2f,
            RecurrentDropout = 0.1f,
            AverageWeights = 0.98f,
            ValidationFraction = 0.2,
            EarlyStoppingPatience = 40,
            Seed = 1,
            CheckpointPath = args[0],
            Progress = new EpochLines(),
        }).Fit(mlContext.Data.LoadFromEnumerable(rows)).Model;
    return (model.Network.Save, model.History);
}

(Action<Stream>, IReadOnlyList<TrainingEpoch>) Translator()
{
    IDataView pairs = mlContext.Transforms.Conversion.MapValueToKey("Label", nameof(Row.Words))
        .Append(mlContext.Transforms.Conversion.MapValueToKey("Features", nameof(Row.Words)))
        .Fit(mlContext.Data.LoadFromEnumerable(rows)).Transform(mlContext.Data.LoadFromEnumerable(rows));
    TranslationModelParameters model = mlContext.Sequences().Translation.Trainers.Gru(options: new()
    {
        HiddenSize = 24,
        EmbeddingSize = 16,
        InputFeeding = true,
        NumberOfEpochs = 12,
        BatchSize = 16,
        LearningRate = 0.003f,
        Dropout = 0.2f,
        LabelSmoothing = 0.1f,
        ValidationFraction = 0.2,
        SelectBy = TranslationSelection.SequenceErrorRate,
        EarlyStoppingPatience = 12,
        Seed = 1,
        CheckpointPath = args[0],
        Progress = new EpochLines(),
    }).Fit(pairs).Model;
    return (model.Network.Save, model.History);
}

internal sealed class Row
{
    [VectorType]
    public float[] Readings { get; set; } = [];

    public bool Label { get; set; }

    public string[] Words { get; set; } = [];
}

internal sealed class EpochLines : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value)
    {
        if (value.Batch == value.NumberOfBatches && value.Ended is null)
            Console.WriteLine("learned");
    }
}
