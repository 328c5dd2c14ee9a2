// consumer train model.zip    trains on a few sentences, saves the model and prints its scores
// consumer spread model.zip   trains likewise by all processes that mpirun has started, and prints the scores of one
// consumer score model.zip    loads the model in a process that has touched no type of SequenceModels, and prints the scores
// consumer listen model.zip   saves a pipeline of sound, of the package SequenceModels.Audio, and prints frames that it makes
// consumer hear model.zip     loads it in a process that has touched no type of it, and prints the frames
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels;

if (args is not ["train" or "spread" or "score" or "listen" or "hear", string path])
{
    Console.Error.WriteLine("consumer train|spread|score|listen|hear model.zip");
    return 1;
}

var ml = new MLContext(seed: 1);
if (args[0] is "listen" or "hear")
{
    ITransformer frames = args[0] == "listen" ? Listen(ml, path) : ml.Model.Load(path, out _);
    IDataView heard = frames.Transform(ml.Data.LoadFromEnumerable(Sounds()));
    foreach (float[] numbers in heard.GetColumn<float[]>("Frames"))
        Console.WriteLine(string.Join(' ', numbers.Select(number => BitConverter.SingleToUInt32Bits(number).ToString("X8"))));
    return 0;
}
IProcessGroup? processes = args[0] == "spread" ? MpiTraining.World() : null;
ITransformer model = args[0] is "train" or "spread" ? Train(ml, path, processes) : ml.Model.Load(path, out _);
if (processes is { Rank: > 0 })
    return 0;
IDataView scored = model.Transform(ml.Data.LoadFromEnumerable(Sentences()));
foreach (float[] scores in scored.GetColumn<float[]>("Score"))
    Console.WriteLine(string.Join(' ', scores.Select(score => BitConverter.SingleToUInt32Bits(score).ToString("X8"))));
return 0;

static ITransformer Train(MLContext ml, string path, IProcessGroup? processes)
{
    IDataView data = ml.Data.LoadFromEnumerable(Sentences());
    var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(ml.Transforms.Text.TokenizeIntoSequence("Features", "Text"))
        .Append(ml.MulticlassClassification.Trainers.Lstm(options: new()
        {
            HiddenSize = 16,
            EmbeddingSize = 8,
            NumberOfEpochs = 5,
            Distribution = processes,
        }))
        .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
    ITransformer model = pipeline.Fit(data);
    if (processes is null or { Rank: 0 })
        ml.Model.Save(model, data.Schema, path);
    return model;
}

static ITransformer Listen(MLContext ml, string path)
{
    IDataView data = ml.Data.LoadFromEnumerable(Sounds());
    ITransformer model = ml.Transforms.LogMelFrames("Frames", "Samples", new() { SampleRate = 8000 }).Fit(data);
    ml.Model.Save(model, data.Schema, path);
    return model;
}

static Sound[] Sounds() => [new([.. Enumerable.Range(0, 800).Select(i => MathF.Sin(i * i * 1e-3f) / 2)])];

static Sentence[] Sentences() =>
[
    new("what a lovely day", "good"), new("I loved it", "good"), new("so good, go and see it", "good"),
    new("what a dreadful day", "bad"), new("I hated every minute", "bad"), new("so bad, stay at home", "bad"),
    new("it was a day", "neither"), new("we went, and we came back", "neither"), new("", "neither"),
];

internal sealed record Sound(float[] Samples);

internal sealed record Sentence(string Text, string Label);
