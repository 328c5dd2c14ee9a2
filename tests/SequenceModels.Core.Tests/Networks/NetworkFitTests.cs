using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using Xunit;

namespace SequenceModels.Tests;

/// <summary>What a network cannot do is said by one place, whoever asks.</summary>
public class NetworkFitTests
{
    private static NetworkShape Words => new()
    {
        Input = StepFeatureKind.Tokens, InputSize = 4, EmbeddingSize = 2, Cell = "GRU", HiddenSize = 3, Head = HeadKind.Softmax,
        NumberOfOutputs = 3,
    };

    private static NetworkShape Next => Words with { EveryStep = true, NumberOfOutputs = 5 };

    private static NetworkShape Chords =>
        Next with { Input = StepFeatureKind.Frames, EmbeddingSize = 0, Head = HeadKind.MultiLabel, NumberOfOutputs = 4 };

    private static NetworkShape Bounds => Words with
    {
        Input = StepFeatureKind.Frames,
        EmbeddingSize = 0,
        Head = HeadKind.SquaredError,
        NumberOfOutputs = 6,
        Quantiles = new(0.1f, 0.9f),
    };

    private static StepFeatures Shapes => [StepFeature.Frames(2)];

    [Fact]
    public void A_prediction_needs_its_head_one_output_and_a_name_for_each_class()
    {
        Assert.Null(NetworkFit.ToPredict(Words, HeadKind.Softmax, 3));
        Assert.Null(NetworkFit.ToPredict(Words, HeadKind.Softmax, null));
        Assert.Null(NetworkFit.ToPredict(Words with { Bidirectional = true }, HeadKind.Softmax, null));
        Assert.Contains("MultiLabel", NetworkFit.ToPredict(Words with { Head = HeadKind.MultiLabel }, HeadKind.Softmax, 3),
            StringComparison.Ordinal);
        Assert.Contains("every step", NetworkFit.ToPredict(Words with { EveryStep = true }, HeadKind.Softmax, 3),
            StringComparison.Ordinal);
        Assert.Null(NetworkFit.ToPredict(Words with { Features = Shapes }, HeadKind.Softmax, 3));
        Assert.Contains("3 outputs, where 4 classes", NetworkFit.ToPredict(Words, HeadKind.Softmax, 4), StringComparison.Ordinal);
    }

    [Fact]
    public void Tags_need_classes_for_every_step()
    {
        NetworkShape tags = Words with { EveryStep = true };
        Assert.Null(NetworkFit.ToTag(tags, 3));
        Assert.Null(NetworkFit.ToTag(tags with { Head = HeadKind.Crf, Features = Shapes, Bidirectional = true }, null));
        Assert.Contains("MultiLabel", NetworkFit.ToTag(tags with { Head = HeadKind.MultiLabel }, 3), StringComparison.Ordinal);
        Assert.Contains("one output", NetworkFit.ToTag(Words, 3), StringComparison.Ordinal);
        Assert.Contains("2 classes", NetworkFit.ToTag(tags, 2), StringComparison.Ordinal);
    }

    [Fact]
    public void A_language_model_predicts_what_it_reads_from_what_came_before()
    {
        Assert.Null(NetworkFit.ToContinue(Next, 4));
        Assert.Null(NetworkFit.ToContinue(Chords, null));
        Assert.Contains("MultiLabel", NetworkFit.ToContinue(Next with { Head = HeadKind.MultiLabel }, 4),
            StringComparison.Ordinal);
        Assert.Contains("Softmax", NetworkFit.ToContinue(Chords with { Head = HeadKind.Softmax }, null),
            StringComparison.Ordinal);
        Assert.Contains("later steps", NetworkFit.ToContinue(Next with { Bidirectional = true }, 4), StringComparison.Ordinal);
        Assert.Contains("one output", NetworkFit.ToContinue(Next with { EveryStep = false }, 4), StringComparison.Ordinal);
        Assert.Contains("4 outputs", NetworkFit.ToContinue(Next with { NumberOfOutputs = 4 }, 4), StringComparison.Ordinal);
        Assert.Contains("Frames of 2", NetworkFit.ToContinue(Next with { Features = Shapes }, 4), StringComparison.Ordinal);
        Assert.Contains("3 tokens", NetworkFit.ToContinue(Next, 3), StringComparison.Ordinal);
        Assert.Contains("4 tokens", NetworkFit.ToContinue(Chords, 4), StringComparison.Ordinal);
    }

    [Fact]
    public void A_forecast_has_bounds_for_each_label_and_reads_its_windows()
    {
        Assert.Null(NetworkFit.ToForecast(Bounds, HeadKind.SquaredError, new(0.1f, 0.9f), labels: 2, frameSize: 4,
            linearSteps: 0));
        Assert.Contains("AbsoluteError", NetworkFit.ToForecast(Bounds, HeadKind.AbsoluteError, new(0.1f, 0.9f), 2, 4, 0),
            StringComparison.Ordinal);
        Assert.Contains("0.2", NetworkFit.ToForecast(Bounds, HeadKind.SquaredError, new(0.2f, 0.8f), 2, 4, 0),
            StringComparison.Ordinal);
        Assert.Contains("6 outputs, where the forecast has 9",
            NetworkFit.ToForecast(Bounds, HeadKind.SquaredError, new(0.1f, 0.9f), 3, 4, 0), StringComparison.Ordinal);
        Assert.Contains("Frames of 5", NetworkFit.ToForecast(Bounds, HeadKind.SquaredError, new(0.1f, 0.9f), 2, 5, 0),
            StringComparison.Ordinal);
        Assert.Contains("Frames of 2", NetworkFit.ToForecast(Bounds with { Features = Shapes }, HeadKind.SquaredError,
            new(0.1f, 0.9f), 2, 4, 0), StringComparison.Ordinal);
        Assert.Contains("linear path from 0 steps, where the forecast has one from 8",
            NetworkFit.ToForecast(Bounds, HeadKind.SquaredError, new(0.1f, 0.9f), 2, 4, 8), StringComparison.Ordinal);
    }

    [Fact]
    public void Whether_a_sequence_may_be_read_in_pieces_is_asked_of_the_shape()
    {
        Assert.True(Next.Spec.ReadsInPieces);
        Assert.False((Next with { Bidirectional = true }).Spec.ReadsInPieces);
        Assert.False((Next with { Head = HeadKind.Crf }).Spec.ReadsInPieces);
        Assert.False(Words.Spec.ReadsInPieces);
        Assert.Null(Words.Spec.NeedsWholeSequences);
    }
}
