using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Layers;
using Xunit;

namespace SequenceModels.Tests.Trainers;

/// <summary>What the last epoch was measured at is what ML.NET's own evaluators say of the model on the same rows.</summary>
public class ValidationTests
{
    private const double Tolerance = 1e-5;

    private static readonly SequenceTrainerOptions s_options = Examples.Glance with
    {
        NumberOfEpochs = 4,
        Dropout = 0.2f,
        RecurrentDropout = 0.2f,
        WordDropout = 0.2f,
    };

    private readonly MLContext _ml = new(1);

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(300)]
    public void Binary_classification(int rows)
    {
        ITransformer tokens = _ml.Tokens().Fit(_ml.View(100));
        // Both classes, rows that are alike, and an empty one.
        List<Example> measured = [.. Examples.Make(rows, seed: 9), .. Examples.Make(5, seed: 10), .. Examples.Make(5, seed: 10),
            .. Examples.Make(5, seed: 10).Select(row => { row.Positive = !row.Positive; return row; }), new Example()];
        IDataView validation = tokens.Transform(_ml.Data.LoadFromEnumerable(measured));
        SequencePredictionTransformer model =
            Binary(s_options with { LabelSmoothing = 0.2f, ClassWeights = ClassWeights.Of(1, 3) })
            .Fit(tokens.Transform(_ml.View(100)), validation);

        CalibratedBinaryClassificationMetrics expected =
            _ml.BinaryClassification.Evaluate(model.Transform(validation), nameof(Example.Positive));
        ValidationMetrics found = Last(model);
        Assert.Equal(expected.Accuracy, found.Accuracy!.Value, Tolerance);
        Assert.Equal(expected.LogLoss, found.LogLoss!.Value, Tolerance);
        Assert.Equal(expected.AreaUnderRocCurve, found.AreaUnderRocCurve!.Value, Tolerance);
        Assert.Equal(expected.LogLoss * Math.Log(2), found.Loss, Tolerance);
        Assert.Null(found.RootMeanSquaredError ?? found.RSquared);
    }

    [Fact]
    public void Multiclass_classification()
    {
        var prepared = _ml.Transforms.Conversion.MapValueToKey("Label", nameof(Example.Topic)).Append(_ml.Tokens())
            .Fit(_ml.View(100));
        IDataView validation = prepared.Transform(_ml.View(130, seed: 9));
        SequencePredictionTransformer model = _ml.MulticlassClassification.Trainers
            .Gru(options: s_options with { LabelSmoothing = 0.2f, ClassWeights = ClassWeights.Balanced })
            .Fit(prepared.Transform(_ml.View(100)), validation);

        MulticlassClassificationMetrics expected = _ml.MulticlassClassification.Evaluate(model.Transform(validation));
        ValidationMetrics found = Last(model);
        Assert.Equal(expected.MicroAccuracy, found.Accuracy!.Value, Tolerance);
        Assert.Equal(expected.LogLoss, found.LogLoss!.Value, Tolerance);
        Assert.Equal(expected.LogLoss, found.Loss, Tolerance);
        Assert.Null(found.AreaUnderRocCurve ?? found.RootMeanSquaredError ?? found.RSquared);
    }

    [Fact]
    public void Regression()
    {
        List<Example> rows = Examples.Make(100);
        IDataView validation = _ml.View(130, seed: 9);
        SequencePredictionTransformer model = _ml.SumTrainer(s_options).Fit(_ml.Data.LoadFromEnumerable(rows), validation);

        RegressionMetrics expected = _ml.Regression.Evaluate(model.Transform(validation), nameof(Example.Sum));
        ValidationMetrics found = Last(model);
        Assert.Equal(expected.RootMeanSquaredError, found.RootMeanSquaredError!.Value, Tolerance);
        Assert.Equal(expected.RSquared, found.RSquared!.Value, Tolerance);
        double mean = rows.Average(row => row.Sum), variance = rows.Average(row => Math.Pow(row.Sum - mean, 2));
        Assert.Equal(expected.MeanSquaredError / variance / 2, found.Loss, Tolerance);
        Assert.Null(found.Accuracy ?? found.LogLoss ?? found.AreaUnderRocCurve);
    }

    [Fact]
    public void Weights_count_and_rows_without_a_label_do_not()
    {
        SequenceTrainer trainer =
            _ml.Regression.Trainers.Gru(nameof(Example.Sum), nameof(Example.Readings), nameof(Example.Weight), s_options);
        List<Example> weighted = [], repeated = [];
        foreach (Example row in Examples.Make(90, seed: 9))
        {
            row.Weight = weighted.Count % 3;
            weighted.Add(row);
            for (int i = 0; i < row.Weight; i++)
                repeated.Add(new Example { Readings = row.Readings, Sum = row.Sum });
        }
        repeated.Add(new Example { Readings = [100], Sum = float.NaN });

        ValidationMetrics expected = Last(trainer.Fit(_ml.View(50), _ml.Data.LoadFromEnumerable(repeated)));
        ValidationMetrics found = Last(trainer.Fit(_ml.View(50), _ml.Data.LoadFromEnumerable(weighted)));
        Assert.Equal(expected.Loss, found.Loss, 1e-12);
        Assert.Equal(expected.RootMeanSquaredError!.Value, found.RootMeanSquaredError!.Value, 1e-12);
        Assert.Equal(expected.RSquared!.Value, found.RSquared!.Value, 1e-12);
    }

    [Fact]
    public void Rows_of_one_class_can_be_measured_on()
    {
        ITransformer tokens = _ml.Tokens().Fit(_ml.View(60));
        IDataView positive = tokens.Transform(_ml.Data.LoadFromEnumerable(Examples.Make(30, seed: 9).Where(row => row.Positive)));
        ValidationMetrics found = Last(Binary(s_options).Fit(tokens.Transform(_ml.View(60)), positive));
        Assert.Equal(double.NaN, found.AreaUnderRocCurve);
        Assert.InRange(found.Accuracy!.Value, 0, 1);
    }

    [Fact]
    public void A_validation_set_goes_before_rows_set_aside()
    {
        IDataView train = _ml.View(60), validation = _ml.View(40, seed: 9);
        SequenceModelParameters alone = _ml.SumTrainer(s_options).Fit(train, validation).Model;
        SequenceModelParameters both = _ml.SumTrainer(s_options with { ValidationFraction = 0.5 }).Fit(train, validation).Model;
        Assert.Equal(alone.Network.Bytes(), both.Network.Bytes());
        Assert.Equal(alone.History.Select(epoch => epoch.Validation), both.History.Select(epoch => epoch.Validation));
        SequenceModelParameters setAside = _ml.SumTrainer(s_options with { ValidationFraction = 0.5 }).Fit(train).Model;
        Assert.NotEqual(alone.Network.Bytes(), setAside.Network.Bytes());
        Assert.All(setAside.History, epoch => Assert.NotNull(epoch.Validation));
    }

    [Fact]
    public void Its_columns_may_stand_in_another_order()
    {
        IDataView train = _ml.View(40), validation = _ml.View(30, seed: 9);
        IDataView turned = _ml.Transforms.SelectColumns(nameof(Example.Sum), nameof(Example.Readings)).Fit(validation)
            .Transform(validation);
        Assert.NotEqual(validation.Schema[nameof(Example.Sum)].Index, turned.Schema[nameof(Example.Sum)].Index);
        Assert.NotEqual(validation.Schema[nameof(Example.Readings)].Index, turned.Schema[nameof(Example.Readings)].Index);
        Assert.Equal(Last(_ml.SumTrainer(s_options).Fit(train, validation)), Last(_ml.SumTrainer(s_options).Fit(train, turned)));
    }

    [Fact]
    public void Early_stopping_without_rows_to_measure_on_is_refused_before_a_row_is_read()
    {
        var data = new WatchedView(_ml.View(20));
        SequenceTrainer trainer = _ml.SumTrainer(s_options with { EarlyStoppingPatience = 2 });
        var error = Assert.Throws<InvalidOperationException>(() => trainer.Fit(data));
        Assert.Equal(
            "SequenceTrainerOptions.EarlyStoppingPatience is 2, but there are no validation rows whose loss could tell when " +
            "to stop. " +
            "Set ValidationFraction, or give Fit a validation set.", error.Message);
        Assert.Equal(0, data.Moves);
        Assert.Equal(4, trainer.Fit(_ml.View(20), _ml.View(10)).Model.History.Count);
    }

    private SequenceTrainer Binary(SequenceTrainerOptions options) =>
        _ml.BinaryClassification.Trainers.Lstm(nameof(Example.Positive), options: options);

    private static ValidationMetrics Last(SequencePredictionTransformer model) => model.Model.History[^1].Validation!;
}
