using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceModels.MpiRank;

/// <summary>A small training of each kind, by the trainers that users have.</summary>
internal sealed class Kinds(MLContext ml, Surroundings surroundings, int rows)
{
    private const int Batch = 64;

    private readonly Row[] _rows = MakeRows(rows);

    public void Train(string kind, Stream file)
    {
        Action<Stream> save = kind switch
        {
            "classifier" => Classifier(),
            "tagger" => Tagger(),
            "language" => LanguageModel(),
            "forecaster" => Forecaster(),
            "translator" => Translator(),
            "transcriber" => Transcriber(),
            "files" => Files(),
            _ => throw new ArgumentException($"{kind} is no kind."),
        };
        save(file);
    }

    private Action<Stream> Classifier() => ml.MulticlassClassification.Trainers.Lstm(options: In(new SequenceTrainerOptions
    {
        HiddenSize = surroundings.Hidden, EmbeddingSize = 8, Bidirectional = true, BatchSize = Batch, Dropout = 0.2f, WordDropout = 0.1f,
        ValidationFraction = 0.2, EarlyStoppingPatience = 10, ClassWeights = ClassWeights.Balanced, AverageWeights = 0.9f,
        Seed = 1,
    })).Fit(Keys()).Model.Network.Save;

    private Action<Stream> Files() => ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(ml.Transforms.Text.TokenizeIntoSequence("Features", nameof(FileRow.Words)))
        .Append(ml.MulticlassClassification.Trainers.Gru(options: In(new SequenceTrainerOptions
        {
            HiddenSize = 8, EmbeddingSize = 8, BatchSize = Batch, ValidationFraction = 0.2, Seed = 1,
        }))).Fit(ml.Data.CreateTextLoader<FileRow>(hasHeader: true).Load(surroundings.Files)).LastTransformer.Model.Network.Save;

    private Action<Stream> Tagger() => ml.Sequences().Tagging.Trainers.Lstm("Tags", ["Features"], In(new TaggingOptions
    {
        HiddenSize = 12, EmbeddingSize = 8, Bidirectional = true, BatchSize = Batch, TagDecoding = TagDecoding.Crf,
        CharacterEmbeddingSize = 5, ValidationFraction = 0.2, Dropout = 0.1f, Seed = 1,
    })).Fit(Keys()).Model.Network.Save;

    private Action<Stream> LanguageModel() => ml.Sequences().LanguageModeling.Trainers.Gru("Features", In(new LanguageModelOptions
    {
        HiddenSize = 16, EmbeddingSize = 16, TiedEmbeddings = true, BatchSize = Batch, TruncatedBackpropagationSteps = 4,
        Dropout = 0.1f, ValidationFraction = 0.2, EarlyStoppingPatience = 5, Seed = 1,
    })).Fit(Keys()).Model.Network.Save;

    private Action<Stream> Translator() => ml.Sequences().Translation.Trainers.Gru("Answer", "Features", In(new TranslationOptions
    {
        HiddenSize = 12, EmbeddingSize = 8, BatchSize = Batch, InputFeeding = true, ValidationFraction = 0.2,
        SelectBy = TranslationSelection.SequenceErrorRate, EarlyStoppingPatience = 5, Seed = 1,
    })).Fit(Keys()).Model.Network.Save;

    private Action<Stream> Transcriber() => ml.Sequences().Transcription.Trainers.Lstm("Answer", "Readings",
        In(new TranscriptionOptions
        {
            HiddenSize = 12, BatchSize = Batch, Bidirectional = true, ValidationFraction = 0.2, Seed = 1,
        })).Fit(Keys()).Model.Network.Save;

    private Action<Stream> Forecaster()
    {
        var steps = Enumerable.Range(0, 3 * rows).Select(t => new Step { Value = MathF.Sin(t / 5f) + t % 7 / 10f });
        return ml.Forecasting.ForecastByGru("Forecast", [nameof(Step.Value)], 12, 3, In(new ForecastOptions
        {
            HiddenSize = 8, BatchSize = Batch, ValidationFraction = 0.2, ConfidenceLowerBoundColumn = "Lower",
            ConfidenceUpperBoundColumn = "Upper", WindowsPerEpoch = 200, Seed = 1,
        })).Fit(ml.Data.LoadFromEnumerable(steps)).ForecastModel.Save;
    }

    private T In<T>(T options) where T : TrainingOptions => options with
    {
        NumberOfEpochs = surroundings.Epochs,
        NumberOfThreads = surroundings.Threads,
        CheckpointPath = surroundings.Checkpoint,
        Distribution = surroundings.Group,
        LearningRate = 0.01f,
        Progress = new Told(epoch => Console.WriteLine($"epoch {epoch} has ended")),
    };

    private IDataView Keys()
    {
        IDataView data = ml.Data.LoadFromEnumerable(_rows);
        return ml.Transforms.Conversion.MapValueToKey("Label", nameof(Row.Class))
            .Append(ml.Transforms.Conversion.MapValueToKey("Features", nameof(Row.Words)))
            .Append(ml.Transforms.Conversion.MapValueToKey("Tags", nameof(Row.Kinds)))
            .Append(ml.Transforms.Conversion.MapValueToKey("Answer", nameof(Row.Reversed)))
            .Append(ml.Transforms.ReshapeSequence("Readings", featuresPerStep: 2)).Fit(data).Transform(data);
    }

    private static Row[] MakeRows(int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            string[] words = [.. Enumerable.Range(0, random.Next(2, 9)).Select(_ => "abcdefgh"[random.Next(8)].ToString())];
            return new Row
            {
                Words = words,
                Kinds = [.. words.Select(word => word is "a" or "b" ? "B-x" : word is "c" ? "I-x" : "O")],
                Reversed = [.. words.Reverse().Take(3)],
                Readings = [.. Enumerable.Range(0, 2 * 10).Select(_ => random.NextSingle())],
                Class = words[0] == "a" ? "first" : words.Length % 2 == 0 ? "even" : "odd",
            };
        })];
    }

    private sealed class Told(Action<int> onEpoch) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Ended is { } epoch)
                onEpoch(epoch.Epoch);
        }
    }

    private sealed class Row
    {
        public string[] Words { get; set; } = [];

        public string[] Kinds { get; set; } = [];

        public string[] Reversed { get; set; } = [];

        [VectorType]
        public float[] Readings { get; set; } = [];

        public string Class { get; set; } = "";
    }

    private sealed class FileRow
    {
        [LoadColumn(0)]
        public string Label { get; set; } = "";

        [LoadColumn(1)]
        public string Words { get; set; } = "";
    }

    private sealed class Step
    {
        public float Value { get; set; }
    }
}
