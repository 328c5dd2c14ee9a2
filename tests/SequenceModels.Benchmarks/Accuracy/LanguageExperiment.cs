using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceModels.Benchmarks.Accuracy;

/// <summary>Sequences to predict step by step, how to learn them, and how well it should go.</summary>
/// <param name="Name">Names the experiment on the command line; the data set's folder too.</param>
/// <param name="Mark">What the loss should be at most, in nats a step.</param>
/// <param name="On">Which rows it is measured on.</param>
/// <param name="Recipe">The settings, in words.</param>
/// <param name="Options">The settings.</param>
/// <param name="Load">
/// From the folder: the rows to learn from, to choose the epoch by and to test on, and what makes Features of them.
/// </param>
internal sealed record LanguageExperiment(string Name, double Mark, string On, string Recipe, LanguageModelOptions Options,
    Func<MLContext, string, LanguageData> Load)
{
    /// <summary>What the model is to go on from, where it writes.</summary>
    public string Prompt { get; init; } = "";

    public static IReadOnlyList<LanguageExperiment> All { get; } =
    [
        new("tiny-shakespeare", 1.48, "validation",
            "characters, the first 90% to learn from, then 5% and 5%, each one row; two LSTM layers of 256, embedding 64, " +
            "64 streams, chunks of 64 characters, variational dropout 0.2, rate 4e-3 falling along a cosine", new()
            {
                HiddenSize = 256, NumberOfLayers = 2, EmbeddingSize = 64, BatchSize = 64, TruncatedBackpropagationSteps = 64,
                    Dropout = 0.2f, VariationalDropout = true,
                LearningRate = 4e-3f, LearningRateSchedule = LearningRateSchedule.Cosine(), NumberOfEpochs = 30,
                EarlyStoppingPatience = 6,
            }, LoadText) { Prompt = "ROMEO:\n" },
        new("nottingham-music", 3.4, "test",
            "88 notes a step, LSTM 200, 8 tunes a batch, chunks of 100 steps, dropout 0.3, recurrent dropout 0.2, rate 4e-3 " +
            "falling along a cosine", new()
            {
                HiddenSize = 200, BatchSize = 8, TruncatedBackpropagationSteps = 100, Dropout = 0.3f, RecurrentDropout = 0.2f,
                    LearningRate = 4e-3f,
                LearningRateSchedule = LearningRateSchedule.Cosine(), NumberOfEpochs = 30, EarlyStoppingPatience = 10,
            }, LoadMusic),
    ];

    private static LanguageData LoadText(MLContext ml, string folder)
    {
        string text = File.ReadAllText(Path.Combine(folder, "input.txt"));
        int train = text.Length / 100 * 90, validation = text.Length / 100 * 95;
        IDataView Row(Range range) => ml.Data.LoadFromEnumerable(new[] { new TextRow(text[range]) });
        IDataView learned = Row(..train);
        return new LanguageData(learned, Row(train..validation), Row(validation..),
            ml.Transforms.Text.TokenizeIntoSequence("Features", nameof(TextRow.Text), SequenceTokenization.Characters())
                .Fit(learned));
    }

    private static LanguageData LoadMusic(MLContext ml, string folder)
    {
        const int Notes = 88, Lowest = 21;
        var definition = SchemaDefinition.Create(typeof(Tune));
        definition[nameof(Tune.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 0, Notes);
        IDataView Load(string part) =>
            ml.Data.LoadFromEnumerable(File.ReadLines(Path.Combine(folder, $"nottingham-{part}.jsonl")).Select(line =>
        {
            int[][] steps = System.Text.Json.JsonSerializer.Deserialize<int[][]>(line)!;
            float[] roll = new float[steps.Length * Notes];
            for (int t = 0; t < steps.Length; t++)
                foreach (int note in steps[t])
                    roll[t * Notes + note - Lowest] = 1;
            return new Tune { Features = roll };
        }).ToList(), definition);
        return new LanguageData(Load("train"), Load("valid"), Load("test"), null);
    }

    private sealed record TextRow(string Text);

    private sealed class Tune
    {
        public float[] Features { get; set; } = [];
    }
}

/// <summary>Rows of a language experiment.</summary>
/// <param name="Train">To learn from.</param>
/// <param name="Validation">To choose the epoch by.</param>
/// <param name="Test">Seen by nothing else.</param>
/// <param name="Prepare">Makes the column Features of them; null: they have it.</param>
internal sealed record LanguageData(IDataView Train, IDataView Validation, IDataView Test, ITransformer? Prepare)
{
    public LanguageData Prepared() => Prepare is null ? this
        : new LanguageData(Prepare.Transform(Train), Prepare.Transform(Validation), Prepare.Transform(Test), null);
}
