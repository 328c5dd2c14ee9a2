using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace SequenceModels.Tests.Trainers;

/// <summary>Weights of rows whose every step has a label: those of taggers and language models.</summary>
public class StepWeightTests
{
    private static readonly uint[][] s_tokens = [[1, 2, 3, 1], [3, 3, 2], [2, 1, 2, 2, 3], [1, 3]];
    private static readonly uint[][] s_labels = [[1, 2, 2, 1], [2, 1, 2], [1, 1, 2, 1, 2], [2, 1]];

    /// <summary>Each row once, with a weight; and as often as its weight says.</summary>
    private static readonly float[] s_weights = [1, 2, 0, 3];
    private static readonly int[] s_copies = [0, 1, 1, 3, 3, 3];

    private readonly MLContext _ml = new(1);

    public static TheoryData<string> Tasks => ["softmax", "CRF", "language model"];

    [Theory, MemberData(nameof(Tasks))]
    public void A_row_counts_in_training_as_often_as_its_weight_says(string task)
    {
        double[] weighted = Losses(task, Weighted(s_weights), validation: null),
            copied = Losses(task, Copied(), validation: null);
        Assert.Equal(copied.Length, weighted.Length);
        Assert.All(copied.Zip(weighted), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        Assert.True(Math.Abs(weighted[^1] - Losses(task, Weighted([1, 1, 1, 1]), validation: null)[^1]) > 1e-3,
            "the weights do nothing");
    }

    [Theory, MemberData(nameof(Tasks))]
    public void A_row_counts_in_validation_as_often_as_its_weight_says(string task)
    {
        IDataView train = Weighted([1, 1, 1, 1]);
        double[] weighted = Losses(task, train, Weighted(s_weights)), copied = Losses(task, train, Copied());
        Assert.All(copied.Zip(weighted), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        Assert.True(Math.Abs(weighted[0] - Losses(task, train, train)[0]) > 1e-4, "the weights do nothing");
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Weights_that_are_none_are_refused(string task)
    {
        Refuses(task, Weighted([1, -0.5f, 1, 1]),
            "Column 'Weight', row 1 (counted from 0): the value is -0.5. A weight must be a number of at least 0.");
        Refuses(task, Weighted([1, 1, float.NaN, 1]),
            "Column 'Weight', row 2 (counted from 0): the value is NaN. A weight must be a number of at least 0.");
        Refuses(task, Weighted([0, 0, 0, 0]), "Column 'Weight': every weight is 0, so that no row of the training data counts.");
        IDataView train = Weighted([1, 1, 1, 1]);
        Refuses(task, train,
            "The validation set cannot be measured on. Column 'Weight': every weight is 0, so that no row of the validation " +
            "data counts.",
            Weighted([0, 0, 0, 0]));
        IDataView without = _ml.Transforms.DropColumns("Weight").Fit(train).Transform(train);
        Refuses(task, without, "There is no column 'Weight'.");
        Refuses(task, train, "The validation set does not fit the training set. There is no column 'Weight'.", without);
        Refuses(task, _ml.Transforms.CopyColumns("Weight", "Label").Fit(without).Transform(without),
            "but must be a Single weight");
    }

    [Fact]
    public void Tags_of_rows_without_weight_are_no_classes_to_be_learned() =>
        Refuses("softmax", new TestView(TestColumn.Keys("Tokens", 3, [1, 2], [3, 1]), TestColumn.Keys("Label", 2, [1, 1], [2, 2]),
            Weights([1, 0])),
            "Column 'Label': all steps that count have the same label");

    private static TestView Weighted(float[] weights) =>
        new(TestColumn.Keys("Tokens", 3, s_tokens), TestColumn.Keys("Label", 2, s_labels), Weights(weights));

    private static TestView Copied() => new(TestColumn.Keys("Tokens", 3, [.. s_copies.Select(row => s_tokens[row])]),
        TestColumn.Keys("Label", 2, [.. s_copies.Select(row => s_labels[row])]), Weights([.. s_copies.Select(_ => 1f)]));

    private static TestColumn Weights(float[] weights) => TestColumn.Of("Weight", NumberDataViewType.Single, weights);

    /// <summary>By epochs, of the validation rows where there are some.</summary>
    private double[] Losses(string task, IDataView train, IDataView? validation) =>
        [.. Fit(task, train, validation).History.Select(epoch => epoch.Validation?.Loss ?? epoch.TrainingLoss)];

    private void Refuses(string task, IDataView train, string message, IDataView? validation = null) =>
        Assert.Contains(message, Assert.ThrowsAny<Exception>(() => Fit(task, train, validation)).Message,
            StringComparison.Ordinal);

    /// <summary>All rows are one batch, read whole: so nothing but the weights can differ.</summary>
    private SequenceModelParameters Fit(string task, IDataView train, IDataView? validation) => task == "language model"
        ? _ml.Sequences().LanguageModeling.Trainers.Gru("Tokens", new LanguageModelOptions
        {
            HiddenSize = 6, EmbeddingSize = 4, NumberOfEpochs = 5, BatchSize = 100, LearningRate = 0.05f,
            TruncatedBackpropagationSteps = 1000,
            NumberOfThreads = 1, Seed = 1,
        }, "Weight").Fit(train, validation).Model
        : _ml.Sequences().Tagging.Trainers.Gru("Label", ["Tokens"], new TaggingOptions
        {
            HiddenSize = 6, EmbeddingSize = 4, NumberOfEpochs = 5, BatchSize = 100, LearningRate = 0.05f,
            NumberOfThreads = 1, Seed = 1,
            TagDecoding = task == "CRF" ? TagDecoding.Crf : TagDecoding.Softmax,
        }, "Weight").Fit(train, validation).Model;
}
