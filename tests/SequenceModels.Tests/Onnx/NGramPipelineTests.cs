using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace SequenceModels.Tests.Onnx;

/// <summary>Trainers of raw texts, whose networks read n-grams, through ML.NET's ConvertToOnnx.</summary>
public class NGramPipelineTests
{
    private static readonly TextTrainerOptions s_options = new()
    {
        NumberOfEpochs = 3, HiddenSize = 4, EmbeddingSize = 4, BatchSize = 4, LearningRate = 0.05f, Seed = 1,
    };

    private static readonly string[] s_learned =
    [
        "Play some jazz, now!", "what's the weather like?", "JAZZ\tjazz\u00a0Jazz", "e-mail: a.b@c.de (42)", "Äpfel ÉTÉ Привет",
        "한국어 문장", "日本語のテキスト", "ok 👍🏽 👍🏽 done", "नमस्ते दुनिया", "ไทยกำลัง", "now  now now",
    ];

    private static readonly string[] s_other =
    [
        "", " ", "\t\n ", "a", "  play\u3000\u2028jazz ", "zzzz", "play zzzz jazz zzzz", "ok ok ok ok", "weather", "?!?!?",
        "한국 국어 어문",
        "xplayx", "now now now now now now now now now", "\ufeffjazz", "👍 👍🏽", "日本 本語", "Ω", "jazz jazz, JAZZ",
    ];

    private readonly MLContext _ml = new(1);

    [Theory]
    [InlineData(1 << 18)]
    [InlineData(40)]
    public void From_texts_to_classes(int most)
    {
        IDataView rows = Rows(Twice);
        ITransformer model = _ml.Transforms.Conversion.MapValueToKey("Label", nameof(Line.Kind))
            .Append(_ml.MulticlassClassification.Trainers.TextLstm(options: s_options with { MaximumNGrams = most }))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Name", "PredictedLabel")).Fit(rows);
        Assert.Empty(_ml.Sequences().ExplainOnnx(model, rows.Schema));
        using var pipeline = new ConvertedPipeline(_ml, model, rows, "Name", "Score");
        pipeline.RequireSame(Rows(s_learned.Concat(s_other)));
    }

    [Fact]
    public void Beside_numbers_of_the_row_and_by_characters()
    {
        IDataView rows = Rows(Twice);
        ITransformer model = _ml.BinaryClassification.Trainers.TextGru(nameof(Line.Good), options: s_options with
        {
            RowFeatureColumnName = nameof(Line.Numbers),
            Tokenization = SequenceTokenization.Characters(),
        }).Fit(rows);
        using var pipeline = new ConvertedPipeline(_ml, model, rows, "PredictedLabel", "Score", "Probability");
        pipeline.RequireSame(Rows(s_learned.Concat(s_other)));
    }

    [Fact]
    public void A_text_without_a_known_n_gram_stands_alone()
    {
        IDataView rows = Rows(Twice);
        ITransformer model = _ml.Regression.Trainers.TextLstm(nameof(Line.Length), options: s_options).Fit(rows);
        using var pipeline = new ConvertedPipeline(_ml, model, rows, "Score");
        foreach (string text in new[] { "", "§", "§§ §", " " })
            pipeline.RequireSame(Rows([text]));
    }

    /// <summary>The n-grams are what makes the difference: they are not left out.</summary>
    [Fact]
    public void What_n_grams_add_is_in_the_scores()
    {
        IDataView rows = Rows(Twice);
        ITransformer model = _ml.Regression.Trainers.TextLstm(nameof(Line.Length), options: s_options with
        {
            // The only token that is known, so that texts differ by n-grams alone.
            Tokenization = SequenceTokenization.Words(maximumVocabularySize: 1),
        }).Fit(rows);
        using var pipeline = new ConvertedPipeline(_ml, model, rows, "Score");
        float[] scores = [.. new[] { "weather like", "mail done" }.Select(text => pipeline.Run<float>("Score", Rows([text]))[0])];
        Assert.True(Math.Abs(scores[0] - scores[1]) > 1e-3f * Math.Abs(scores[0]));
    }

    /// <summary>Each text and one that goes on, so that its n-grams are learned.</summary>
    private static IEnumerable<string> Twice => s_learned.SelectMany(text => new[] { text, $"{text} x" });

    private IDataView Rows(IEnumerable<string> texts) => _ml.Data.LoadFromEnumerable(texts.Select((text, i) => new Line
    {
        Text = text, Kind = $"{text.Length % 3}", Good = text.Length % 2 == 0, Length = text.Length, Numbers = [i % 3, i % 5],
    }));

    private sealed class Line
    {
        public string Text { get; set; } = "";

        public string Kind { get; set; } = "";

        public bool Good { get; set; }

        public float Length { get; set; }

        [VectorType(2)]
        public float[] Numbers { get; set; } = [];
    }
}
