using Microsoft.ML;
using Xunit;

namespace SequenceModels.Tests.Trainers;

/// <summary>What a tagger cannot be trained on is refused, with the column, what was found and the mend.</summary>
public class TaggingErrorTests
{
    private static readonly TestColumn s_tokens = TestColumn.Keys("Tokens", 4, [1, 2], [3, 4, 4, 1], [2]);

    private readonly MLContext _ml = new(1);

    [Fact]
    public void A_label_of_another_length_names_the_row_and_both_lengths() => Refuses<InvalidOperationException>(
        new TestView(s_tokens, TestColumn.Keys("Label", 3, [1, 2], [3, 1, 1], [2])),
        "Column 'Label', row 1 (counted from 0): it has 3 labels, but 'Tokens' has 4 steps. Tagging needs one label for each " +
        "step, in their order.");

    [Fact]
    public void A_label_that_is_one_key() => Refuses<ArgumentOutOfRangeException>(
        new TestView(s_tokens, TestColumn.Of("Label", new Microsoft.ML.Data.KeyDataViewType(typeof(uint), 3), 1u, 2u, 3u)),
        "Column 'Label' is Key<UInt32>, but must be a vector of keys (byte, ushort or uint), one for each step (MapValueToKey " +
        "makes them of a " +
        "vector of tags). Columns that would fit: 'Tokens'.");

    [Fact]
    public void A_label_of_text() => Refuses<ArgumentOutOfRangeException>(
        new TestView(s_tokens, TestColumn.Texts("Label", "x", "y", "z")),
        "Column 'Label' is String, but must be a vector of keys");

    [Fact]
    public void A_missing_feature_column() => Refuses<ArgumentOutOfRangeException>(
        new TestView(TestColumn.Keys("Label", 3, [1], [2])), "There is no column 'Tokens'.");

    [Fact]
    public void No_rows() => Refuses<InvalidOperationException>(
        new TestView(s_tokens, TestColumn.Keys("Label", 3, [1, 2], [3, 1, 1, 1], [2])).TakeNone(),
        "The training data has no rows with any step.");

    [Fact]
    public void Only_rows_without_steps() => Refuses<InvalidOperationException>(
        new TestView(TestColumn.Keys("Tokens", 3, [], []), TestColumn.Keys("Label", 3, [], [])),
        "The training data has no rows with any step.");

    [Fact]
    public void Only_missing_labels() => Refuses<InvalidOperationException>(
        new TestView(s_tokens, TestColumn.Keys("Label", 3, [0, 0], [0, 0, 0, 0], [0])),
        "labels in column 'Label' are missing in all 3 of them");

    [Fact]
    public void One_class_only() => Refuses<InvalidOperationException>(
        new TestView(s_tokens, TestColumn.Keys("Label", 3, [1, 1], [0, 1, 1, 1], [1])),
        "Column 'Label': all steps that count have the same label");

    [Fact]
    public void A_label_of_one_key() => Refuses<ArgumentOutOfRangeException>(
        new TestView(s_tokens, TestColumn.Keys("Label", 1, [1, 1], [0, 1, 1, 1], [1])),
        "a label of 1 class, where 2 to 1000000 can be learned");

    [Fact]
    public void Early_stopping_without_rows_to_stop_by() => Refuses<InvalidOperationException>(
        new TestView(s_tokens, TestColumn.Keys("Label", 3, [1, 2], [3, 1, 1, 1], [2])),
        "EarlyStoppingPatience is 2, but there are no validation rows", TaggedExamples.Glance with { EarlyStoppingPatience = 2 });

    [Fact]
    public void Class_weights_that_are_not_one_for_each_class() => Refuses<ArgumentException>(
        new TestView(s_tokens, TestColumn.Keys("Label", 3, [1, 2], [3, 1, 1, 1], [2])),
        "ClassWeights has 2 weights, but the label has 3 classes",
        TaggedExamples.Glance with { ClassWeights = ClassWeights.Of(1, 2) });

    [Fact]
    public void A_validation_set_prepared_by_other_transforms()
    {
        IDataView other = _ml.TagKeys().Fit(_ml.TaggedView(5, seed: 3)).Transform(_ml.TaggedView(20));
        string error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.Tagger(TaggedExamples.Glance).Fit(_ml.Prepared(30), other)).Message;
        Assert.Contains("The validation set does not fit the training set.", error);
    }

    [Fact]
    public void Scoring_tokens_of_another_vocabulary()
    {
        TaggingTransformer model = _ml.Tagger(TaggedExamples.Glance).Fit(_ml.Prepared(30));
        string error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            model.Transform(new TestView(TestColumn.Keys("Tokens", 9, [1])))).Message;
        Assert.Contains(
            "Column 'Tokens' holds tokens of a vocabulary of 9, but the model was trained on tokens of a vocabulary of 4.",
            error);
    }

    private void Refuses<T>(IDataView data, string message, TaggingOptions? options = null) where T : Exception =>
        Assert.Contains(message, Assert.Throws<T>(() => _ml.Tagger(options ?? TaggedExamples.Glance).Fit(data)).Message);
}
