using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceModels.Tests.Trainers;

/// <summary>
/// A row of the made-up tasks: the order of the words decides <see cref="Positive"/>, so that counting words cannot.
/// </summary>
internal sealed class Example
{
    /// <summary>A topic word, then "up" and "down" in either order among other words.</summary>
    public string Text { get; set; } = "";

    /// <summary>The topic word.</summary>
    public string Topic { get; set; } = "";

    /// <summary>Whether "up" comes before "down".</summary>
    public bool Positive { get; set; }

    /// <summary>2 to 5 numbers.</summary>
    [VectorType]
    public float[] Readings { get; set; } = [];

    /// <summary>The sum of the readings.</summary>
    public float Sum { get; set; }

    /// <summary>3 frames of 2 numbers, flat.</summary>
    [VectorType(6)]
    public float[] Frames { get; set; } = [];

    /// <summary>The second number of the last frame.</summary>
    public float LastOfFrames { get; set; }

    public float Weight { get; set; } = 1;

    public float RowNumber { get; set; }
}

internal sealed class BinaryPrediction
{
    public bool PredictedLabel { get; set; }

    public float Score { get; set; }

    public float Probability { get; set; }
}

internal sealed class TopicPrediction
{
    public string PredictedTopic { get; set; } = "";

    public float[] Score { get; set; } = [];
}

internal static class Examples
{
    public static readonly string[] Topics = ["red", "green", "blue"];

    /// <summary>Small and quick to learn; with the seed fixed so that a test does not hang on luck.</summary>
    public static readonly SequenceTrainerOptions Quick = new()
    {
        Pooling = SequencePooling.Last,
        Dropout = 0,
        WordDropout = 0,
        EmbeddingDeviation = 1,
        LearningRateSchedule = LearningRateSchedule.Constant,
        FrameScaling = FrameScaling.None,
        FrameStacking = 1,
        HiddenSize = 16,
        EmbeddingSize = 8,
        NumberOfEpochs = 20,
        BatchSize = 16,
        LearningRate = 0.02f,
        NumberOfThreads = 1,
        Seed = 3,
    };

    /// <summary>For tests that look at anything but what was learned.</summary>
    public static readonly SequenceTrainerOptions Glance = Quick with { NumberOfEpochs = 2, HiddenSize = 8 };

    public static List<Example> Make(int count, int seed = 7)
    {
        var random = new Random(seed);
        string[] others = ["x", "y", "z", "w"];
        var rows = new List<Example>();
        for (int row = 0; row < count; row++)
        {
            bool positive = random.Next(2) == 0;
            string topic = Topics[random.Next(3)];
            List<string> words = [topic, .. Some(), positive ? "up" : "down", .. Some(), positive ? "down" : "up"];
            float[] readings = [.. Enumerable.Range(0, random.Next(2, 6)).Select(_ => random.NextSingle())];
            float[] frames = [.. Enumerable.Range(0, 6).Select(_ => random.NextSingle())];
            rows.Add(new Example
            {
                Text = string.Join(' ', words),
                Topic = topic,
                Positive = positive,
                Readings = readings,
                Sum = readings.Sum(),
                Frames = frames,
                LastOfFrames = frames[5],
                RowNumber = row,
            });
        }
        return rows;

        IEnumerable<string> Some() => Enumerable.Range(0, random.Next(3)).Select(_ => others[random.Next(others.Length)]);
    }

    /// <summary>Reads <see cref="Example.Frames"/> as 3 frames of 2 numbers instead of 6 plain ones.</summary>
    public static readonly SchemaDefinition Framed = Dimensions<Example>(nameof(Example.Frames), 3, 2);

    /// <summary>A definition that gives one column of numbers its dimensions; 0 stands for any length.</summary>
    public static SchemaDefinition Dimensions<TRow>(string column, params int[] dimensions)
    {
        var definition = SchemaDefinition.Create(typeof(TRow));
        definition[column].ColumnType = new VectorDataViewType(NumberDataViewType.Single, dimensions);
        return definition;
    }

    public static IDataView View(this MLContext ml, int count, int seed = 7) => ml.Data.LoadFromEnumerable(Make(count, seed));

    public static IEstimator<ITransformer> Tokens(this MLContext ml) =>
        ml.Transforms.Text.TokenizeIntoSequence("Features", nameof(Example.Text));

    /// <summary>Text to Positive.</summary>
    public static EstimatorChain<SequencePredictionTransformer> BinaryPipeline(this MLContext ml,
        SequenceTrainerOptions? options = null) =>
        ml.Tokens().Append(ml.BinaryClassification.Trainers.Lstm(nameof(Example.Positive), options: options ?? Quick));

    /// <summary>Text to PredictedTopic, with ML.NET's own transforms before and after ours.</summary>
    public static IEstimator<ITransformer> TopicPipeline(this MLContext ml, SequenceTrainerOptions? options = null) =>
        ml.Transforms.Conversion.MapValueToKey("Label", nameof(Example.Topic))
            .Append(ml.Transforms.CopyColumns("Copy", nameof(Example.Text)))
            .Append(ml.Transforms.Text.TokenizeIntoSequence("Features", "Copy"))
            .AppendCacheCheckpoint(ml)
            .Append(ml.MulticlassClassification.Trainers.Gru(options: options ?? Quick))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedTopic", "PredictedLabel"));

    /// <summary>Readings to Sum.</summary>
    public static SequenceTrainer SumTrainer(this MLContext ml, SequenceTrainerOptions? options = null) =>
        ml.Regression.Trainers.Gru(nameof(Example.Sum), nameof(Example.Readings), options: options ?? Quick);

    public static byte[] Bytes(this SequenceNetwork network)
    {
        using var stream = new MemoryStream();
        network.Save(stream);
        return stream.ToArray();
    }

    public static float[] Scores(this ITransformer transformer, IDataView data) =>
        [.. transformer.Transform(data).GetColumn<float>("Score")];
}
