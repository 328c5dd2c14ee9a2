using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Xunit;

namespace SequenceModels.Tests.Trainers;

/// <summary>What the log says of rows that are learned from, before anything goes wrong with them.</summary>
public class LogNoteTests
{
    private readonly MLContext _ml = new(1);
    private readonly List<(ChannelMessageKind Kind, string Text)> _log = [];

    public LogNoteTests() => _ml.Log += (_, message) => _log.Add((message.Kind, message.RawMessage));

    [Theory]
    [InlineData(1_000, true)]
    [InlineData(999, false)]
    public void Sequences_of_single_numbers_that_are_thousands_of_steps_long_may_be_frames(int steps, bool warned)
    {
        _ml.Regression.Trainers.Gru("Label", "Piano", options: Glance).Fit(new TestView(
            TestColumn.Numbers("Piano", [0], [.. Enumerable.Range(0, 3).Select(row => new float[steps])]), Labels));
        Assert.Equal(warned, Said(ChannelMessageKind.Warning, "Column 'Piano': the rows are sequences of single numbers"));
        Assert.Equal(warned, Said(ChannelMessageKind.Warning, "ReshapeSequence(\"Piano\", featuresPerStep)"));
    }

    [Fact]
    public void Frames_of_several_numbers_may_be_as_long_as_they_like()
    {
        _ml.Regression.Trainers.Gru("Label", "Piano", options: Glance).Fit(new TestView(
            TestColumn.Numbers("Piano", [0, 2], [.. Enumerable.Range(0, 3).Select(row => new float[3_000])]), Labels));
        Assert.False(Said(ChannelMessageKind.Warning, "Piano"));
    }

    [Fact]
    public void A_property_can_say_how_many_numbers_a_step_has()
    {
        IDataView rows = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 3).Select(_ => new Piano { Keys = new float[4_400] }));
        Assert.Equal([0, 88], ((VectorDataViewType)rows.Schema["Keys"].Type).Dimensions);
        _ml.Regression.Trainers.Gru("Label", "Keys", options: Glance).Fit(rows);
        Assert.False(Said(ChannelMessageKind.Warning, "Keys"));
    }

    private sealed class Piano
    {
        [VectorType(0, 88)]
        public float[] Keys { get; set; } = [];

        public float Label { get; set; }
    }

    [Fact]
    public void Training_rows_without_an_unknown_token_are_noted_where_training_makes_none()
    {
        const string Note = "no training row has an unknown token, and SequenceTrainerOptions.WordDropout is 0";
        _ml.BinaryPipeline(Examples.Glance with { WordDropout = 0.1f }).Fit(_ml.View(30));
        Assert.False(Said(ChannelMessageKind.Info, "unknown token"));
        _ml.Transforms.Text.TokenizeIntoSequence("Features", "Text", SequenceTokenization.Words(maximumVocabularySize: 3))
            .Append(_ml.BinaryClassification.Trainers.Lstm("Positive", options: Examples.Glance with { WordDropout = 0 }))
            .Fit(_ml.View(30));
        Assert.False(Said(ChannelMessageKind.Info, "unknown token"));
        _ml.BinaryPipeline(Examples.Glance with { WordDropout = 0 }).Fit(_ml.View(30));
        Assert.True(Said(ChannelMessageKind.Info, $"Column 'Features': {Note}"));
    }

    [Fact]
    public void What_a_largest_vocabulary_leaves_out_is_counted()
    {
        Fit(SequenceTokenization.Whitespace(maximumVocabularySize: 2), "a a a b b c c d", "a e");
        Assert.True(Said(ChannelMessageKind.Info,
            "'Text': MaximumVocabularySize = 2 leaves out 3 tokens, 40.00 % of the text: they become unknown (key 0)"));
        _log.Clear();
        Fit(SequenceTokenization.Whitespace(maximumVocabularySize: 2, minimumCount: 2), "a a a b b c c d", "a e");
        Assert.True(Said(ChannelMessageKind.Info, "leaves out 1 token, 20.00 % of the text"));
        _log.Clear();
        Fit(SequenceTokenization.Whitespace(maximumVocabularySize: 5), "a a a b b c c d", "a e");
        Assert.False(Said(ChannelMessageKind.Info, "leaves out"));

        void Fit(SequenceTokenization tokenization, params string[] texts) =>
            _ml.Transforms.Text.TokenizeIntoSequence("Tokens", "Text", tokenization)
                .Fit(new TestView(TestColumn.Texts("Text", texts)));
    }

    private static SequenceTrainerOptions Glance => Examples.Glance with { HiddenSize = 2, NumberOfEpochs = 1 };

    private static TestColumn Labels => TestColumn.Of("Label", NumberDataViewType.Single, 1f, 2f, 3f);

    private bool Said(ChannelMessageKind kind, string text) =>
        _log.Any(line => line.Kind == kind && line.Text.Contains(text, StringComparison.Ordinal));
}
