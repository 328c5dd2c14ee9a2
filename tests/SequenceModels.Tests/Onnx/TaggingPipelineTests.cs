using Microsoft.ML;
using SequenceModels.Tests.Trainers;
using Xunit;

namespace SequenceModels.Tests.Onnx;

/// <summary>Taggers through ML.NET's ConvertToOnnx.</summary>
public class TaggingPipelineTests
{
    private readonly MLContext _ml = new(1);

    [Theory]
    [InlineData(TagDecoding.Softmax)]
    [InlineData(TagDecoding.Crf)]
    public void From_text_to_tags(TagDecoding decoding)
    {
        IDataView rows = _ml.TaggedView(40);
        ITransformer model = _ml.Transforms.Conversion.MapValueToKey("Label", nameof(TaggedExample.Tags))
            .Append(_ml.Transforms.Text.TokenizeIntoSequence("Tokens", nameof(TaggedExample.Text)))
            .Append(_ml.Tagger(TaggedExamples.Glance with { TagDecoding = decoding }))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedTags", "PredictedLabel")).Fit(rows);
        using var pipeline = new ConvertedPipeline(_ml, model, rows, "PredictedLabel", "PredictedTags", "Score");
        pipeline.RequireSame(_ml.Data.LoadFromEnumerable(TaggedExamples.Make(9).Append(TaggedExamples.Of())));
    }

    /// <summary>Where ML.NET's MapValueToKey makes the keys, what stands behind a row's end is an unknown word.</summary>
    [Fact]
    public void From_words_to_tags_by_their_keys_and_characters()
    {
        IDataView rows = _ml.TaggedView(40);
        ITransformer model = _ml.TagKeys().Append(_ml.Tagger(TaggedExamples.Glance with { CharacterHiddenSize = 4 },
            "Tokens", nameof(TaggedExample.Words))).Fit(rows);
        using var pipeline = new ConvertedPipeline(_ml, model, rows, "PredictedLabel", "Score");
        pipeline.RequireSame(_ml.Data.LoadFromEnumerable(TaggedExamples.Make(9).Append(TaggedExamples.Of())), together: false);
    }

    /// <summary>The guide's recipe for spans: a shape has its own vector, so that another one changes the scores.</summary>
    [Fact]
    public void Shapes_of_words_are_told_apart_as_here()
    {
        IDataView rows = _ml.TaggedView(40);
        ITransformer model = _ml.TagKeys().Append(_ml.Tagger(TaggedExamples.Glance with
        {
            WordShapes = true,
            CharacterHiddenSize = 4,
            TagDecoding = TagDecoding.Crf,
        }, "Tokens", nameof(TaggedExample.Words))).Fit(rows);
        using var pipeline = new ConvertedPipeline(_ml, model, rows, "PredictedLabel", "Score");
        string[][] words =
        [
            ["Paris", "NASA", "3-1", "2-0", "a", "A", "7", "-", "aA", "Aa7", "a7-A", "a7-AA-b", "AAAbbb77--AAb"], [""], [],
            ["Ünïcode", "ÉTÉ", "한국어", "日本語1", "١٢", "👍🏽x", "ǅ", "e\u0301t", "İx", "\u00adx", "A B", "\t"],
            ["O'Neill", "MR.", "v2.0", "iPhone12s", "", "x"],
        ];
        pipeline.RequireSame(_ml.Data.LoadFromEnumerable(TaggedExamples.Make(3)
            .Concat(words.Select(row => new TaggedExample { Words = row, Tags = [.. row.Select(_ => "O")] }))), together: false);
    }

    [Fact]
    public void Tags_that_are_learned_in_another_encoding_come_out_as_they_were_given()
    {
        string[][] tags = [["B-x", "I-x", "O"], ["O", "B-x"], ["B-y", "I-y", "B-x", "O"], ["O"]];
        IDataView rows = _ml.Data.LoadFromEnumerable(tags.Select(row => new TaggedExample
        {
            Text = string.Join(' ', row.Select((tag, t) => tag[0] + "abcd"[t].ToString())), Tags = row,
        }));
        ITransformer model = _ml.Transforms.Conversion.MapValueToKey("Label", nameof(TaggedExample.Tags))
            .Append(_ml.Transforms.Text.TokenizeIntoSequence("Tokens", nameof(TaggedExample.Text)))
            .Append(_ml.Tagger(TaggedExamples.Glance with { TagEncoding = TagEncoding.Bioes, TagDecoding = TagDecoding.Crf }))
            .Fit(rows);
        using var pipeline = new ConvertedPipeline(_ml, model, rows, "PredictedLabel", "Score");
        pipeline.RequireSame(rows);
    }
}
