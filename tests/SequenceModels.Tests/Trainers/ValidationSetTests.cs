using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace SequenceModels.Tests.Trainers;

/// <summary>A validation set that cannot be measured on is refused, and it is said that it is the validation set.</summary>
public class ValidationSetTests
{
    private const string DoesNotFit = "The validation set does not fit the training set. ",
        CannotBeMeasured = "The validation set cannot be measured on. ";

    private readonly MLContext _ml = new(1);

    [Theory]
    [InlineData(nameof(Example.Sum))]
    [InlineData(nameof(Example.Readings))]
    [InlineData(nameof(Example.Weight))]
    public void A_missing_column(string column)
    {
        IDataView without = _ml.Transforms.DropColumns(column).Fit(_ml.View(5)).Transform(_ml.View(5));
        Refuses<ArgumentOutOfRangeException>(Weighted(), _ml.View(20), without,
            $"{DoesNotFit}There is no column '{column}'. Columns that would fit: '");
    }

    [Fact]
    public void A_label_of_another_type()
    {
        IDataView other = _ml.Transforms.CopyColumns(nameof(Example.Sum), nameof(Example.Text)).Fit(_ml.View(5))
            .Transform(_ml.View(5));
        Refuses<ArgumentOutOfRangeException>(Weighted(), _ml.View(20), other,
            $"{DoesNotFit}Column 'Sum' is String, but must be a Single label");
    }

    [Fact]
    public void A_vocabulary_of_another_size() => Refuses<ArgumentOutOfRangeException>(
        _ml.BinaryClassification.Trainers.Lstm(nameof(Example.Positive), options: Examples.Glance),
        Tokenized("up down", "down up"),
        Tokenized("up down", "down across"),
        $"{DoesNotFit}Column 'Features' holds tokens of a vocabulary of 3, but the model was trained on tokens of a " +
        "vocabulary of 2.");

    [Fact]
    public void Another_vocabulary_of_the_same_size() => Refuses<ArgumentOutOfRangeException>(
        _ml.BinaryClassification.Trainers.Lstm(nameof(Example.Positive), options: Examples.Glance),
        Tokenized("up down", "down up"),
        Tokenized("up across", "across up"),
        $"{DoesNotFit}Column 'Features' has as many keys as the model was trained on, but they stand for " +
        "other values, or for the same values in another order. Prepare the data with the transforms that were fitted for " +
        "training.");

    [Theory]
    [InlineData("red", "green")] // fewer
    [InlineData("red", "green", "grey")]
    [InlineData("green", "red", "blue")] // in another order
    public void Other_classes(params string[] topics)
    {
        var trainer = _ml.MulticlassClassification.Trainers.Gru("Label", nameof(Example.Readings), options: Examples.Glance);
        Refuses<ArgumentOutOfRangeException>(trainer, Keyed("red", "green", "blue"), Keyed(topics),
            topics.Length == 2 ? $"{DoesNotFit}Column 'Label' has 2 classes, where that of the training set has 3."
                : $"{DoesNotFit}Column 'Label' has as many keys as the model was trained on, but they stand for other values");
        Assert.NotNull(trainer.Fit(Keyed("red", "green", "blue"), Keyed("red", "green", "blue")));
    }

    [Fact]
    public void No_rows() => Refuses<InvalidOperationException>(Weighted(), _ml.View(20), _ml.View(0),
        $"{CannotBeMeasured}The validation data has no rows.");

    [Fact]
    public void No_row_with_a_label() => Refuses<InvalidOperationException>(row => row.Sum = float.NaN,
        "The validation data has no rows to measure on: the label in column 'Sum' is missing in all 5 of them.");

    [Fact]
    public void Weights_that_are_all_zero() => Refuses<InvalidOperationException>(row => row.Weight = 0,
        "Column 'Weight': every weight is 0, so that no row of the validation data counts.");

    [Fact]
    public void A_weight_that_weighs_nothing_sensible() => Refuses<InvalidOperationException>(row => row.Weight = -1,
        "Column 'Weight', row 0 (counted from 0): the value is -1.");

    [Fact]
    public void An_infinite_label() => Refuses<InvalidOperationException>(row => row.Sum = float.PositiveInfinity,
        "Column 'Sum', row 0 (counted from 0): the value is Infinity.");

    [Fact]
    public void Frames_that_are_no_finite_numbers() => Refuses<InvalidOperationException>(row => row.Readings[1] = float.NaN,
        "Column 'Readings', row 0 (counted from 0): step 1, feature 0 is NaN.");

    private void Refuses<TException>(Action<Example> spoil, string message) where TException : Exception
    {
        List<Example> rows = Examples.Make(5);
        rows.ForEach(spoil);
        Refuses<TException>(Weighted(), _ml.View(20), _ml.Data.LoadFromEnumerable(rows), CannotBeMeasured + message);
    }

    private static void Refuses<TException>(SequenceTrainer trainer, IDataView train, IDataView validation, string message)
        where TException : Exception
    {
        var error = Assert.Throws<TException>(() => trainer.Fit(train, validation));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        // one exception, not one in another
        Assert.Equal(0, error.Message.Split("(Parameter '").Length - 1 - (error is ArgumentException ? 1 : 0));
    }

    private SequenceTrainer Weighted() =>
        _ml.Regression.Trainers.Gru(nameof(Example.Sum), nameof(Example.Readings), nameof(Example.Weight), Examples.Glance);

    private IDataView Tokenized(params string[] texts)
    {
        IDataView data =
            _ml.Data.LoadFromEnumerable(texts.Select((text, row) => new Example { Text = text, Positive = row % 2 == 0 }));
        return _ml.Tokens().Fit(data).Transform(data);
    }

    /// <summary>Rows of these topics, whose keys are in their order.</summary>
    private IDataView Keyed(params string[] topics)
    {
        List<Example> rows = Examples.Make(topics.Length);
        for (int row = 0; row < rows.Count; row++)
            rows[row].Topic = topics[row];
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        return _ml.Transforms.Conversion.MapValueToKey("Label", nameof(Example.Topic)).Fit(data).Transform(data);
    }
}
