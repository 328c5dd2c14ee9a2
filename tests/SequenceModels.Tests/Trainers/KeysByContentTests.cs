using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Kernels;
using SequenceModels.Reports;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Trainers;

/// <summary>A model knows what its keys stood for in training, wherever it reads them.</summary>
public class KeysByContentTests
{
    private const string OtherKeys =
        "has as many keys as the model was trained on, but they stand for other values, or for the same values in another " +
        "order. " +
        "Prepare the data with the transforms that were fitted for training.";

    private readonly MLContext _ml = new(1);

    /// <summary>The same words, whose keys go by frequency.</summary>
    private static readonly string[] s_first = ["up up down", "down up"], s_other = ["down down up", "up down"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_same_words_with_each_others_keys_are_refused(bool saved)
    {
        SequenceTokenizingTransformer tokens = Tokens(s_first), others = Tokens(s_other);
        ITransformer model = _ml.BinaryClassification.Trainers.Lstm(options: Examples.Glance)
            .Fit(tokens.Transform(Rows(s_first)));
        if (saved)
            model = SavedAndLoaded(model, tokens.Transform(Rows(s_first)));
        Assert.Equal(2, model.Scores(tokens.Transform(Rows(s_other))).Length);
        IDataView other = others.Transform(Rows(s_first));
        RefusesOther("Features", () => model.Transform(other));
        RefusesOther("Features", () => model.GetOutputSchema(other.Schema));
        RefusesOther("Features", () =>
            _ml.Model.CreatePredictionEngine<Doc, BinaryPrediction>(new TransformerChain<ITransformer>(others, model)));
        RefusesOther("Features", () => _ml.Sequences().CreateStepper(new TransformerChain<ITransformer>(others, model)));
        Assert.NotNull(_ml.Sequences().CreateStepper(new TransformerChain<ITransformer>(tokens, model)));
        Assert.NotNull(_ml.Sequences().CreateStepper(model));
    }

    /// <summary>Nothing is known of keys without names but their number; a model trained on such takes any.</summary>
    [Fact]
    public void Keys_without_names_can_only_be_counted()
    {
        SequenceTokenizingTransformer tokens = Tokens(s_first);
        var unnamed =
            new TestView(TestColumn.Of("Features", new VectorDataViewType(new KeyDataViewType(typeof(uint), 2)),
                TestColumn.Dense<uint>([[1, 2], [2]])),
            TestColumn.Of("Label", BooleanDataViewType.Instance, true, false));
        SequenceTrainer trainer = _ml.BinaryClassification.Trainers.Lstm(options: Examples.Glance);
        Assert.Equal(2, trainer.Fit(tokens.Transform(Rows(s_first))).Scores(unnamed).Length);
        Assert.Equal(2, trainer.Fit(unnamed).Scores(tokens.Transform(Rows(s_first))).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            trainer.Fit(unnamed).Transform(Tokens(["a b c", "a"]).Transform(Rows(s_first))));
    }

    [Fact]
    public void A_model_that_went_on_with_keys_without_names_still_knows_those_of_the_first()
    {
        SequenceTokenizingTransformer tokens = Tokens(s_first), others = Tokens(s_other);
        var unnamed =
            new TestView(TestColumn.Of("Features", new VectorDataViewType(new KeyDataViewType(typeof(uint), 2)),
                TestColumn.Dense<uint>([[1, 2], [2]])),
            TestColumn.Of("Label", BooleanDataViewType.Instance, true, false));
        SequenceTrainer trainer = _ml.BinaryClassification.Trainers.Lstm(options: Examples.Glance);
        SequencePredictionTransformer model = trainer.Fit(unnamed, null, trainer.Fit(tokens.Transform(Rows(s_first))).Model);
        Assert.NotNull(model.Transform(tokens.Transform(Rows(s_first))));
        RefusesOther("Features", () => model.Transform(others.Transform(Rows(s_first))));
    }

    /// <summary>What was met last is remembered; it must not be taken for what comes next.</summary>
    [Fact]
    public void Each_schema_is_compared_anew()
    {
        SequenceTokenizingTransformer tokens = Tokens(s_first), others = Tokens(s_other);
        SequencePredictionTransformer model = _ml.BinaryClassification.Trainers.Lstm(options: Examples.Glance)
            .Fit(tokens.Transform(Rows(s_first)));
        for (int round = 0; round < 2; round++)
        {
            Assert.NotNull(model.Transform(tokens.Transform(Rows(s_first))));
            Assert.NotNull(model.Transform(Tokens(s_first).Transform(Rows(s_first)))); // equal texts, other objects
            RefusesOther("Features", () => model.Transform(others.Transform(Rows(s_first))));
            RefusesOther("Features", () => model.Transform(others.Transform(Rows(s_first))));
        }
    }

    [Fact]
    public void Keys_of_numbers_are_compared_too()
    {
        IDataView Keyed(params int[] order)
        {
            IDataView rows =
                _ml.Data.LoadFromEnumerable(
                    new[] { new Codes { Numbers = order, Label = true }, new Codes { Numbers = [order[0]] } });
            return _ml.Transforms.Conversion.MapValueToKey("Features", nameof(Codes.Numbers)).Fit(rows).Transform(rows);
        }
        SequencePredictionTransformer model = _ml.BinaryClassification.Trainers.Gru(options: Examples.Glance).Fit(Keyed(7, 9));
        Assert.Equal(2, model.Scores(Keyed(7, 9)).Length);
        RefusesOther("Features", () => model.Transform(Keyed(9, 7)));
        RefusesOther("Features", () => model.Transform(Keyed(7, 8)));
    }

    [Fact]
    public void Lone_surrogates_are_names_of_their_own()
    {
        TestView Named(string first, string second) => new(TestColumn.Tags("Features", $"{first} {second}", first, second),
            TestColumn.Of("Label", BooleanDataViewType.Instance, true, false));
        SequencePredictionTransformer model = _ml.BinaryClassification.Trainers.Gru(options: Examples.Glance)
            .Fit(Named("\ud800", "x"));
        RefusesOther("Features", () => model.Transform(Named("\ud801", "x")));
        RefusesOther("Features", () => model.Transform(Named("\ud800x", "")));
    }

    [Fact]
    public void One_hot_steps_have_the_names_of_their_keys()
    {
        IDataView first = Encoded(s_first), other = Encoded(s_other);
        foreach (string trained in new[] { "Features", "Hot", "Vector" })
        {
            SequencePredictionTransformer model =
                _ml.BinaryClassification.Trainers.Gru(featureColumnName: trained, options: Examples.Glance).Fit(first);
            RefusesOther(trained, () => model.Transform(other));
            Assert.Equal(2, model.Scores(first).Length);
            // One form of the steps for another.
            IDataView renamed = _ml.Transforms.CopyColumns(trained, trained == "Hot" ? "Features" : "Hot").Fit(first)
                .Transform(first);
            Assert.Equal(model.Scores(first), model.Scores(renamed));
            IDataView wrong = _ml.Transforms.CopyColumns(trained, trained == "Hot" ? "Vector" : "Hot").Fit(other)
                .Transform(other);
            RefusesOther(trained, () => model.Transform(wrong));
        }

        IDataView Encoded(string[] texts)
        {
            IDataView data = Tokens(texts).Transform(Rows(["up down", "down up"]));
            return _ml.Transforms.PadSequence("Features", 2)
                .Append(_ml.Transforms.Categorical.OneHotSequenceEncoding("Hot", "Features"))
                .Append(_ml.Transforms.Conversion.MapKeyToVector("Vector", "Features")).Fit(data).Transform(data);
        }
    }

    [Fact]
    public void A_tagger_compares_each_of_its_features()
    {
        const string tags = "O B-x I-x";
        TestView View(string words, string shapes) =>
            new(TestColumn.Tags("Label", tags, "O B-x I-x", "B-x"), TestColumn.Tags("Words", words, "a b a", "b"),
            TestColumn.Of("Text", new VectorDataViewType(TextDataViewType.Instance),
                TestColumn.Dense([["a".AsMemory(), "b".AsMemory(), "a".AsMemory()], ["b".AsMemory()]])),
            TestColumn.Tags("Shapes", shapes, "u l u", "l"));
        TaggingTransformer model = _ml.Sequences().Tagging.Trainers.Gru("Label", ["Text", "Words", "Shapes"],
            TaggedExamples.Glance).Fit(View("a b", "u l"));
        Assert.Equal(2, model.Transform(View("a b", "u l")).GetColumn<uint[]>("PredictedLabel").Count());
        RefusesOther("Words", () => model.Transform(View("b a", "u l")));
        RefusesOther("Shapes", () => model.Transform(View("a b", "l u")));
    }

    [Fact]
    public void A_language_model_compares_them_wherever_it_reads()
    {
        SequenceTokenizingTransformer tokens = Tokens(s_first), others = Tokens(s_other), third = Tokens(["a b c"]);
        LanguageModelTransformer model =
            _ml.Sequences().LanguageModeling.Trainers.Gru("Features", LanguageModelTests.Quick with { NumberOfEpochs = 1 })
            .Fit(tokens.Transform(Rows(s_first)));
        ITransformer Chain(params ITransformer[] parts) => new TransformerChain<ITransformer>([.. parts, model]);
        LanguageModelingCatalog catalog = _ml.Sequences().LanguageModeling;
        RefusesOther("Features", () => model.Transform(others.Transform(Rows(s_first))));
        RefusesOther("Features", () => catalog.Evaluate(Rows(s_first), Chain(others)));
        RefusesOther("Features", () => catalog.CreateGenerator(Chain(others)));
        RefusesOther("Features", () => _ml.Sequences().CreateStepper(Chain(others)));
        Assert.Contains("tokens of a vocabulary of 3",
            Assert.Throws<ArgumentOutOfRangeException>(() => catalog.CreateGenerator(Chain(third))).Message);
        // What stands between, and works on other columns.
        IDataView rows = Rows(s_first);
        ITransformer between = _ml.Transforms.CopyColumns("Copy", "Label").Fit(rows),
            padding = _ml.Transforms.PadSequence("Features", 3).Fit(tokens.Transform(rows));
        Assert.NotNull(catalog.CreateGenerator(Chain(tokens, between, padding)));
        RefusesOther("Features", () => catalog.CreateGenerator(Chain(others, between, padding)));
    }

    /// <summary>The column that a model reads may be made of the tokens' in several steps.</summary>
    [Fact]
    public void Tokens_are_followed_through_all_parts_of_a_chain()
    {
        SequenceTokenizingTransformer tokens = Tokens(s_first), others = Tokens(s_other);
        IDataView data = tokens.Transform(Rows(s_first));
        var copy = _ml.Transforms.CopyColumns("Copy", "Features").Fit(data);
        var encoding = _ml.Transforms.Categorical.OneHotSequenceEncoding("Hot", "Copy").Fit(copy.Transform(data));
        IDataView made = encoding.Transform(copy.Transform(data));
        SequenceTrainer Trainer(string feature) =>
            _ml.BinaryClassification.Trainers.Gru(featureColumnName: feature, options: Examples.Glance);
        Check("Copy", Trainer("Copy").Fit(made), copy);
        Check("Hot", Trainer("Hot").Fit(made), copy, encoding);

        void Check(string feature, ITransformer model, params ITransformer[] between)
        {
            Assert.NotNull(_ml.Sequences().CreateStepper(new TransformerChain<ITransformer>([tokens, .. between, model])));
            // What was fitted on one vocabulary takes the other: there are as many.
            RefusesOther(feature, () =>
                _ml.Sequences().CreateStepper(new TransformerChain<ITransformer>([others, .. between, model])));
        }
    }

    [Fact]
    public void A_forecast_compares_what_the_slots_of_its_covariates_stand_for()
    {
        IDataView Days(params string[] weather)
        {
            IDataView rows = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 40)
                .Select(i => new Day { Sold = 5 + i % 3, Weather = weather[i % 2] }));
            return _ml.Transforms.Categorical.OneHotEncoding("Sky", nameof(Day.Weather)).Fit(rows).Transform(rows);
        }
        ForecastTransformer model = _ml.Forecasting.ForecastByGru("Forecast", [nameof(Day.Sold)], 4, 1,
            new() { HiddenSize = 4, NumberOfEpochs = 1, Seed = 1, PastColumnNames = ["Sky"] }).Fit(Days("sun", "rain"));
        Assert.NotNull(model.Transform(Days("sun", "rain")));
        RefusesOther("Sky", () => model.Transform(Days("rain", "sun")));
        RefusesOther("Sky", () => SavedAndLoaded(model, Days("sun", "rain")).Transform(Days("rain", "sun")));
    }

    private ITransformer SavedAndLoaded(ITransformer model, IDataView data)
    {
        using var file = new MemoryStream();
        _ml.Model.Save(model, data.Schema, file);
        return new MLContext().Model.Load(file, out _);
    }

    private IDataView Rows(string[] texts) =>
        _ml.Data.LoadFromEnumerable(texts.Select((text, row) => new Doc { Text = text, Label = row % 2 == 0 }));

    private SequenceTokenizingTransformer Tokens(string[] texts) =>
        _ml.Transforms.Text.TokenizeIntoSequence("Features", nameof(Doc.Text)).Fit(Rows(texts));

    private static void RefusesOther(string column, Func<object> read) =>
        Assert.StartsWith($"Column '{column}' {OtherKeys}", Assert.Throws<ArgumentOutOfRangeException>(read).Message,
            StringComparison.Ordinal);

    private sealed class Doc
    {
        public string Text { get; set; } = "";

        public bool Label { get; set; }
    }

    private sealed class Codes
    {
        public int[] Numbers { get; set; } = [];

        public bool Label { get; set; }
    }

    private sealed class Day
    {
        public float Sold { get; set; }

        public string Weather { get; set; } = "";
    }
}
