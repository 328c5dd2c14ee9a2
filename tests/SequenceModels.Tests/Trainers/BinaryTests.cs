using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace SequenceModels.Tests.Trainers;

public class BinaryTests
{
    private readonly MLContext _ml = new(1);

    [Theory]
    [InlineData("Rnn")]
    [InlineData("Gru")]
    [InlineData("Lstm")]
    public void Every_cell_learns_that_the_order_of_words_decides(string cell)
    {
        var trainers = _ml.BinaryClassification.Trainers;
        SequenceTrainer trainer = cell switch
        {
            "Rnn" => trainers.Rnn(nameof(Example.Positive), options: Examples.Quick),
            "Gru" => trainers.Gru(nameof(Example.Positive), options: Examples.Quick),
            _ => trainers.Lstm(nameof(Example.Positive), options: Examples.Quick),
        };
        TransformerChain<SequencePredictionTransformer> model = _ml.Tokens().Append(trainer).Fit(_ml.View(300));

        CalibratedBinaryClassificationMetrics metrics =
            _ml.BinaryClassification.Evaluate(model.Transform(_ml.View(100, seed: 8)), nameof(Example.Positive));

        Assert.True(metrics.Accuracy > 0.95, $"accuracy is {metrics.Accuracy}");
        Assert.True(metrics.LogLoss < 0.5, $"log-loss is {metrics.LogLoss}");
        Assert.Equal(metrics.Accuracy, _ml.BinaryClassification.EvaluateNonCalibrated(
            model.Transform(_ml.View(100, seed: 8)), nameof(Example.Positive)).Accuracy);
    }

    [Fact]
    public void Cross_validation_works()
    {
        var folds = _ml.BinaryClassification.CrossValidate(_ml.View(300), _ml.BinaryPipeline(), 3, nameof(Example.Positive));
        Assert.Equal(3, folds.Count);
        Assert.All(folds, fold => Assert.True(fold.Metrics.Accuracy > 0.9, $"accuracy is {fold.Metrics.Accuracy}"));
    }

    [Fact]
    public void Platt_calibration_reads_the_score()
    {
        IDataView data = _ml.View(300);
        var pipeline = _ml.BinaryPipeline(Examples.Quick with { NumberOfEpochs = 6 });
        double before = LogLoss(pipeline.Fit(data));
        double after = LogLoss(pipeline.Append(_ml.BinaryClassification.Calibrators.Platt(nameof(Example.Positive))).Fit(data));
        Assert.NotEqual(before, after);
        Assert.True(after < 0.8, $"log-loss is {after}");

        double LogLoss(ITransformer model) =>
            _ml.BinaryClassification.Evaluate(model.Transform(data), nameof(Example.Positive)).LogLoss;
    }

    [Fact]
    public void Probability_is_the_sigmoid_of_the_score_and_the_label_its_sign()
    {
        IDataView data = _ml.View(60);
        IDataView scored = _ml.BinaryPipeline(Examples.Glance).Fit(data).Transform(data);
        var predictions = _ml.Data.CreateEnumerable<BinaryPrediction>(scored, reuseRowObject: false).ToList();
        Assert.Contains(predictions, p => p.PredictedLabel);
        Assert.Contains(predictions, p => !p.PredictedLabel);
        Assert.All(predictions, p =>
        {
            Assert.Equal(1 / (1 + Math.Exp(-p.Score)), p.Probability, 1e-6);
            Assert.Equal(p.Score > 0, p.PredictedLabel);
        });
    }

    [Fact]
    public void A_threshold_moves_the_predicted_label_and_nothing_else()
    {
        IDataView data = _ml.View(60);
        SequencePredictionTransformer model = _ml.BinaryPipeline(Examples.Glance).Fit(data).LastTransformer;
        IDataView tokens = _ml.Tokens().Fit(data).Transform(data);
        float[] scores = model.Scores(tokens);
        float threshold = scores.Order().ElementAt(40);

        SequencePredictionTransformer strict = model.WithThreshold(threshold);

        Assert.Equal(scores, strict.Scores(tokens));
        Assert.Equal(scores.Select(score => score > threshold), Labels(strict));
        Assert.Equal(scores.Select(score => score > 0), Labels(model));
        Assert.Same(model.Model, strict.Model);
        Assert.Equal(Accuracy(model), Accuracy(strict)); // Evaluate draws its own line, at a score of 0
        Assert.NotEqual(Labels(model), Labels(strict));
        using var file = new MemoryStream();
        _ml.Model.Save(strict, tokens.Schema, file);
        Assert.Equal(Labels(strict), Labels(_ml.Model.Load(file, out _)));

        IEnumerable<bool> Labels(ITransformer transformer) => transformer.Transform(tokens).GetColumn<bool>("PredictedLabel");
        double Accuracy(ITransformer transformer) =>
            _ml.BinaryClassification.Evaluate(transformer.Transform(tokens), nameof(Example.Positive)).Accuracy;
    }

    [Fact]
    public void Only_a_binary_model_has_a_threshold_and_it_is_a_number()
    {
        var model = _ml.SumTrainer(Examples.Glance).Fit(_ml.View(20));
        Assert.Contains("Regression", Assert.Throws<InvalidOperationException>(() => model.WithThreshold(1)).Message);
        var binary = _ml.BinaryPipeline(Examples.Glance).Fit(_ml.View(20)).LastTransformer;
        Assert.Throws<ArgumentOutOfRangeException>(() => binary.WithThreshold(float.NaN));
    }
}
