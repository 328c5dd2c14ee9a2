using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Tests.Trainers;
using Xunit;

namespace SequenceModels.Tests.Onnx;

/// <summary>What was converted is a part of other ML.NET pipelines, by Microsoft.ML.OnnxTransformer.</summary>
public class OnnxTransformerTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void From_text_to_a_class()
    {
        IDataView rows = _ml.Data.LoadFromEnumerable(Examples.Make(40).Append(new() { Topic = "red", Frames = new float[6] })
            .Select(row => new Sentence { Text = row.Text, Topic = row.Topic }));
        ITransformer model = _ml.TopicPipeline(Examples.Glance).Fit(rows);
        (IDataView own, IDataView applied) = (model.Transform(rows), Apply(model, rows, "PredictedTopic", "Score"));
        Assert.Equal(own.GetColumn<string>("PredictedTopic"),
            applied.GetColumn<string[]>("PredictedTopic").Select(topic => topic[0]));
        foreach ((float[] expected, float[] found) in own.GetColumn<float[]>("Score").Zip(applied.GetColumn<float[]>("Score")))
            Assert.All(expected.Zip(found), score => Assert.Equal(score.First, score.Second, 1e-5));
    }

    [Fact]
    public void From_words_to_tags()
    {
        IDataView rows = _ml.TaggedView(40);
        ITransformer model = _ml.TagPipeline(TaggedExamples.Glance with { TagDecoding = TagDecoding.Crf }).Fit(rows);
        (IDataView own, IDataView applied) = (model.Transform(rows), Apply(model, rows, "PredictedLabel", "PredictedTags"));
        Assert.Equal(own.GetColumn<uint[]>("PredictedLabel"), applied.GetColumn<uint[]>("PredictedLabel"));
        Assert.Equal(own.GetColumn<string[]>("PredictedTags"), applied.GetColumn<string[]>("PredictedTags"));
    }

    private IDataView Apply(ITransformer model, IDataView rows, params string[] columns)
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.onnx");
        try
        {
            File.WriteAllBytes(path, ConvertedPipeline.Convert(_ml, model, rows, columns));
            return _ml.Transforms.ApplyOnnxModel([.. columns.Select(column => $"{column}.output")],
                [.. rows.Schema.Select(column => column.Name)], path).Fit(rows).Transform(rows);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private sealed class Sentence
    {
        public string Text { get; set; } = "";

        public string Topic { get; set; } = "";
    }
}
