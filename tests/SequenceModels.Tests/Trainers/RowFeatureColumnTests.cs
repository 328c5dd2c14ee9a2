using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Reports;
using Xunit;
using static System.FormattableString;

namespace SequenceModels.Tests.Trainers;

/// <summary>What a row has beside its sequence, through ML.NET's columns.</summary>
public class RowFeatureColumnTests
{
    private const string Beside = "Beside";

    private static readonly SequenceTrainerOptions s_options = Examples.Glance with { RowFeatureColumnName = Beside };

    private readonly MLContext _ml = new(1);

    /// <summary>The order of the words is half of the answer; the number that stands beside them is the other.</summary>
    [Fact]
    public void Text_and_table_together_tell_what_neither_tells_alone()
    {
        IDataView train = Rows(seed: 7), test = Rows(seed: 8);
        Assert.InRange(Accuracy(nameof(Example.Weight)), 0.95, 1);
        Assert.InRange(Accuracy(null), 0, 0.8);

        double Accuracy(string? beside) => _ml.MulticlassClassification.Evaluate(
            _ml.TopicPipeline(Examples.Quick with { NumberOfEpochs = 40, RowFeatureColumnName = beside }).Fit(train)
                .Transform(test)).MicroAccuracy;

        IDataView Rows(int seed)
        {
            List<Example> rows = Examples.Make(300, seed);
            foreach (Example row in rows)
            {
                row.Weight = row.RowNumber % 3 == 0 ? 1 : -1;
                row.Topic = (row.Positive ? "up" : "down") + (row.Weight > 0 ? "first" : "second");
            }
            return _ml.Data.LoadFromEnumerable(rows);
        }
    }

    [Fact]
    public void What_FeaturizeText_makes_of_a_text_goes_in_as_it_is()
    {
        IDataView data = _ml.View(60);
        IEstimator<ITransformer> features = _ml.Transforms.Text.FeaturizeText(Beside, nameof(Example.Text));
        TransformerChain<SequencePredictionTransformer> model = features.Append(_ml.Tokens())
            .Append(_ml.BinaryClassification.Trainers.Lstm(nameof(Example.Positive), options: s_options)).Fit(data);
        Assert.Equal(Beside, model.LastTransformer.RowFeatureColumnName);
        Assert.True(model.LastTransformer.Model.Network.RowFeatureSize > 40);
    }

    /// <summary>Zeros count nothing, whether they are given or left out.</summary>
    [Theory]
    [InlineData("LSTM")]
    [InlineData("GRU")]
    [InlineData("RNN")]
    public void Sparse_and_dense_vectors_are_the_same_bits_and_so_are_any_threads_and_memory(string cell)
    {
        float[] expected = Scores(View(), s_options);
        Assert.Equal(expected, Scores(View(sparse: true), s_options));
        Assert.Equal(expected, Scores(View(), s_options with { NumberOfThreads = 2, MaximumMemoryBytes = 1 }));
        Assert.NotEqual(expected, Scores(View(), s_options with { RowFeatureColumnName = null }));

        float[] Scores(IDataView data, SequenceTrainerOptions options) => (cell switch
        {
            "LSTM" => _ml.Regression.Trainers.Lstm("Label", "Steps", options: options),
            "GRU" => _ml.Regression.Trainers.Gru("Label", "Steps", options: options),
            _ => _ml.Regression.Trainers.Rnn("Label", "Steps", options: options),
        }).Fit(data).Scores(data);
    }

    [Fact]
    public void A_saved_model_and_a_prediction_engine_give_the_bits_of_Transform()
    {
        IDataView data = _ml.View(40);
        ITransformer model = _ml.BinaryPipeline(Examples.Glance with { RowFeatureColumnName = nameof(Example.Frames) }).Fit(data);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, data.Schema, stream);
        stream.Position = 0;
        ITransformer loaded = _ml.Model.Load(stream, out _);
        float[] scores = model.Scores(data);
        Assert.Equal(scores, loaded.Scores(data));
        using PredictionEngine<Example, BinaryPrediction> engine =
            _ml.Model.CreatePredictionEngine<Example, BinaryPrediction>(loaded);
        Assert.Equal(scores, Examples.Make(40).Select(row => engine.Predict(row).Score));
    }

    [Fact]
    public void A_model_goes_on_with_what_it_knows_of_the_row()
    {
        SequenceTrainer trainer = _ml.Regression.Trainers.Gru("Label", "Steps", options: s_options);
        SequencePredictionTransformer first = trainer.Fit(View());
        SequencePredictionTransformer second = _ml.Regression.Trainers.Gru("Label", "Steps",
            options: s_options with { LearningRate = 1e-20f }).Fit(View(), null, first.Model);
        Assert.Equal(first.Scores(View()), second.Scores(View()));
        Refuses("RowFeatureSize (0, here 3)", () => trainer.Fit(View(), null,
            _ml.Regression.Trainers.Gru("Label", "Steps", options: s_options with { RowFeatureColumnName = null }).Fit(View())
            .Model));
        Refuses("other slots of RowFeatureColumnName", () => trainer.Fit(View(names: ["b", "a", "c"]), null,
            trainer.Fit(View(names: ["a", "b", "c"])).Model));
    }

    [Fact]
    public void Another_column_than_that_of_training_is_refused()
    {
        SequenceTrainer trainer = _ml.Regression.Trainers.Gru("Label", "Steps", options: s_options);
        SequencePredictionTransformer model = trainer.Fit(View(names: ["a", "b", "c"]));
        Assert.NotEmpty(model.Scores(View(names: ["a", "b", "c"])));
        Assert.NotEmpty(model.Scores(View())); // without names nothing is known to differ
        Refuses("'Beside' has as many slots as the model was trained on, but under other names",
            () => model.Transform(View(names: ["a", "c", "b"])));
        Refuses("'Beside' has 2 numbers, but the model was trained on 3", () => model.Transform(View(size: 2)));
        Refuses("The validation set does not fit the training set. Column 'Beside' has 2 numbers",
            () => trainer.Fit(View(), View(size: 2)));
        Refuses("'Beside'", () => model.Transform(new TestView(Steps)));
        Refuses("'Beside' is VarVector<Single>, but must be a Single or a vector of Single of fixed size",
            () => trainer.Fit(new TestView(Steps, Labels, TestColumn.Numbers(Beside, [], [1], [2], [3], [4]))));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void A_number_that_is_none_is_named_with_its_row(float value)
    {
        var data = new TestView(Steps, Labels,
            TestColumn.Numbers(Beside, [3], [1, 0, 0], [0, 0, value], [0, 1, 0], [1, 1, 1]).AsSparse());
        SequenceTrainer trainer = _ml.Regression.Trainers.Gru("Label", "Steps", options: s_options);
        string message = Invariant($"Column 'Beside', row 1 (counted from 0): slot 2 is {value}");
        Refuses(message, () => trainer.Fit(data));
        SequencePredictionTransformer model = trainer.Fit(View());
        Refuses(message, () => model.Scores(data));
    }

    [Fact]
    public void The_answer_is_no_feature()
    {
        Refuses("SequenceTrainerOptions.RowFeatureColumnName is 'Label', which is the column of labels",
            () => _ml.Regression.Trainers.Gru("Label", "Steps", options: s_options with { RowFeatureColumnName = "Label" }));
        Refuses("is 'W', which is the column of weights",
            () => _ml.Regression.Trainers.Gru("Label", "Steps", "W", s_options with { RowFeatureColumnName = "W" }));
    }

    [Fact]
    public void The_report_names_them()
    {
        SequencePredictionTransformer model = _ml.Regression.Trainers.Gru("Label", "Steps", options: s_options).Fit(View());
        Assert.Contains("3 row features", ReportPage.Render(model.Model.Network, [], null), StringComparison.Ordinal);
    }

    private static TestColumn Steps => TestColumn.Numbers("Steps", [], [1, 2], [3], [2, 1, 5], []);

    private static TestColumn Labels => TestColumn.Of("Label", NumberDataViewType.Single, 1f, 3, -2, 8);

    private static TestView View(int size = 3, bool sparse = false, string[]? names = null)
    {
        TestColumn beside = TestColumn.Numbers(Beside, [size],
            [.. new[] { [1, 0, 0.5f], [0, 0, 0], [0, 2, 0], new float[] { -1, 3, 4 } }.Select(row => row[..size])]);
        if (names is not null)
        {
            var builder = new DataViewSchema.Annotations.Builder();
            builder.Add<VBuffer<ReadOnlyMemory<char>>>("SlotNames", new VectorDataViewType(TextDataViewType.Instance, size),
                (ref VBuffer<ReadOnlyMemory<char>> target) => new VBuffer<ReadOnlyMemory<char>>(size,
                    [.. names.Select(name => name.AsMemory())]).CopyTo(ref target));
            beside = beside with { Declared = new(Beside, beside.Declared.Type, builder.ToAnnotations()) };
        }
        return new TestView(Steps, Labels, sparse ? beside.AsSparse() : beside);
    }

    private static void Refuses<T>(string message, Func<T> act) =>
        Assert.Contains(message, Assert.ThrowsAny<Exception>(() => { act(); }).Message, StringComparison.Ordinal);
}
