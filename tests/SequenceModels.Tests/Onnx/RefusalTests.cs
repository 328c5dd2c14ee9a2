using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Diagnostics;
using SequenceModels.Interop;
using SequenceModels.Tests.Trainers;
using Xunit;

namespace SequenceModels.Tests.Onnx;

/// <summary>What cannot be converted is refused by name, and told beforehand.</summary>
public class RefusalTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void A_pipeline_that_nothing_stops_has_no_obstacle()
    {
        IDataView rows = _ml.View(30);
        Assert.Empty(_ml.Sequences().ExplainOnnx(_ml.TopicPipeline(Examples.Glance).Fit(rows), rows.Schema));
    }

    [Fact]
    public void Subwords() => Refused(_ml.Transforms.Text.TokenizeIntoSequence("Features", nameof(Example.Text),
        SequenceTokenization.Subwords(300)), "SequenceTokenization.Subwords cannot be written as ONNX");

    [Fact]
    public void Tokenizers_of_the_user_s() => Refused(_ml.Transforms.Text.TokenizeIntoSequence("Features", nameof(Example.Text),
        SequenceTokenization.From(Microsoft.ML.Tokenizers.BpeTokenizer.Create(
            new Microsoft.ML.Tokenizers.BpeOptions([new("r", 0), new("e", 1), new("d", 2)])))), "SequenceTokenization.From");

    [Fact]
    public void Digits_as_one() => Refused(_ml.Transforms.Text.TokenizeIntoSequence("Features", nameof(Example.Text),
        SequenceTokenization.Words() with { NormalizeDigits = true }), "NormalizeDigits");

    [Fact]
    public void Detokenizing() => Refused(_ml.Tokens().Append(_ml.Transforms.Text.DetokenizeSequence("Back", "Features")),
        "SequenceDetokenizingTransformer cannot be written as ONNX");

    [Fact]
    public void Language_models_of_frames()
    {
        IDataView rows = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 8).Select(i =>
            new Example { Frames = [.. Enumerable.Range(0, 6).Select(k => (float)((i >> k) & 1))] }), Examples.Framed);
        Refused(_ml.Sequences().LanguageModeling.Trainers.Gru(nameof(Example.Frames),
            new() { HiddenSize = 4, NumberOfEpochs = 1, Seed = 1 }).Fit(rows), rows, "LanguageModelTransformer");
    }

    [Fact]
    public void Subwords_of_words()
    {
        IDataView rows = _ml.TaggedView(30);
        TaggingOptions options = TaggedExamples.Glance with { SubwordEmbeddingSize = 4, CharacterHiddenSize = 0 };
        Refused(_ml.TagKeys().Append(_ml.Tagger(options, "Tokens", nameof(TaggedExample.Words))).Fit(rows), rows,
            "SubwordEmbeddingSize = 0");
    }

    [Fact]
    public void Forecasts()
    {
        IDataView rows = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 40).Select(i => new Example { Sum = i % 4 }));
        Refused(_ml.Forecasting.ForecastByGru("Forecast", [nameof(Example.Sum)], 4, 1,
            new() { NumberOfEpochs = 1, HiddenSize = 4, Seed = 1 }).Fit(rows), rows,
            "A forecast depends on the rows before its own");
    }

    [Fact]
    public void Places_of_tokens_are_left_out_and_what_reads_them_is_refused()
    {
        IDataView rows = _ml.View(10);
        ITransformer model = _ml.Transforms.Text
            .TokenizeIntoSequence("Features", nameof(Example.Text), offsetsColumnName: "Places").Fit(rows);
        OnnxObstacle obstacle = Assert.Single(_ml.Sequences().ExplainOnnx(model, rows.Schema));
        Assert.Contains("Column 'Places' has the places of tokens", obstacle.Reason);
        using var pipeline = new ConvertedPipeline(_ml, model, rows, "Features");
        pipeline.RequireSame(rows);
    }

    [Fact]
    public void Opsets_older_than_the_operators()
    {
        ITransformer model = _ml.Tokens().Fit(_ml.View(10));
        Assert.Contains("OpSet version 11", Assert.ThrowsAny<ArgumentException>(() =>
            _ml.Model.ConvertToOnnx(model, _ml.View(10), 11, Stream.Null)).Message);
        _ml.Model.ConvertToOnnx(model, _ml.View(10), 12, Stream.Null);
    }

    [Fact]
    public void Parts_of_ML_NET_s()
    {
        IDataView rows = _ml.View(10);
        ITransformer model = _ml.Transforms.Text.NormalizeText("Normal", nameof(Example.Text))
            .Append(_ml.Transforms.Text.FeaturizeText("Bag", nameof(Example.Text)))
            .Append(_ml.Transforms.Conversion.MapValueToKey("Label", nameof(Example.Topic)))
            .Append(_ml.Transforms.CustomMapping<Example, BinaryPrediction>((_, to) => to.Score = 1, "Custom")).Fit(rows);
        IReadOnlyList<OnnxObstacle> obstacles = _ml.Sequences().ExplainOnnx(model, rows.Schema);
        Assert.Equal("TextNormalizingTransformer", obstacles[0].Part);
        Assert.Contains("keepDiacritics, keepPunctuations and keepNumbers true", obstacles[0].Reason);
        Assert.Contains(obstacles, obstacle => obstacle.Reason.Contains("CustomMapping", StringComparison.Ordinal));
        Assert.DoesNotContain(obstacles, obstacle => obstacle.Part.Contains("ValueToKey", StringComparison.Ordinal));
    }

    private void Refused(IEstimator<ITransformer> estimator, string message) =>
        Refused(estimator.Fit(_ml.View(30)), _ml.View(30), message);

    private void Refused(ITransformer model, IDataView rows, string message)
    {
        Assert.Contains(message, Assert.Throws<NotSupportedException>(() => ConvertedPipeline.Convert(_ml, model, rows)).Message);
        Assert.Contains(message, Assert.Single(_ml.Sequences().ExplainOnnx(model, rows.Schema)).Reason);
    }
}
