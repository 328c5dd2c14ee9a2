using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Diagnostics;
using SequenceModels.Tests.Trainers;
using Xunit;

namespace SequenceModels.Tests.Diagnostics;

/// <summary>What each token of a row adds to the prediction that the model's own columns have.</summary>
public sealed class SequenceExplainerTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void The_word_that_decides_has_the_largest_share_of_the_predicted_class()
    {
        IDataView rows = _ml.View(200);
        ITransformer model = _ml.TopicPipeline().Fit(rows);
        IDataView test = _ml.View(30, seed: 8), scored = model.Transform(test);
        RowExplanation[] explained = [.. _ml.Sequences().Explain(model).Explain(test)];
        string[] texts = [.. test.GetColumn<string>(nameof(Example.Text))];
        Assert.Equal(scored.GetColumn<string>("PredictedTopic"), explained.Select(row => row.PredictedLabel));
        Assert.Equal(texts.Select(text => text.Split(' ')), explained.Select(row => row.Tokens));
        foreach ((RowExplanation row, float[] probabilities) in explained.Zip(scored.GetColumn<float[]>("Score")))
        {
            double p = probabilities.Max();
            Assert.Equal(Math.Log(p / (1 - p)), row.Score, 0.01);
            Assert.Equal(row.Tokens[0], row.Tokens[row.Shares.Index().MaxBy(share => share.Item).Index]); // the topic
            AssertAddUp(row);
            Assert.Empty(row.FeatureShares);
        }
    }

    [Fact]
    public void Of_two_classes_the_shares_speak_for_the_one_that_is_predicted()
    {
        EstimatorChain<SequencePredictionTransformer> pipeline = _ml.BinaryPipeline();
        TransformerChain<SequencePredictionTransformer> model = pipeline.Fit(_ml.View(100));
        IDataView test = _ml.View(20, seed: 8), scored = model.Transform(test);
        RowExplanation[] explained = [.. _ml.Sequences().Explain(model).Explain(test)];
        bool[] labels = [.. scored.GetColumn<bool>("PredictedLabel")];
        Assert.Equal(2, labels.Distinct().Count());
        foreach (((RowExplanation row, bool label), float score) in explained.Zip(labels).Zip(scored.GetColumn<float>("Score")))
        {
            Assert.Equal(label ? "true" : "false", row.PredictedLabel);
            Assert.Equal(Math.Abs(score), row.Score, 1e-3);
            AssertAddUp(row);
        }
        // Where the line is drawn elsewhere, so is the class that is spoken for.
        RowExplanation moved = _ml.Sequences().Explain(model.LastTransformer.WithThreshold(1_000))
            .Explain(model.First().Transform(test)).ElementAt(Array.IndexOf(labels, true));
        Assert.Equal("false", moved.PredictedLabel);
        Assert.True(moved.Score < 0);
    }

    [Fact]
    public void Each_number_of_a_frame_has_a_share_and_a_step_has_their_sum()
    {
        IDataView rows = _ml.Data.LoadFromEnumerable(Examples.Make(60), Examples.Framed);
        SequencePredictionTransformer model = _ml.Regression.Trainers.Gru(nameof(Example.LastOfFrames), nameof(Example.Frames),
            options: Examples.Quick with { FrameScaling = FrameScaling.Standard }).Fit(rows);
        foreach ((RowExplanation row, float score) in _ml.Sequences().Explain(model).Explain(rows)
            .Zip(model.Transform(rows).GetColumn<float>("Score")))
        {
            Assert.Equal(["1", "2", "3"], row.Tokens);
            Assert.Equal(6, row.FeatureShares.Count);
            for (int t = 0; t < 3; t++)
                Assert.Equal(row.FeatureShares[2 * t] + row.FeatureShares[2 * t + 1], row.Shares[t]);
            Assert.Equal(score, row.Score, 1e-4);
            AssertAddUp(row);
        }
    }

    [Fact]
    public void A_loaded_model_explains_the_same()
    {
        IDataView rows = _ml.View(40);
        ITransformer model = _ml.TopicPipeline(Examples.Glance).Fit(rows);
        using var file = new MemoryStream();
        _ml.Model.Save(model, rows.Schema, file);
        file.Position = 0;
        ITransformer loaded = new MLContext().Model.Load(file, out _);
        Assert.Equal(Shares(model), Shares(loaded));
        Assert.Equal(Shares(model), Shares(model));

        float[][] Shares(ITransformer any) => [.. _ml.Sequences().Explain(any).Explain(rows).Select(row => row.Shares.ToArray())];
    }

    [Fact]
    public void The_page_has_the_texts_of_the_rows()
    {
        IDataView rows = _ml.View(20);
        SequenceExplainer explainer = _ml.Sequences().Explain(_ml.TopicPipeline(Examples.Glance).Fit(rows));
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            explainer.WriteReport(path, rows, maximumRows: 7);
            string page = File.ReadAllText(path);
            Assert.Contains("Row 7: ", page, StringComparison.Ordinal);
            Assert.DoesNotContain("Row 8: ", page, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => explainer.WriteReport(path, rows, 0));
    }

    [Fact]
    public void What_predicts_nothing_of_whole_sequences_is_refused()
    {
        IDataView rows = _ml.View(10);
        ITransformer tokens = _ml.Tokens().Fit(rows);
        Assert.Contains("no classifier or regression of sequences",
            Assert.Throws<ArgumentException>(() => _ml.Sequences().Explain(tokens)).Message, StringComparison.Ordinal);
        ITransformer model = _ml.SumTrainer(Examples.Glance).Fit(rows);
        Assert.Contains(nameof(Example.Readings), Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.Sequences().Explain(model).Explain(_ml.Data.LoadFromEnumerable(new[] { new BinaryPrediction() }))).Message,
            StringComparison.Ordinal);
    }

    private static void AssertAddUp(RowExplanation row)
    {
        double difference = row.Score - row.BaselineScore;
        Assert.Equal(difference, row.Shares.Sum(share => (double)share), 0.01 * Math.Abs(difference) + 1e-4);
    }
}
