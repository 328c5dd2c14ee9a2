using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Interop;
using SequenceModels.Layers;
using Xunit;

namespace SequenceModels.Tests.Trainers;

/// <summary>No option is dead: changing it changes what the model says.</summary>
public class OptionTests
{
    private static readonly SequenceTrainerOptions Base = Examples.Glance;

    /// <summary>A change of each option that must show in the scores.</summary>
    private static readonly Dictionary<string, SequenceTrainerOptions> Changed = new()
    {
        [nameof(Base.HiddenSize)] = Base with { HiddenSize = 9 },
        [nameof(Base.NumberOfLayers)] = Base with { NumberOfLayers = 2 },
        [nameof(Base.Bidirectional)] = Base with { Bidirectional = true },
        [nameof(Base.CellKind)] = Base with { CellKind = RecurrentCellKind.Peephole },
        [nameof(Base.EmbeddingSize)] = Base with { EmbeddingSize = 0 },
        [nameof(Base.PretrainedVectors)] = Base with { PretrainedVectors = WordVectors.FromFile(WordVectorTests.FileOf(Base.EmbeddingSize, "up", "down")) },
        [nameof(Base.Dropout)] = Base with { Dropout = 0.2f },
        [nameof(Base.RecurrentDropout)] = Base with { RecurrentDropout = 0.2f },
        [nameof(Base.WordDropout)] = Base with { WordDropout = 0.2f },
        [nameof(Base.Pooling)] = Base with { Pooling = SequencePooling.Mean },
        [nameof(Base.FrameScaling)] = Base with { FrameScaling = FrameScaling.Standard },
        [nameof(Base.NumberOfEpochs)] = Base with { NumberOfEpochs = 3 },
        [nameof(Base.BatchSize)] = Base with { BatchSize = 17 },
        [nameof(Base.Optimizer)] = Base with { Optimizer = SequenceOptimizer.Sgd() },
        [nameof(Base.LearningRate)] = Base with { LearningRate = 0.021f },
        [nameof(Base.LearningRateSchedule)] = Base with { LearningRateSchedule = LearningRateSchedule.Cosine() },
        [nameof(Base.GradientClipNorm)] = Base with { GradientClipNorm = 0.01f },
        [nameof(Base.TruncatedBackpropagationSteps)] = Base with { TruncatedBackpropagationSteps = 2 },
        [nameof(Base.LabelSmoothing)] = Base with { LabelSmoothing = 0.1f },
        [nameof(Base.ClassWeights)] = Base with { ClassWeights = ClassWeights.Of(1, 3) },
        [nameof(Base.ValidationFraction)] = Base with { ValidationFraction = 0.2 },
        [nameof(Base.EarlyStoppingPatience)] = Base with { ValidationFraction = 0.2, EarlyStoppingPatience = 1, LearningRate = 0.5f, NumberOfEpochs = 6 },
        [nameof(Base.Seed)] = Base with { Seed = 4 },
    };

    /// <summary>Options that must not show in the scores; their effect is shown elsewhere.</summary>
    private static readonly string[] Silent =
    [
        nameof(Base.NumberOfThreads), // ReproducibilityTests: the model is the same by promise
        nameof(Base.MaximumMemoryBytes), // ReproducibilityTests.Rows_in_a_temporary_file_train_the_same_model
        nameof(Base.Progress), nameof(Base.CancellationToken), // ReportTests
        nameof(Base.OnCancel), // CancellationTests
        nameof(Base.CheckpointPath), // CheckpointTests
    ];

    public static TheoryData<string> Options => [.. Changed.Keys];

    [Theory]
    [MemberData(nameof(Options))]
    public void Changing_it_changes_the_scores(string option)
    {
        bool ofFrames = option == nameof(Base.FrameScaling);
        Assert.NotEqual(Scores(Base, ofFrames), Scores(Changed[option], ofFrames));
    }

    [Fact]
    public void Every_option_is_accounted_for() => Assert.Equal(
        typeof(SequenceTrainerOptions).GetProperties().Select(property => property.Name).Order(),
        Changed.Keys.Concat(Silent).Order());

    [Fact]
    public void Each_kind_of_cell_learns_in_its_own_way() =>
        Assert.Equal(3, Enum.GetValues<RecurrentCellKind>().Select(kind => Scores(Base with { CellKind = kind }, false)[0]).Distinct().Count());

    [Fact]
    public void A_kind_that_a_cell_does_not_have_is_refused()
    {
        var ml = new MLContext(1);
        var options = new SequenceTrainerOptions { CellKind = RecurrentCellKind.Peephole };
        Exception refused = Assert.Throws<ArgumentOutOfRangeException>(() => ml.Regression.Trainers.Gru(options: options));
        Assert.StartsWith("SequenceTrainerOptions.CellKind must be Standard for GRU.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_pooling_reads_the_states_in_its_own_way() =>
        Assert.Equal(3, Enum.GetValues<SequencePooling>().Select(pooling => Scores(Base with { Pooling = pooling }, false)[0]).Distinct().Count());

    [Fact]
    public void Scaled_frames_do_not_mind_the_unit_they_are_measured_in()
    {
        var ml = new MLContext(1);
        SequenceTrainerOptions scaled = Examples.Quick with { FrameScaling = FrameScaling.Standard };
        IDataView metres = ml.View(100);
        List<Example> rows = Examples.Make(100);
        rows.ForEach(row => row.Readings = [.. row.Readings.Select(value => value * 1024 + 2048)]);
        IDataView millimetres = ml.Data.LoadFromEnumerable(rows);
        float[] expected = ml.SumTrainer(scaled).Fit(metres).Scores(metres);
        float[] found = ml.SumTrainer(scaled).Fit(millimetres).Scores(millimetres);
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 0.02));
    }

    private static float[] Scores(SequenceTrainerOptions options, bool ofFrames)
    {
        var ml = new MLContext(1);
        IDataView data = ml.View(60);
        return ofFrames ? ml.SumTrainer(options).Fit(data).Scores(data) : ml.BinaryPipeline(options).Fit(data).Scores(data);
    }
}
