using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace SequenceModels.Tests.Trainers;

/// <summary>What cannot be trained on or scored is refused, with the column, what was found and the mend.</summary>
public class ErrorTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void A_feature_column_that_holds_no_sequence() => Refuses(
        _ml.BinaryClassification.Trainers.Lstm(nameof(Example.Positive), nameof(Example.Text)), _ml.View(5),
        "Column 'Text' is String, but must be a vector of keys (byte, ushort or uint) or a vector of Single. " +
        "Columns that would fit: 'Readings', 'Frames'.");

    [Fact]
    public void A_missing_feature_column() => Refuses(
        _ml.BinaryClassification.Trainers.Lstm(nameof(Example.Positive), "Featurs"), _ml.View(5),
        "There is no column 'Featurs'. Columns that would fit: 'Readings', 'Frames'.");

    [Fact]
    public void A_missing_label_column() => Refuses(
        _ml.BinaryClassification.Trainers.Lstm("Labl", nameof(Example.Readings)), _ml.View(5),
        "There is no column 'Labl'. Columns that would fit: 'Positive'.");

    [Fact]
    public void A_binary_label_that_is_no_Boolean() => Refuses(
        _ml.BinaryClassification.Trainers.Lstm(nameof(Example.Sum), nameof(Example.Readings)), _ml.View(5),
        "Column 'Sum' is Single, but must be a Boolean label (ConvertType makes one; a key goes with " +
        "MulticlassClassification). " +
        "Columns that would fit: 'Positive'.");

    [Fact]
    public void A_multiclass_label_that_is_no_key() => Refuses(
        _ml.MulticlassClassification.Trainers.Lstm(nameof(Example.Topic), nameof(Example.Readings)), _ml.View(5),
        "Column 'Topic' is String, but must be a label of keys (byte, ushort or uint; MapValueToKey makes them). " +
        "No column of the data is a label of keys (byte, ushort or uint; MapValueToKey makes them).");

    [Fact]
    public void A_regression_label_that_is_no_Single() => Refuses(
        _ml.Regression.Trainers.Lstm(nameof(Example.Positive), nameof(Example.Readings)), _ml.View(5),
        "Column 'Positive' is Boolean, but must be a Single label (ConvertType makes one of other numbers). " +
        "Columns that would fit: 'Sum', 'LastOfFrames', 'Weight', 'RowNumber'.");

    [Fact]
    public void A_weight_that_is_no_Single() => Refuses(
        _ml.Regression.Trainers.Lstm(nameof(Example.Sum), nameof(Example.Readings), nameof(Example.Positive)), _ml.View(5),
        "Column 'Positive' is Boolean, but must be a Single weight (ConvertType makes one of other numbers). " +
        "Columns that would fit: 'Sum', 'LastOfFrames', 'Weight', 'RowNumber'.");

    [Fact]
    public void A_key_without_a_known_number_of_classes() => Refuses(
        _ml.MulticlassClassification.Trainers.Lstm(nameof(Keyed.Label), nameof(Keyed.Features)),
        _ml.Data.LoadFromEnumerable(new[] { new Keyed() }),
        "Column 'Label' is Key<UInt32, 0-4294967294>, a label of 4294967295 classes, where 2 to 1000000 can be learned. " +
        "MapValueToKey makes keys of the classes that the data has.");

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    [InlineData(float.NegativeInfinity, "-Infinity")]
    public void Frames_that_are_no_finite_numbers(float value, string name)
    {
        List<Example> rows = Examples.Make(5);
        rows[3].Frames[2] = value;
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        SequenceTrainer trainer =
            _ml.Regression.Trainers.Lstm(nameof(Example.Sum), nameof(Example.Frames), options: Examples.Glance);
        string message = $"Column 'Frames', row 3 (counted from 0): step 2, feature 0 is {name}. " +
            "Remove such rows or replace such values (ReplaceMissingValues) before.";

        Refuses(trainer, data, message);

        IDataView scored = trainer.Fit(_ml.View(5)).Transform(data);
        Assert.Equal(message, Assert.Throws<InvalidOperationException>(() => scored.GetColumn<float>("Score").ToArray()).Message);
    }

    [Fact]
    public void No_rows() => Refuses(_ml.SumTrainer(), _ml.Data.LoadFromEnumerable(Array.Empty<Example>()),
        "The training data has no rows. Fit needs some: check the file or the filter that the data comes from.");

    [Fact]
    public void No_row_with_a_label()
    {
        List<Example> rows = Examples.Make(4);
        rows.ForEach(row => row.Sum = float.NaN);
        Refuses(_ml.SumTrainer(), _ml.Data.LoadFromEnumerable(rows),
            "The training data has no rows to learn from: the label in column 'Sum' is missing in all 4 of them.");
    }

    [Fact]
    public void One_class_only_in_binary_classification() => Refuses(
        _ml.BinaryClassification.Trainers.Gru(nameof(Example.Positive), nameof(Example.Readings)),
        _ml.Data.LoadFromEnumerable(Examples.Make(20).Where(row => row.Positive)),
        "Column 'Positive': all rows that count have the same label, and there is nothing to tell apart. " +
        "Training needs rows of at least two classes.");

    [Fact]
    public void One_class_only_in_multiclass_classification()
    {
        var keys = _ml.Transforms.Conversion.MapValueToKey("Label", nameof(Example.Topic)).Fit(_ml.View(20));
        IDataView reds = _ml.Data.LoadFromEnumerable(Examples.Make(20).Where(row => row.Topic == "red"));
        Refuses(_ml.MulticlassClassification.Trainers.Gru(featureColumnName: nameof(Example.Readings)), keys.Transform(reds),
            "Column 'Label': all rows that count have the same label, and there is nothing to tell apart. " +
            "Training needs rows of at least two classes.");
    }

    [Fact]
    public void An_infinite_label()
    {
        List<Example> rows = Examples.Make(4);
        rows[1].Sum = float.PositiveInfinity;
        Refuses(_ml.SumTrainer(), _ml.Data.LoadFromEnumerable(rows),
            "Column 'Sum', row 1 (counted from 0): the value is Infinity. " +
            "Only finite numbers can be learned: remove such rows or replace such values.");
    }

    [Theory]
    [InlineData(-1f, "-1")]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    public void A_weight_that_weighs_nothing_sensible(float weight, string name)
    {
        List<Example> rows = Examples.Make(4);
        rows[2].Weight = weight;
        Refuses(Weighted(), _ml.Data.LoadFromEnumerable(rows),
            $"Column 'Weight', row 2 (counted from 0): the value is {name}. A weight must be a number of at least 0.");
    }

    [Fact]
    public void Weights_that_are_all_zero()
    {
        List<Example> rows = Examples.Make(4);
        rows.ForEach(row => row.Weight = 0);
        Refuses(Weighted(), _ml.Data.LoadFromEnumerable(rows),
            "Column 'Weight': every weight is 0, so that no row of the training data counts. Give at least some rows a " +
            "positive weight.");
    }

    [Fact]
    public void A_row_that_does_not_divide_into_frames()
    {
        IDataView data =
            _ml.Data.LoadFromEnumerable([new Ragged { Features = [1, 2, 3, 4] }, new Ragged { Features = [1, 2, 3] }],
            Examples.Dimensions<Ragged>(nameof(Ragged.Features), 0, 2));
        Refuses(_ml.Regression.Trainers.Lstm(), data, "Column 'Features', row 1 (counted from 0): 3 values cannot be cut into " +
            "steps of 2. Every row must hold whole steps of the same number of values.");
    }

    [Fact]
    public void Frames_of_another_width_than_the_model_was_trained_on()
    {
        SequencePredictionTransformer model = _ml.SumTrainer(Examples.Glance).Fit(_ml.View(10));
        IDataView wide =
            _ml.Data.LoadFromEnumerable(Examples.Make(5), Examples.Dimensions<Example>(nameof(Example.Readings), 0, 3));
        Exception error = Assert.Throws<ArgumentOutOfRangeException>(() => model.Transform(wide));
        Assert.StartsWith("Column 'Readings' holds frames of 3 numbers, but the model was trained on frames of 1 number. " +
            "Prepare the data with the transforms that were fitted for training.", error.Message);
    }

    [Fact]
    public void A_vocabulary_of_another_size_than_the_model_was_trained_on()
    {
        SequencePredictionTransformer model = _ml.BinaryPipeline(Examples.Glance).Fit(_ml.View(10)).LastTransformer;
        IDataView few = _ml.Data.LoadFromEnumerable([new Example { Text = "up down" }]);
        IDataView other = _ml.Tokens().Fit(few).Transform(few);
        Exception error = Assert.Throws<ArgumentOutOfRangeException>(() => model.Transform(other));
        Assert.StartsWith(
            "Column 'Features' holds tokens of a vocabulary of 2, but the model was trained on tokens of a vocabulary of ",
            error.Message);
    }

    [Fact]
    public void An_option_out_of_range_is_refused_when_the_trainer_is_made()
    {
        Exception error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.BinaryClassification.Trainers.Lstm(options: new SequenceTrainerOptions { HiddenSize = 0 }));
        Assert.StartsWith("SequenceTrainerOptions.HiddenSize must be between 1 and 65536.", error.Message);
    }

    [Fact]
    public void An_option_of_classification_is_refused_in_regression()
    {
        Exception smoothing =
            Assert.Throws<ArgumentException>(() => _ml.SumTrainer(Examples.Glance with { LabelSmoothing = 0.1f }));
        Assert.StartsWith(
            "SequenceTrainerOptions.LabelSmoothing is 0.1, but it is for classification: numbers have no classes. " +
            "Leave it at 0 in a regression.", smoothing.Message);
        Exception weights = Assert.Throws<ArgumentException>(() =>
            _ml.SumTrainer(Examples.Glance with { ClassWeights = ClassWeights.Balanced }));
        Assert.StartsWith("SequenceTrainerOptions.ClassWeights is for classification: numbers have no classes. " +
            "Leave it null in a regression; a weight column says what each row counts.", weights.Message);
    }

    [Fact]
    public void Class_weights_that_are_not_one_for_each_class()
    {
        Exception error = Assert.Throws<ArgumentException>(() =>
            _ml.BinaryPipeline(Examples.Glance with { ClassWeights = ClassWeights.Of(1, 2, 3) }).Fit(_ml.View(10)));
        Assert.StartsWith(
            "SequenceTrainerOptions.ClassWeights has 3 weights, but the label has 2 classes. Give one weight for each class",
            error.Message);
    }

    private SequenceTrainer Weighted() =>
        _ml.Regression.Trainers.Lstm(nameof(Example.Sum), nameof(Example.Readings), nameof(Example.Weight));

    private static void Refuses(SequenceTrainer trainer, IDataView data, string message)
    {
        Exception error = Assert.ThrowsAny<Exception>(() => trainer.Fit(data));
        Assert.True(error is ArgumentOutOfRangeException or InvalidOperationException, $"{error.GetType()}");
        Assert.StartsWith(message, error.Message);
    }

    private sealed class Keyed
    {
        [KeyType(uint.MaxValue)]
        public uint Label { get; set; } = 1;

        [VectorType]
        public float[] Features { get; set; } = [1];
    }

    private sealed class Ragged
    {
        public float Label { get; set; } = 1;

        [VectorType]
        public float[] Features { get; set; } = [];
    }
}
