using Microsoft.ML;

namespace SequenceModels.Tests.Trainers;

/// <summary>
/// A sentence of made-up words. A word's tag says whether the word before it, the word after it, both or neither is "a".
/// </summary>
internal sealed class TaggedExample
{
    public string Text { get; set; } = "";

    public string[] Words { get; set; } = [];

    public string[] Tags { get; set; } = [];

    public float Weight { get; set; } = 1;
}

internal sealed class TagPrediction
{
    public string[] PredictedTags { get; set; } = [];

    public uint[] PredictedLabel { get; set; } = [];

    public float[] Score { get; set; } = [];
}

internal static class TaggedExamples
{
    /// <summary>Small and quick to learn; with the seed fixed so that a test does not hang on luck.</summary>
    public static readonly TaggingOptions Quick = new()
    {
        HiddenSize = 16,
        EmbeddingSize = 8,
        Bidirectional = true,
        NumberOfEpochs = 12,
        BatchSize = 16,
        LearningRate = 0.02f,
        NumberOfThreads = 1,
        Seed = 3,
    };

    /// <summary>For tests that look at anything but what was learned.</summary>
    public static readonly TaggingOptions Glance = Quick with { NumberOfEpochs = 2, HiddenSize = 8 };

    /// <summary>Sentences of 1 to 9 words.</summary>
    public static List<TaggedExample> Make(int count, int seed = 7)
    {
        var random = new Random(seed);
        string[] words = ["a", "b", "c", "d"];
        return [.. Enumerable.Range(0, count)
            .Select(_ => Of([.. Enumerable.Range(0, random.Next(1, 10)).Select(_ => words[random.Next(4)])]))];
    }

    public static TaggedExample Of(params string[] words) => new()
    {
        Text = string.Join(' ', words),
        Words = words,
        Tags = [.. words.Select((_, t) => (t > 0 && words[t - 1] == "a", t + 1 < words.Length && words[t + 1] == "a") switch
        {
            (true, true) => "both",
            (true, false) => "after",
            (false, true) => "before",
            _ => "neither",
        })],
    };

    public static IDataView TaggedView(this MLContext ml, int count, int seed = 7) =>
        ml.Data.LoadFromEnumerable(Make(count, seed));

    /// <summary>Words to Tokens and Tags to Label, both keys.</summary>
    public static IEstimator<ITransformer> TagKeys(this MLContext ml) =>
        ml.Transforms.Conversion.MapValueToKey("Label", nameof(TaggedExample.Tags))
        .Append(ml.Transforms.Conversion.MapValueToKey("Tokens", nameof(TaggedExample.Words)));

    /// <summary>Both, prepared.</summary>
    public static IDataView Prepared(this MLContext ml, int count, int seed = 7) =>
        ml.TagKeys().Fit(ml.TaggedView(200)).Transform(ml.TaggedView(count, seed));

    public static TaggingTrainer Tagger(this MLContext ml, TaggingOptions? options = null, params string[] features) =>
        ml.Sequences().Tagging.Trainers.Lstm("Label", features.Length == 0 ? ["Tokens"] : features, options ?? Quick);

    /// <summary>Words to PredictedTags, with ML.NET's own transforms before and after ours.</summary>
    public static IEstimator<ITransformer> TagPipeline(this MLContext ml, TaggingOptions? options = null) => ml.TagKeys()
        .AppendCacheCheckpoint(ml)
        .Append(ml.Tagger(options))
        .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedTags", "PredictedLabel"));

    public static List<TagPrediction> Tag(this MLContext ml, ITransformer model, IDataView data) =>
        [.. ml.Data.CreateEnumerable<TagPrediction>(model.Transform(data), reuseRowObject: false, ignoreMissingColumns: true)];

    /// <summary>Share of steps whose tag was predicted.</summary>
    public static double Accuracy(IEnumerable<(string[] Actual, string[] Predicted)> rows)
    {
        bool[] right = [.. rows.SelectMany(row => row.Actual.Zip(row.Predicted, (actual, predicted) => actual == predicted))];
        return right.Count(each => each) / (double)right.Length;
    }
}
