using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Kernels;

namespace SequenceModels.Tests.Pipelines;

/// <summary>
/// Thousands of made-up rows of ragged sequences, enough for several blocks, with columns of other types beside them.
/// </summary>
internal static class RaggedRows
{
    public const int Count = 4000;

    public static readonly string[] Kinds = ["keys, two classes", "one-hot steps, many classes", "frames, a number",
        "plain numbers, a number"];

    /// <summary>The columns that are passed through.</summary>
    public static readonly string[] Others = ["Number", "Text", "Day", "Label", "Texts", "Sparse"];

    private static readonly SequenceTrainerOptions s_small = new()
    {
        HiddenSize = 20, EmbeddingSize = 3, NumberOfEpochs = 1, BatchSize = 8, Seed = 1, NumberOfThreads = 1,
    };

    /// <summary>A model of that kind, trained on a few rows, and all rows.</summary>
    public static (SequencePredictionTransformer Model, TestView View) Make(string kind, int count = Count)
    {
        var ml = new MLContext(1);
        string label = kind.Split(", ")[1];
        SequenceTrainer trainer = label switch
        {
            "two classes" => ml.BinaryClassification.Trainers.Lstm(options: s_small with { Bidirectional = true }),
            "many classes" => ml.MulticlassClassification.Trainers.Gru(options: s_small with { Pooling = SequencePooling.Max }),
            _ => ml.Regression.Trainers.Rnn(options: s_small with { FrameScaling = FrameScaling.Standard }),
        };
        return (trainer.Fit(View(kind, 50)), View(kind, count));
    }

    public static string[] Outputs(this SequencePredictionTransformer model, TestView view) =>
        [.. model.GetOutputSchema(view.Schema).Select(column => column.Name).Except(view.Schema.Select(column => column.Name))];

    private static TestView View(string kind, int count)
    {
        var random = new Random(3);
        int[] lengths = [.. Enumerable.Range(0, count).Select(row => row % 200 == 150 ? random.Next(5000) : random.Next(14))];
        string steps = kind.Split(", ")[0], label = kind.Split(", ")[1];
        TestColumn features = steps switch
        {
            "keys" => TestColumn.Keys("Features", 9, Rows(length => Fill(length, () => (uint)random.Next(10)))),
            "one-hot steps" => TestColumn.Numbers("Features", [0, 4], Rows(length => OneHot(length, random))).AsOneHot()
            .AsSparse(),
            "frames" => TestColumn.Numbers("Features", [0, 3], Rows(length => Fill(3 * length, random.NextSingle))),
            _ => TestColumn.Numbers("Features", [], Rows(length => Fill(length, random.NextSingle))),
        };
        int[] numbers = [.. Enumerable.Range(0, count)];
        TestColumn labels = label switch
        {
            "two classes" => TestColumn.Of("Label", BooleanDataViewType.Instance, Of(row => row % 3 == 0)),
            "many classes" => TestColumn.Of("Label", new KeyDataViewType(typeof(uint), 19), Of(row => (uint)row % 19 + 1)),
            _ => TestColumn.Of("Label", NumberDataViewType.Single, Of(row => row % 7 - 3f)),
        };
        return new TestView(features, labels,
            TestColumn.Of("Number", NumberDataViewType.Single, Of(row => (float)row)),
            TestColumn.Texts("Text", Of(row => $"row {row}")),
            TestColumn.Of("Day", DateTimeDataViewType.Instance, Of(row => new DateTime(2000, 1, 1).AddDays(row))),
            TestColumn.Of("Texts", new VectorDataViewType(TextDataViewType.Instance),
                TestColumn.Dense(Of(row => Fill(row % 3, () => $"{row}".AsMemory())))),
            TestColumn.Numbers("Sparse", [], Of(row => Fill(row % 5, () => row % 2 * (float)row))).AsSparse());

        T[] Of<T>(Func<int, T> value) => Array.ConvertAll(numbers, row => value(row));

        T[] Rows<T>(Func<int, T> value) => Array.ConvertAll(lengths, length => value(length));
    }

    private static T[] Fill<T>(int length, Func<T> value) => [.. Enumerable.Range(0, length).Select(_ => value())];

    private static float[] OneHot(int length, Random random)
    {
        float[] steps = new float[4 * length];
        for (int t = 0; t < length; t++)
            if (random.Next(5) is < 4 and int hot)
                steps[4 * t + hot] = 1;
        return steps;
    }
}
