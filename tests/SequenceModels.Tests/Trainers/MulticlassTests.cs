using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace SequenceModels.Tests.Trainers;

public class MulticlassTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void Evaluation_knows_the_names_of_the_classes()
    {
        ITransformer model = _ml.TopicPipeline().Fit(_ml.View(200));

        MulticlassClassificationMetrics metrics = _ml.MulticlassClassification.Evaluate(model.Transform(_ml.View(100, seed: 8)));

        Assert.True(metrics.MicroAccuracy > 0.95, $"accuracy is {metrics.MicroAccuracy}");
        Assert.All(Examples.Topics, topic => Assert.Contains(topic, metrics.ConfusionMatrix.GetFormattedConfusionTable()));
    }

    [Fact]
    public void Cross_validation_works()
    {
        var folds = _ml.MulticlassClassification.CrossValidate(_ml.View(200), _ml.TopicPipeline(), 2);
        Assert.Equal(2, folds.Count);
        Assert.All(folds, fold => Assert.True(fold.Metrics.MicroAccuracy > 0.9, $"accuracy is {fold.Metrics.MicroAccuracy}"));
    }

    [Fact]
    public void Scores_are_probabilities_and_the_label_is_the_likeliest()
    {
        IDataView data = _ml.View(60);
        ITransformer model = _ml.TopicPipeline(Examples.Glance).Fit(data);
        string[] names = _ml.Classes(model, data);
        Assert.All(_ml.Data.CreateEnumerable<TopicPrediction>(model.Transform(data), reuseRowObject: false), p =>
        {
            Assert.Equal(1, p.Score.Sum(), 1e-5);
            Assert.All(p.Score, score => Assert.InRange(score, 0, 1));
            Assert.Equal(names[Array.IndexOf(p.Score, p.Score.Max())], p.PredictedTopic);
        });
    }

    [Fact]
    public void The_label_may_be_a_key_of_any_width()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(file, Enumerable.Range(0, 30).Select(row => $"{row % 3}\t{row % 3}\t{row % 2}"));
            float[] expected = Scores(DataKind.UInt32);
            Assert.Equal(expected, Scores(DataKind.UInt16));
            Assert.Equal(expected, Scores(DataKind.Byte));
        }
        finally
        {
            File.Delete(file);
        }

        float[] Scores(DataKind width)
        {
            TextLoader.Column label = new("Label", width, [new TextLoader.Range(0)], new KeyCount(3));
            IDataView data = _ml.Data.LoadFromTextFile(file, [label, new("Features", DataKind.Single, 1, 2)]);
            return [.. _ml.MulticlassClassification.Trainers.Lstm(options: Examples.Glance).Fit(data).Transform(data)
                .GetColumn<float[]>("Score").SelectMany(row => row)];
        }
    }
}

internal static class ClassesOfAModel
{
    /// <summary>The names that the score column's slots carry.</summary>
    public static string[] Classes(this MLContext ml, ITransformer model, IDataView data)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        model.GetOutputSchema(data.Schema)["Score"].GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }
}
