using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Sequences;
using Xunit;

namespace SequenceModels.Tests.Trainers;

/// <summary>The kinds of sequence that a trainer reads, and the odd sequences among them.</summary>
public class InputTests
{
    private readonly MLContext _ml = new(1);

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    public void One_hot_steps_and_the_keys_they_came_from_train_the_same_network(int embeddingSize)
    {
        SequenceTrainerOptions options = Examples.Glance with { EmbeddingSize = embeddingSize };
        IDataView data = _ml.Tokens()
            .Append(_ml.Transforms.Categorical.OneHotSequenceEncoding("OneHot", "Features"))
            .Append(_ml.Transforms.Conversion.MapKeyToVector("Indicator", "Features", outputCountVector: false))
            .Fit(_ml.View(60)).Transform(_ml.View(60));
        SequencePredictionTransformer keys = Fit("Features"), oneHot = Fit("OneHot"), indicator = Fit("Indicator");

        Assert.Equal(keys.Model.Network.Bytes(), oneHot.Model.Network.Bytes());
        Assert.Equal(keys.Model.Network.Bytes(), indicator.Model.Network.Bytes());
        Assert.Equal(keys.Scores(data), oneHot.Scores(data));
        Assert.Equal(keys.Scores(data), indicator.Scores(data));

        SequencePredictionTransformer Fit(string feature) =>
            _ml.BinaryClassification.Trainers.Lstm(nameof(Example.Positive), feature, options: options).Fit(data);
    }

    [Fact]
    public void ML_NETs_own_one_hot_encoding_trains_like_its_keys()
    {
        IDataView data = _ml.Transforms.Text.TokenizeIntoWords("Words", nameof(Example.Text))
            .Append(_ml.Transforms.Conversion.MapValueToKey("Keys", "Words"))
            .Append(_ml.Transforms.Categorical.OneHotEncoding("OneHot", "Words"))
            .Fit(_ml.View(60)).Transform(_ml.View(60));
        SequencePredictionTransformer keys = Fit("Keys"), oneHot = Fit("OneHot");

        Assert.Equal(StepFeatureKind.Tokens, oneHot.Model.Network.Spec.Inputs[0].Kind);
        Assert.Equal(keys.Model.Network.Bytes(), oneHot.Model.Network.Bytes());
        Assert.Equal(keys.Scores(data), oneHot.Scores(data));

        SequencePredictionTransformer Fit(string feature) =>
            _ml.BinaryClassification.Trainers.Gru(nameof(Example.Positive), feature, options: Examples.Glance).Fit(data);
    }

    /// <summary>
    /// Two valves of which one or none was open in every training row: still two numbers, and both may be open.
    /// </summary>
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Frames_that_look_one_hot_in_training_stay_frames(int steps)
    {
        SchemaDefinition twos = Examples.Dimensions<Pairs>(nameof(Pairs.Features), steps, 2);
        IDataView data =
            _ml.Data.LoadFromEnumerable(
                [new Pairs { Features = [0, 1, 1, 0], Label = 1 }, new Pairs { Features = [1, 0, 0, 0], Label = 2 }], twos);
        SequencePredictionTransformer model =
            _ml.Regression.Trainers.Rnn(options: Examples.Glance with { FrameScaling = FrameScaling.Standard }).Fit(data);
        Assert.False(model.Model.Network.TakesTokens);
        Assert.Single(model.Scores(_ml.Data.LoadFromEnumerable([new Pairs { Features = [1, 1, 0.5f, 0] }], twos)));
    }

    [Fact]
    public void Frames_of_fixed_and_of_variable_number_are_read_alike()
    {
        List<Example> rows = Examples.Make(100);
        IDataView constant = _ml.Data.LoadFromEnumerable(rows, Examples.Framed);
        IDataView variable = _ml.Data.LoadFromEnumerable(rows, Examples.Dimensions<Example>(nameof(Example.Frames), 0, 2));
        SequenceTrainer trainer = FrameTrainer();
        Assert.Equal(trainer.Fit(constant).Scores(constant), trainer.Fit(variable).Scores(variable));
    }

    [Fact]
    public void A_flat_vector_of_the_trained_size_is_taken_as_the_trained_frames()
    {
        List<Example> rows = Examples.Make(20);
        IDataView framed = _ml.Data.LoadFromEnumerable(rows, Examples.Framed);
        SequencePredictionTransformer model = FrameTrainer().Fit(framed);
        Assert.Equal(2, model.Model.Network.InputSize);
        Assert.Equal(model.Scores(framed), model.Scores(_ml.Data.LoadFromEnumerable(rows)));
    }

    [Fact]
    public void A_vector_of_a_fixed_number_of_keys_is_a_sequence()
    {
        Fixed[] rows =
            [new() { Features = [1, 2, 3], Label = true }, new() { Features = [3, 2, 1] }, new() { Features = [0, 0, 2] }];
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        SequencePredictionTransformer model = _ml.BinaryClassification.Trainers.Lstm(options: Examples.Quick).Fit(data);
        Assert.Equal(rows.Select(row => row.Label), model.Transform(data).GetColumn<bool>("PredictedLabel"));
        Assert.Equal(3, model.Model.Network.Spec.Inputs[0].Size);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    public void Words_never_seen_are_all_the_same_unknown_step(int embeddingSize)
    {
        var model = _ml.BinaryPipeline(Examples.Glance with { EmbeddingSize = embeddingSize }).Fit(_ml.View(60));
        float[] scores = Score(model, "up unseen down", "up neverheard down", "up down");
        Assert.Equal(scores[0], scores[1]);
        Assert.NotEqual(scores[0], scores[2]);
    }

    [Fact]
    public void An_empty_text_is_trained_on_and_scored()
    {
        List<Example> rows = Examples.Make(60);
        rows.AddRange(Enumerable.Range(0, 30).Select(_ => new Example { Text = "", Positive = true }));
        var model = _ml.BinaryPipeline().Fit(_ml.Data.LoadFromEnumerable(rows));
        float[] scores = Score(model, "", "red up down");
        Assert.True(scores[0] > 0, $"the score of an empty text is {scores[0]}");
        Assert.Equal(scores[0], Assert.Single(model.LastTransformer.Model.Network.Score(ReadOnlySpan<uint>.Empty)));
    }

    [Fact]
    public void Nothing_but_empty_texts_is_scored_alike()
    {
        var model = _ml.BinaryPipeline(Examples.Glance).Fit(_ml.View(30));
        float[] scores = Score(model, "", "", "");
        Assert.All(scores, score => Assert.Equal(scores[0], score));
    }

    [Fact]
    public void A_sequence_of_ten_thousand_steps_is_trained_on_and_scored()
    {
        List<Example> rows = Examples.Make(8);
        rows[5].Text = string.Join(' ', Enumerable.Repeat("x up", 5_000));
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        float[] scores = _ml.BinaryPipeline(Examples.Glance).Fit(data).Scores(data);
        Assert.All(scores, score => Assert.True(float.IsFinite(score), $"a score is {score}"));
    }

    private SequenceTrainer FrameTrainer() =>
        _ml.Regression.Trainers.Lstm(nameof(Example.LastOfFrames), nameof(Example.Frames), options: Examples.Glance);

    private float[] Score(ITransformer model, params string[] texts) =>
        model.Scores(_ml.Data.LoadFromEnumerable(texts.Select(text => new Example { Text = text })));

    private sealed class Pairs
    {
        public float Label { get; set; }

        [VectorType]
        public float[] Features { get; set; } = [];
    }

    private sealed class Fixed
    {
        public bool Label { get; set; }

        [KeyType(3)]
        [VectorType(3)]
        public uint[] Features { get; set; } = [];
    }
}
