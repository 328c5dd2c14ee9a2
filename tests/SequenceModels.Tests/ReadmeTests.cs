using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace SequenceModels.Tests;

/// <summary>The examples of the readmes are regions of this file: compiled, run, and compared with what the readmes show.</summary>
public sealed partial class ReadmeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("README.md")]
    [InlineData("README.ko.md")]
    [InlineData("nuget/README.md")]
    public void The_examples_are_the_code_that_is_tested(string document)
    {
        string path = Repository.PathOf(document);
        string source = File.ReadAllText(Repository.PathOf("tests", "SequenceModels.Tests", "ReadmeTests.cs"));
        string text = File.ReadAllText(path);
        Assert.Equal(CodeBlock().Count(text), Example().Count(text));
        Approved.Compare(Example().Replace(text, example => $"{example.Groups[1]}{Region(source, example.Groups[2].Value)}\n```\n"), path);
    }

    [Fact]
    public void Text_is_classified_by_an_LSTM_in_both_directions()
    {
        string messagesFile = WriteMessages(), modelFile = Path.Combine(_folder, "intents.zip");

        // Example: text
        var ml = new MLContext(seed: 1);
        IDataView messages = ml.Data.LoadFromTextFile<Message>(messagesFile, hasHeader: true);   // Intent, Text

        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label", "Intent")
            .Append(ml.MulticlassClassification.Trainers.TextLstm())                             // reads Text as it is
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

        ITransformer model = pipeline.Fit(messages);
        ml.Model.Save(model, messages.Schema, modelFile);

        // Later, in another process:
        ITransformer loaded = ml.Model.Load(modelFile, out _);
        var engine = ml.Model.CreatePredictionEngine<Message, Answer>(loaded);
        string intent = engine.Predict(new Message { Text = "play some jazz" }).PredictedLabel;
        // End of example

        Assert.Equal("music", intent);
    }

    [Fact]
    public void Frames_are_classified_by_a_GRU()
    {
        var ml = new MLContext(seed: 1);
        IDataView steps = ml.Data.LoadFromEnumerable(Recordings());
        string networkFile = Path.Combine(_folder, "movement.network");

        // Example: frames
        // From a row for each step (Recording, Time, X, Y, Movement) to a row for each recording, with Features of dimensions [*, 2].
        IDataView frames = ml.Transforms.Concatenate("Features", "X", "Y").Fit(steps).Transform(steps);
        IDataView recordings = ml.Sequences().Group(frames, "Recording", orderColumnName: "Time", constantColumnNames: ["Movement"]);

        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label", "Movement")
            .Append(ml.MulticlassClassification.Trainers.Gru(options: new()
            {
                HiddenSize = 32,
                LearningRate = 5e-3f,
                FrameScaling = FrameScaling.Standard,
            }));

        var folds = ml.MulticlassClassification.CrossValidate(recordings, pipeline, numberOfFolds: 3);
        double accuracy = folds.Average(fold => fold.Metrics.MicroAccuracy);

        // The network can also be saved alone, and used where there is no ML.NET (package SequenceModels.Core):
        pipeline.Fit(recordings).LastTransformer.Model.Network.Save(networkFile);
        float[] probabilities = SequenceNetwork.Load(networkFile).Score([0.2f, 0.9f, 0.5f, 0.8f]);   // two frames of two numbers
        // End of example

        Assert.Equal(1, probabilities.Sum(), tolerance: 1e-5f);
        Assert.True(accuracy > 0.9, $"accuracy {accuracy}");
    }

    [Fact]
    public void A_training_is_watched_and_can_be_stopped()
    {
        var ml = new MLContext(seed: 1);
        IDataView messages = ml.Data.LoadFromTextFile<Message>(WriteMessages(), hasHeader: true);
        IDataView rows = ml.Transforms.Conversion.MapValueToKey("Label", "Intent")
            .Append(ml.Transforms.Text.TokenizeIntoSequence("Features", "Text")).Fit(messages).Transform(messages);
        string checkpointFile = Path.Combine(_folder, "intents.checkpoint"), reportFile = Path.Combine(_folder, "report.html");
        using var stop = new CancellationTokenSource();

        // Example: training
        var trainer = ml.MulticlassClassification.Trainers.Lstm(options: new()
        {
            NumberOfEpochs = 50,
            ValidationFraction = 0.1,                   // the same share of each class, drawn by the seed
            EarlyStoppingPatience = 3,                  // the model has the weights of the epoch with the smallest validation loss
            LearningRateSchedule = LearningRateSchedule.Cosine(warmupFraction: 0.1f),
            ClassWeights = ClassWeights.Balanced,
            CheckpointPath = checkpointFile,            // a killed training goes on from here, and ends with the same bits
            CancellationToken = stop.Token,
            OnCancel = OnCancel.KeepBest,               // a cancelled one gives the best model so far
        });
        SequencePredictionTransformer fitted = trainer.Fit(rows);

        foreach (TrainingEpoch epoch in fitted.Model.History)
            Console.WriteLine($"{epoch.Epoch}: loss {epoch.TrainingLoss:F3}, validation accuracy {epoch.Validation!.Accuracy:P1}");
        fitted.Model.WriteReport(reportFile);           // one page of HTML, complete in itself
        // End of example

        Assert.Equal(fitted.Model.History.MinBy(epoch => epoch.Validation!.Loss), fitted.Model.History.Single(epoch => epoch.IsSelected));
        Assert.Equal(["messages.tsv", "report.html"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order());
    }

    private string WriteMessages()
    {
        string[] verbs = ["play", "put on", "start"], music = ["jazz", "a song", "the new album", "some soul"];
        string[] asks = ["is it going to", "will it", "when does it"], weather = ["rain", "snow today", "get warm", "be windy"];
        string file = Path.Combine(_folder, "messages.tsv");
        File.WriteAllLines(file, ["Intent\tText",
            .. from verb in verbs from what in music select $"music\t{verb} {what}",
            .. from ask in asks from what in weather select $"weather\t{ask} {what}"]);
        return file;
    }

    /// <summary>Circles in either direction: the same numbers in another order.</summary>
    private static IEnumerable<Step> Recordings()
    {
        var random = new Random(1);
        for (int recording = 0; recording < 180; recording++)
        {
            double start = random.NextDouble() * Math.Tau, turn = recording % 2 == 0 ? 0.4 : -0.4;
            int steps = random.Next(8, 16);
            for (int time = 0; time < steps; time++)
                yield return new Step
                {
                    Recording = $"{recording}",
                    Time = time,
                    X = (float)Math.Cos(start + turn * time),
                    Y = (float)Math.Sin(start + turn * time),
                    Movement = turn > 0 ? "left" : "right",
                };
        }
    }

    private static string Region(string source, string name)
    {
        string[] lines = [.. source.ReplaceLineEndings("\n").Split('\n')
            .SkipWhile(line => line.Trim() != $"// Example: {name}").Skip(1)
            .TakeWhile(line => line.Trim() != "// End of example")];
        Assert.NotEmpty(lines);
        int indent = lines.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length > 0 ? line[indent..] : line));
    }

    [GeneratedRegex("^```csharp", RegexOptions.Multiline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex("(```csharp example=(.+)\n)(?:.*\n)*?```\n")]
    private static partial Regex Example();

    private sealed class Message
    {
        [LoadColumn(0)]
        public string Intent { get; set; } = "";

        [LoadColumn(1)]
        public string Text { get; set; } = "";
    }

    private sealed class Answer
    {
        public string PredictedLabel { get; set; } = "";
    }

    private sealed class Step
    {
        public string Recording { get; set; } = "";

        public float Time { get; set; }

        public float X { get; set; }

        public float Y { get; set; }

        public string Movement { get; set; } = "";
    }
}
