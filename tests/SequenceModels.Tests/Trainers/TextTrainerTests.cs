using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Tests.Conformance;
using Xunit;

namespace SequenceModels.Tests.Trainers;

/// <summary>Raw texts in, predictions out.</summary>
public class TextTrainerTests
{
    private static readonly TextTrainerOptions s_glance = new()
    {
        HiddenSize = 8, EmbeddingSize = 8, NumberOfEpochs = 2, BatchSize = 8, Seed = 1, NumberOfThreads = 2,
    };

    private readonly MLContext _ml = new(1);

    [Fact]
    public void Both_classes_are_learned_without_an_option_and_a_text_is_predicted_by_an_engine()
    {
        IDataView rows = _ml.View(400);
        SequencePredictionTransformer model =
            _ml.BinaryClassification.Trainers.TextLstm(nameof(Example.Positive)).Fit(rows);
        Assert.True(_ml.BinaryClassification.Evaluate(model.Transform(_ml.View(200, seed: 5)), nameof(Example.Positive))
            .Accuracy > 0.95);
        PredictionEngine<Example, BinaryPrediction> engine = _ml.Model.CreatePredictionEngine<Example, BinaryPrediction>(model);
        Assert.True(engine.Predict(new Example { Text = "sport up and down" }).PredictedLabel);
        Assert.False(engine.Predict(new Example { Text = "sport down and up" }).PredictedLabel);
        Assert.True(float.IsFinite(engine.Predict(new Example { Text = "" }).Score));
    }

    [Fact]
    public void Every_task_and_cell_gives_the_same_bits_saved_one_by_one_and_on_any_number_of_threads()
    {
        IDataView data = _ml.Transforms.Conversion.MapValueToKey("Label", nameof(Example.Topic)).Fit(_ml.View(40))
            .Transform(_ml.View(40));
        foreach (Func<TextTrainerOptions, SequenceTrainer> create in new Func<TextTrainerOptions, SequenceTrainer>[]
        {
            options => _ml.BinaryClassification.Trainers.TextLstm(nameof(Example.Positive), options: options),
            options => _ml.BinaryClassification.Trainers
                .TextGru(nameof(Example.Positive), "Text", nameof(Example.Weight), options),
            options => _ml.MulticlassClassification.Trainers.TextLstm(options: options),
            options => _ml.MulticlassClassification.Trainers.TextGru(options: options),
            options => _ml.Regression.Trainers.TextLstm(nameof(Example.Sum), options: options),
            options => _ml.Regression.Trainers.TextGru(nameof(Example.Sum), options: options),
        })
        {
            SequencePredictionTransformer model = create(s_glance).Fit(data);
            Assert.Equal(("Text", (DataViewType)TextDataViewType.Instance), (model.FeatureColumnName, model.FeatureColumnType));
            using var stream = new MemoryStream();
            _ml.Model.Save(model, data.Schema, stream);
            stream.Position = 0;
            string[] scores = Bits(model, data);
            Assert.Equal(scores, Bits(_ml.Model.Load(stream, out _), data));
            Assert.Equal(scores, Bits(create(s_glance with { NumberOfThreads = 1 }).Fit(data), data));
            Assert.Equal(scores, Enumerable.Range(0, 40)
                .SelectMany(row => Bits(model, _ml.Data.TakeRows(row == 0 ? data : _ml.Data.SkipRows(data, row), 1))));
        }
    }

    [Theory]
    [InlineData("Any words that nobody knows")]
    [InlineData("")]
    [InlineData("  \t ")]
    [InlineData("\uD83D\uDE00\uD83D\uDE00 \uD800")]
    [InlineData("\uBC30\uC1A1\uC774 \uBE68\uB77C\uC694")]
    public void Any_text_has_a_score(string text)
    {
        SequencePredictionTransformer model =
            _ml.BinaryClassification.Trainers.TextGru(nameof(Example.Positive), options: s_glance).Fit(_ml.View(20));
        IDataView scored = model.Transform(_ml.Data.LoadFromEnumerable([new Example { Text = text }]));
        Assert.True(float.IsFinite(scored.GetColumn<float>("Score").Single()));
    }

    /// <summary>The rows' words are all different, so that words tell nothing of other rows.</summary>
    [Fact]
    public void Texts_without_spaces_and_words_that_occur_once_are_read_by_their_characters()
    {
        var random = new Random(3);
        foreach (char first in "a\u4E00")
        {
            Example[] rows = [.. Enumerable.Range(0, 200).Select(i =>
            {
                char[] letters = [.. Enumerable.Range(0, 12).Select(_ => (char)(first + random.Next(20)))];
                return new Example { Text = new string(letters), Positive = letters.AsSpan().Contains(first) };
            })];
            IDataView data = _ml.Data.LoadFromEnumerable(rows);
            Assert.Equal(SequenceTokenization.Characters().Kind, TokenKindOf(
                _ml.BinaryClassification.Trainers.TextLstm(nameof(Example.Positive), options: s_glance).Fit(data)));
            TextTrainerOptions subwords = s_glance with { Tokenization = SequenceTokenization.Subwords(300) };
            Assert.Equal(SequenceTokenization.Subwords().Kind, TokenKindOf(
                _ml.BinaryClassification.Trainers.TextLstm(nameof(Example.Positive), options: subwords).Fit(data)));
        }
        Assert.Equal(SequenceTokenization.Words().Kind, TokenKindOf(
            _ml.BinaryClassification.Trainers.TextLstm(nameof(Example.Positive), options: s_glance).Fit(_ml.View(40))));

        static object TokenKindOf(SequencePredictionTransformer model) => model.Model.Text!.Tokenizer.Tokenization.Kind;
    }

    /// <summary>The texts say nothing: what is learned is in the column beside them.</summary>
    [Fact]
    public void A_column_of_numbers_is_read_beside_the_text()
    {
        Example[] rows = [.. Enumerable.Range(0, 200).Select(i => new Example
        {
            Text = $"order {i % 7}", RowNumber = i % 2 == 0 ? 1 : -1, Positive = i % 2 == 0,
        })];
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        double Accuracy(string? beside, int ngrams) => _ml.BinaryClassification.Evaluate(_ml.BinaryClassification.Trainers
            .TextGru(nameof(Example.Positive), options: s_glance with
            {
                RowFeatureColumnName = beside,
                NumberOfEpochs = 40,
                LearningRate = 0.02f,
                MaximumNGrams = ngrams,
            }).Fit(data).Transform(data), nameof(Example.Positive)).Accuracy;
        Assert.True(Accuracy(nameof(Example.RowNumber), 1000) > 0.95);
        Assert.True(Accuracy(nameof(Example.RowNumber), 0) > 0.95);
        Assert.True(Accuracy(null, 1000) < 0.75);
    }

    [Fact]
    public void A_model_goes_on_with_its_tokens_and_ngrams()
    {
        SequenceTrainer trainer = _ml.BinaryClassification.Trainers.TextLstm(nameof(Example.Positive), options: s_glance);
        SequencePredictionTransformer first = trainer.Fit(_ml.View(40));
        SequencePredictionTransformer more = trainer.Fit(_ml.View(40, seed: 9), _ml.View(20), first.Model);
        Assert.Same(first.Model.Text, more.Model.Text);
        Assert.NotEqual(Bits(first, _ml.View(40)), Bits(more, _ml.View(40)));
    }

    /// <summary>As many words, but others: the language model's vectors are not those of these texts.</summary>
    [Fact]
    public void A_language_model_of_the_same_words_is_taken_and_one_of_others_refused()
    {
        TextTrainerOptions options = s_glance with { Bidirectional = false };
        SequenceTrainer trainer = _ml.BinaryClassification.Trainers.TextLstm(nameof(Example.Positive), options: options);
        Assert.NotNull(trainer.Fit(_ml.View(40), null, LanguageModel(_ml.View(40))));
        IDataView others = _ml.Data.LoadFromEnumerable(_ml.Data.CreateEnumerable<Example>(_ml.View(40), reuseRowObject: false)
            .Select(row => new Example { Text = row.Text.Replace("up", "north", StringComparison.Ordinal) }).ToList());
        Assert.Contains("another vocabulary", Assert.Throws<ArgumentException>(() =>
            trainer.Fit(_ml.View(40), null, LanguageModel(others))).Message, StringComparison.Ordinal);

        SequenceModelParameters LanguageModel(IDataView rows) => _ml.Sequences().LanguageModeling.Trainers.Lstm("Tokens", new()
        {
            HiddenSize = 8, EmbeddingSize = 8, NumberOfEpochs = 1, Seed = 1,
        }).Fit(_ml.Transforms.Text.TokenizeIntoSequence("Tokens", "Text", SequenceTokenization.Words()).Fit(rows).Transform(rows))
            .Model;
    }

    [Fact]
    public void Its_states_are_vectors_of_texts()
    {
        IDataView data = _ml.View(20);
        SequencePredictionTransformer model =
            _ml.BinaryClassification.Trainers.TextLstm(nameof(Example.Positive), options: s_glance).Fit(data);
        IDataView vectors = _ml.Sequences().Featurize("Vector", model).Fit(data).Transform(data);
        Assert.All(vectors.GetColumn<float[]>("Vector"), vector => Assert.Equal(16, vector.Length));
    }

    /// <summary>N-grams and tokens together: what is shared out is the whole score.</summary>
    [Theory]
    [InlineData("sport up and down", null)]
    [InlineData("sport down  and up", nameof(Example.RowNumber))]
    [InlineData("", null)]
    [InlineData(" ... \uD83D\uDE00", nameof(Example.RowNumber))]
    public void Shares_of_tokens_add_up_to_the_score(string text, string? beside)
    {
        SequencePredictionTransformer model = _ml.BinaryClassification.Trainers.TextLstm(nameof(Example.Positive),
            options: s_glance with { RowFeatureColumnName = beside, NumberOfEpochs = 20 }).Fit(_ml.View(100));
        IDataView row = _ml.Data.LoadFromEnumerable([new Example { Text = text, RowNumber = 3 }]);
        RowExplanation explanation = _ml.Sequences().Explain(model).Explain(row).Single();
        double difference = explanation.Score - explanation.BaselineScore;
        Assert.Equal(difference, explanation.Shares.Sum() + explanation.RowFeatureShare,
            Math.Max(1e-4, 0.01 * Math.Abs(difference)));
        Assert.Equal(beside is null, explanation.RowFeatureShare == 0);
        if (text.StartsWith("sport", StringComparison.Ordinal))
            Assert.Equal(text.Split(' ', StringSplitOptions.RemoveEmptyEntries), explanation.Tokens);
    }

    [Fact]
    public void Errors_name_the_column_and_the_mend()
    {
        Assert.Contains("'Nothing'", Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.BinaryClassification.Trainers.TextLstm(nameof(Example.Positive), "Nothing").Fit(_ml.View(5))).Message,
            StringComparison.Ordinal);
        Assert.Contains("must be a text", Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.BinaryClassification.Trainers.TextLstm(nameof(Example.Positive), nameof(Example.Readings)).Fit(_ml.View(5)))
            .Message, StringComparison.Ordinal);
        Assert.Contains("no text of the training data has a token", Assert.Throws<InvalidOperationException>(() =>
            _ml.BinaryClassification.Trainers.TextLstm(nameof(Example.Positive)).Fit(_ml.Data.LoadFromEnumerable(
                new Example[] { new() { Positive = true }, new() }))).Message, StringComparison.Ordinal);
        Assert.Contains("TextLstm and TextGru", Assert.Throws<ArgumentException>(() =>
            _ml.BinaryClassification.Trainers.Lstm(nameof(Example.Positive), options: s_glance)).Message,
            StringComparison.Ordinal);
    }

    private static string[] Bits(ITransformer model, IDataView data)
    {
        IDataView scored = model.Transform(data);
        return scored.Schema["Score"].Type is VectorDataViewType
            ? [.. scored.GetColumn<float[]>("Score").Select(row => string.Join(' ', row.Select(BitConverter.SingleToInt32Bits)))]
            : [.. scored.GetColumn<float>("Score").Select(score => $"{BitConverter.SingleToInt32Bits(score)}")];
    }
}
