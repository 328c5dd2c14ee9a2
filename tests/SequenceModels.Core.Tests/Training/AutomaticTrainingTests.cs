using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Training;

/// <summary>Options that are left to the rows and to the kind of their steps.</summary>
public class AutomaticTrainingTests
{
    private static readonly StepFeatures s_tokens = [StepFeature.Tokens(3, 2)], s_frames = [StepFeature.Frames(1)];

    [Theory]
    [InlineData(20, 16, 50)] // 2 batches in an epoch
    [InlineData(800, 16, 20)]
    [InlineData(999, 16, 16)]
    [InlineData(1_000, 32, 32)]
    [InlineData(20_000, 32, 10)]
    public void Few_rows_are_learned_from_more_often_and_in_small_batches(int rows, int batchSize, int epochs)
    {
        using SequenceDataset data = Rows(rows);
        TrainingOptions options = new SequenceTrainerOptions().For(data, isSplit: true);
        Assert.Equal((batchSize, epochs), (options.BatchSize, options.NumberOfEpochs));
    }

    [Fact]
    public void What_is_set_is_kept_and_rows_set_aside_do_not_count()
    {
        using SequenceDataset data = Rows(800);
        Assert.Equal((50, 7), Sizes(new() { BatchSize = 50, NumberOfEpochs = 7 }, true));
        Assert.Equal((8, 10), Sizes(new() { BatchSize = 8 }, true));
        Assert.Equal((16, 40), Sizes(new() { ValidationFraction = 0.5 }, true));
        Assert.Equal((16, 20), Sizes(new() { ValidationFraction = 0.5 }, false));

        (int, int) Sizes(SequenceTrainerOptions options, bool isSplit) =>
            options.For(data, isSplit) is var filled ? (filled.BatchSize, filled.NumberOfEpochs) : default;
    }

    [Fact]
    public void An_update_of_a_language_model_is_a_piece_of_a_batch()
    {
        using var data = new SequenceDataset(s_tokens, targets: rows => new NextStepTargets(rows));
        for (int row = 0; row < 32; row++)
            data.Add(new uint[6_401], [], 1);
        var options = new LanguageModelOptions { NumberOfEpochs = TrainingOptions.AutomaticEpochs };
        Assert.Equal(10, options.For(data, isSplit: true).NumberOfEpochs); // 100 pieces of 64 steps
    }

    [Fact]
    public void Tokens_and_frames_have_defaults_of_their_own()
    {
        var options = new SequenceTrainerOptions();
        Assert.Equal(options, options with { });
        var tokens = (SequenceTrainerOptions)options.For(s_tokens);
        var frames = (SequenceTrainerOptions)options.For(s_frames);
        Assert.Equal((SequencePooling.Max, SequencePooling.Last), (tokens.Pooling, frames.Pooling));
        Assert.Equal((options.Dropout, options.LearningRate, options.Pooling),
            (tokens.Dropout, tokens.LearningRate, tokens.Pooling));
        Assert.NotEqual((tokens.Dropout, tokens.LearningRate), (frames.Dropout, frames.LearningRate));
        Assert.Equal(frames, frames.For(s_tokens)); // nothing is left to fill

        SequenceTrainerOptions set = new() { Dropout = 0.7f, LearningRate = 7, Pooling = SequencePooling.Mean };
        Assert.Equal(set, set.For(s_tokens));
        Assert.Equal(set, set.For(s_frames));
        Assert.Equal(new TaggingOptions(), new TaggingOptions().For(s_tokens));
    }

    [Theory]
    [InlineData(512, false, null, 1f)]
    [InlineData(513, false, null, 1f / 3)]
    [InlineData(50_000, false, null, 1f / 3)]
    [InlineData(50_000, true, null, 1f)]
    [InlineData(50_000, false, 1f, 1f)]
    [InlineData(20, false, 0.1f, 0.1f)]
    public void Vectors_of_a_language_model_begin_by_the_number_of_tokens(int tokens, bool tied, float? set, float deviation)
    {
        var options = new LanguageModelOptions { TiedEmbeddings = tied, EmbeddingSize = 128 };
        if (set is { } value)
            options = options with { EmbeddingDeviation = value };
        StepFeatures inputs = [StepFeature.Tokens(tokens, embeddingSize: 8)];
        var filled = (LanguageModelOptions)options.For(inputs);
        Assert.Equal(deviation, filled.EmbeddingDeviation);
        Assert.Equal(filled, filled.For(inputs));
        Assert.Equal(set ?? 1, options.EmbeddingDeviation);
    }

    [Fact]
    public void A_network_is_trained_with_what_was_filled_in()
    {
        using SequenceDataset data = Rows(40);
        NetworkShape shape = new()
        {
            Input = StepFeatureKind.Frames, InputSize = 1, Cell = "GRU", HiddenSize = 3, Head = HeadKind.Sigmoid,
            NumberOfOutputs = 1,
        };
        var job = new TrainingJob { Spec = shape, Data = data, Options = new SequenceTrainerOptions(), Seed = 1 };
        TrainingResult result = Trainer.Train(job);
        Assert.Equal(50, result.History.Count);
        Trainings.AssertSame(Trainer.Train(job.Completed()), result);
    }

    private static SequenceDataset Rows(int count)
    {
        var data = new SequenceDataset(s_frames);
        for (int row = 0; row < count; row++)
            data.Add([row % 3, row % 2], row % 2);
        return data;
    }
}
