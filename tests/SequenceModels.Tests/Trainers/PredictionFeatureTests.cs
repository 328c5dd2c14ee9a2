using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace SequenceModels.Tests.Trainers;

/// <summary>Classes and numbers by several features of each step, words among them.</summary>
public class PredictionFeatureTests
{
    private readonly MLContext _ml = new(1);

    /// <summary>The label is how many steps have the key 1 together with a number above zero.</summary>
    [Fact]
    public void A_label_that_depends_on_all_features_needs_all_of_them()
    {
        TestView view = Combined(300);
        Assert.True(Error("Keys", "Numbers") < 0.3);
        Assert.True(Error("Numbers", "Keys") < 0.3);
        Assert.True(Error("Keys") > 0.5);
        Assert.True(Error("Numbers") > 0.5);

        double Error(params string[] features) => _ml.Regression.Evaluate(_ml.Regression.Trainers
            .Lstm("Label", features, options: Examples.Quick with { NumberOfEpochs = 40 }).Fit(view).Transform(view))
            .RootMeanSquaredError;
    }

    [Theory]
    [InlineData(3, 0)]
    [InlineData(0, 4)]
    [InlineData(3, 4)]
    public void Every_task_and_cell_gives_the_same_bits_saved_and_one_by_one(int ofCharacters, int ofSubwords)
    {
        IDataView data = Words();
        string[] features = ["Words", "Tokens"];
        SequenceTrainerOptions options = Examples.Glance with
        {
            CharacterHiddenSize = ofCharacters,
            SubwordEmbeddingSize = ofSubwords,
            NumberOfSubwordBuckets = 99,
            NumberOfThreads = 2,
        };
        foreach (IEstimator<SequencePredictionTransformer> trainer in new IEstimator<SequencePredictionTransformer>[]
        {
            _ml.BinaryClassification.Trainers.Rnn(nameof(Example.Positive), features, options: options),
            _ml.BinaryClassification.Trainers.Lstm(nameof(Example.Positive), features, nameof(Example.Weight), options),
            _ml.BinaryClassification.Trainers.Gru(nameof(Example.Positive), features, options: options),
            _ml.MulticlassClassification.Trainers.Rnn("Label", features, options: options),
            _ml.MulticlassClassification.Trainers.Lstm("Label", features, options: options),
            _ml.MulticlassClassification.Trainers.Gru("Label", features, options: options),
            _ml.Regression.Trainers.Rnn(nameof(Example.Sum), features, options: options),
            _ml.Regression.Trainers.Lstm(nameof(Example.Sum), features, options: options),
            _ml.Regression.Trainers.Gru(nameof(Example.Sum), features, options: options),
        })
        {
            SequencePredictionTransformer model = trainer.Fit(data);
            Assert.Equal("Words", model.FeatureColumnName);
            Assert.Equal(features, model.FeatureColumnNames);
            using var stream = new MemoryStream();
            _ml.Model.Save(model, data.Schema, stream);
            stream.Position = 0;
            string[] scores = Bits(model, data);
            Assert.Equal(scores, Bits(_ml.Model.Load(stream, out _), data));
            Assert.Equal(scores, Enumerable.Range(0, 40)
                .SelectMany(row => Bits(model, _ml.Data.TakeRows(row == 0 ? data : _ml.Data.SkipRows(data, row), 1))));
        }
    }

    [Theory]
    [InlineData(3, 0)]
    [InlineData(0, 4)]
    [InlineData(3, 4)]
    public void Words_by_their_parts_may_stand_alone_and_go_on(int ofCharacters, int ofSubwords)
    {
        IDataView data = Words();
        SequenceTrainer trainer = _ml.BinaryClassification.Trainers.Gru(nameof(Example.Positive), ["Words"],
            options: Examples.Glance with { CharacterHiddenSize = ofCharacters, SubwordEmbeddingSize = ofSubwords });
        SequencePredictionTransformer model = trainer.Fit(data);
        Assert.NotEmpty(Bits(model, data));
        SequencePredictionTransformer more = trainer.Fit(data, data, model.Model);
        Assert.Equal(ofCharacters > 0, more.Model.Characters.Count > 0);
        Assert.NotEqual(Bits(model, data), Bits(more, data));
        Assert.Contains("must be a vector of keys (byte, ushort or uint) or a vector of Single",
            Assert.Throws<ArgumentOutOfRangeException>(() => _ml.BinaryClassification.Trainers
                .Gru(nameof(Example.Positive), "Words", options: Examples.Glance).Fit(data)).Message, StringComparison.Ordinal);
    }

    /// <summary>Two columns of words, each read in both ways, between others; explained step by step, and as vectors.</summary>
    [Fact]
    public void Several_columns_of_words_keep_their_places()
    {
        IDataView data = Words();
        data = _ml.Transforms.CopyColumns("More", "Words").Fit(data).Transform(data);
        SequencePredictionTransformer model = _ml.BinaryClassification.Trainers.Lstm(nameof(Example.Positive),
            ["Words", "More", "Tokens"], options: Examples.Glance with { CharacterHiddenSize = 3, SubwordEmbeddingSize = 4 })
            .Fit(data);
        Assert.Equal(["Words", "More", "Tokens"], model.FeatureColumnNames);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, data.Schema, stream);
        stream.Position = 0;
        Assert.Equal(Bits(model, data), Bits(_ml.Model.Load(stream, out _), data));
        RowExplanation row = _ml.Sequences().Explain(model).Explain(data).First();
        Assert.Equal(row.Score - row.BaselineScore, row.Shares.Sum(share => (double)share), 1e-3);
        ITransformer featurizer = _ml.Sequences().Featurize("Vector", model).Fit(data);
        Assert.Equal(40, featurizer.Transform(data).GetColumn<float[]>("Vector").Count());
    }

    [Fact]
    public void A_model_goes_on_with_its_characters()
    {
        SequenceTrainer trainer = _ml.BinaryClassification.Trainers.Gru(nameof(Example.Positive), ["Tokens", "Words"],
            options: Examples.Glance);
        SequencePredictionTransformer first = trainer.Fit(Words());
        SequencePredictionTransformer more = trainer.Fit(Words(), Words(), first.Model);
        Assert.Equal(first.Model.Characters.Single().Characters, more.Model.Characters.Single().Characters);
        Assert.NotEqual(Bits(first, Words()), Bits(more, Words()));
    }

    [Fact]
    public void Columns_that_do_not_go_together_are_refused()
    {
        TestView good = Combined(3);
        SequenceTrainer trainer = _ml.Regression.Trainers.Gru("Label", ["Keys", "Numbers"], options: Examples.Glance);
        SequencePredictionTransformer model = trainer.Fit(good);
        var ragged = new TestView(TestColumn.Keys("Keys", 2, [1, 2], [2, 1, 1]),
            TestColumn.Numbers("Numbers", [], [1, 2], [3, 4]), TestColumn.Of("Label", NumberDataViewType.Single, 1f, 2));
        foreach (Func<object> act in new Func<object>[] { () => trainer.Fit(ragged), () => Bits(model, ragged) })
            Assert.StartsWith("Column 'Numbers', row 1 (counted from 0): it has 2 steps, but 'Keys' has 3.",
                Assert.Throws<InvalidOperationException>(act).Message, StringComparison.Ordinal);
        var others = new TestView(TestColumn.Tags("Keys", "b a", "a b"), TestColumn.Numbers("Numbers", [], [1, 2]));
        Assert.Contains("Column 'Keys' has as many keys as the model was trained on, but they stand for other values",
            Assert.Throws<ArgumentOutOfRangeException>(() => model.Transform(others)).Message, StringComparison.Ordinal);
        Assert.Contains("SequenceTrainerOptions.EmbeddingSize is 0, but where steps have several features ('Keys', 'Numbers')",
            Assert.Throws<ArgumentException>(() => _ml.Regression.Trainers.Gru("Label", ["Keys", "Numbers"],
                options: Examples.Glance with { EmbeddingSize = 0 }).Fit(good)).Message, StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => _ml.Sequences().CreateStepper(model));
        Assert.Equal("featureColumnNames", Assert.Throws<ArgumentException>(() =>
            _ml.Regression.Trainers.Gru("Label", ["Keys", "Keys"])).ParamName);
        Assert.Equal("featureColumnNames", Assert.Throws<ArgumentException>(() =>
            _ml.BinaryClassification.Trainers.Gru("Label", Array.Empty<string>())).ParamName);
        Assert.Equal("labelColumnName", Assert.Throws<ArgumentException>(() =>
            _ml.MulticlassClassification.Trainers.Gru("", ["Keys"])).ParamName);
    }

    private static TestView Combined(int count)
    {
        var random = new Random(1);
        uint[][] keys = [.. Enumerable.Range(0, count)
            .Select(_ => Enumerable.Range(0, random.Next(2, 6)).Select(_ => (uint)random.Next(1, 3)).ToArray())];
        float[][] numbers = [.. keys.Select(row => row.Select(_ => random.Next(2) * 2f - 1).ToArray())];
        return new TestView(TestColumn.Keys("Keys", 2, keys), TestColumn.Numbers("Numbers", [], numbers),
            TestColumn.Of("Label", NumberDataViewType.Single,
                [.. keys.Zip(numbers, (k, n) => (float)k.Zip(n).Count(step => step is { First: 1, Second: > 0 }))]));
    }

    private IDataView Words()
    {
        IDataView rows = _ml.View(40);
        return _ml.Transforms.Conversion.MapValueToKey("Label", nameof(Example.Topic))
            .Append(_ml.Transforms.Text.TokenizeIntoSequence("Tokens", nameof(Example.Text)))
            .Append(_ml.Transforms.Text.TokenizeIntoWords("Words", nameof(Example.Text))).Fit(rows).Transform(rows);
    }

    private static string[] Bits(ITransformer model, IDataView data) => Conformance.Rows.Of(model.Transform(data), "Score");
}
