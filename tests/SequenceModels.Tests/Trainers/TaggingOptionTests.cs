using Microsoft.ML;
using SequenceModels.Interop;
using SequenceModels.Layers;
using Xunit;

namespace SequenceModels.Tests.Trainers;

/// <summary>No option of a tagger is dead: changing it changes what the model says.</summary>
public class TaggingOptionTests
{
    private static readonly TaggingOptions Base = TaggedExamples.Glance with { Bidirectional = false };

    /// <summary>A change of each option that must show in the scores.</summary>
    private static readonly Dictionary<string, TaggingOptions> Changed = new()
    {
        [nameof(Base.HiddenSize)] = Base with { HiddenSize = 9 },
        [nameof(Base.NumberOfLayers)] = Base with { NumberOfLayers = 2 },
        [nameof(Base.Bidirectional)] = Base with { Bidirectional = true },
        [nameof(Base.CellKind)] = Base with { CellKind = RecurrentCellKind.LayerNorm },
        [nameof(Base.EmbeddingSize)] = Base with { EmbeddingSize = 0 },
        [nameof(Base.Dropout)] = Base with { Dropout = 0.2f },
        [nameof(Base.RecurrentDropout)] = Base with { RecurrentDropout = 0.2f },
        [nameof(Base.WordDropout)] = Base with { WordDropout = 0.2f },
        [nameof(Base.NumberOfEpochs)] = Base with { NumberOfEpochs = 3 },
        [nameof(Base.BatchSize)] = Base with { BatchSize = 17 },
        [nameof(Base.Optimizer)] = Base with { Optimizer = SequenceOptimizer.Sgd() },
        [nameof(Base.LearningRate)] = Base with { LearningRate = 0.021f },
        [nameof(Base.LearningRateSchedule)] = Base with { LearningRateSchedule = LearningRateSchedule.Cosine() },
        [nameof(Base.GradientClipNorm)] = Base with { GradientClipNorm = 0.01f },
        [nameof(Base.TruncatedBackpropagationSteps)] = Base with { TruncatedBackpropagationSteps = 2 },
        [nameof(Base.LabelSmoothing)] = Base with { LabelSmoothing = 0.1f },
        [nameof(Base.ClassWeights)] = Base with { ClassWeights = ClassWeights.Of(1, 3, 1, 1) },
        [nameof(Base.ValidationFraction)] = Base with { ValidationFraction = 0.2 },
        [nameof(Base.EarlyStoppingPatience)] = Base with { ValidationFraction = 0.2, EarlyStoppingPatience = 1, LearningRate = 0.5f, NumberOfEpochs = 6 },
        [nameof(Base.Seed)] = Base with { Seed = 4 },
        [nameof(Base.TagDecoding)] = Base with { TagDecoding = TagDecoding.Crf },
    };

    /// <summary>Options that must not show in the scores of words; their effect is shown elsewhere.</summary>
    private static readonly string[] Silent =
    [
        nameof(Base.NumberOfThreads), // TaggingTrainingTests.Threads_do_not_change_a_bit
        nameof(Base.MaximumMemoryBytes), // Rows_in_a_temporary_file_train_the_same_model
        nameof(Base.Progress), nameof(Base.CancellationToken), nameof(Base.CheckpointPath), nameof(Base.OnCancel), // TaggingTrainingTests
        nameof(Base.FrameScaling), // Scaled_frames_give_other_scores
        nameof(Base.PretrainedVectors), // TaggingFeatureTests
        nameof(Base.Pooling), // no effect, as is documented
        nameof(Base.CharacterHiddenSize), nameof(Base.CharacterEmbeddingSize), // TaggingFeatureTests
    ];

    private readonly MLContext _ml = new(1);

    public static TheoryData<string> Options => [.. Changed.Keys];

    [Theory]
    [MemberData(nameof(Options))]
    public void Changing_it_changes_the_scores(string option) => Assert.NotEqual(Scores(Base), Scores(Changed[option]));

    [Fact]
    public void Every_option_is_accounted_for() => Assert.Equal(
        typeof(TaggingOptions).GetProperties().Select(property => property.Name).Order(),
        Changed.Keys.Concat(Silent).Order());

    [Fact]
    public void Rows_in_a_temporary_file_train_the_same_model() => Assert.Equal(Scores(Base), Scores(Base with { MaximumMemoryBytes = 1 }));

    [Fact]
    public void Pooling_has_no_effect() => Assert.Equal(Scores(Base), Scores(Base with { Pooling = SequencePooling.Max }));

    [Fact]
    public void Scaled_frames_give_other_scores()
    {
        var view = new TestView(TestColumn.Numbers("Frames", [0, 2], [1, 5, 2, 4], [3, 2]), TestColumn.Keys("Label", 2, [1, 2], [2]));
        Assert.NotEqual(TaggingTests.Bits(_ml.Tagger(Base, "Frames").Fit(view), view),
            TaggingTests.Bits(_ml.Tagger(Base with { FrameScaling = FrameScaling.Standard }, "Frames").Fit(view), view));
    }

    private string[] Scores(TaggingOptions options)
    {
        IDataView data = _ml.Prepared(60);
        return TaggingTests.Bits(_ml.Tagger(options).Fit(data), data);
    }
}
