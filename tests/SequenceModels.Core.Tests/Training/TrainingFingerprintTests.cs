using System.Globalization;
using SequenceModels.Heads;
using SequenceModels.Layers;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using SequenceModels.Tests.Sequences;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Training;

/// <summary>
/// A checkpoint goes on in its own training only: whatever decides a weight must be the same, and nothing else must.
/// </summary>
public sealed class TrainingFingerprintTests : IDisposable
{
    private const string Theirs = "LSTM, topic of 'A' by 'B'", Ours = "LSTM, topic of 'C' by 'D'";

    private static readonly TrainingJob s_job = Trainings.All["no validation"]
        .With(o => o with { Seed = 1, NumberOfEpochs = 3 }) with
    { Subject = Theirs };

    private static readonly TrainingJob s_initial = Trainings.All["from an initial model"];

    private readonly TemporaryFolder _folder = new();

    private string Path => System.IO.Path.Combine(_folder.Name, "training.checkpoint");

    public void Dispose() => _folder.Dispose();

    /// <summary>A change of each option that decides weights.</summary>
    private static readonly Dictionary<string, Func<SequenceTrainerOptions, SequenceTrainerOptions>> s_changes = new()
    {
        [nameof(SequenceTrainerOptions.Dropout)] = o => o with { Dropout = 0.1f },
        [nameof(SequenceTrainerOptions.VariationalDropout)] = o => o with { VariationalDropout = true },
        [nameof(SequenceTrainerOptions.RecurrentDropout)] = o => o with { RecurrentDropout = 0.1f },
        [nameof(SequenceTrainerOptions.WordDropout)] = o => o with { WordDropout = 0.1f },
        [nameof(SequenceTrainerOptions.EmbeddingDeviation)] = o => o with { EmbeddingDeviation = 0.5f },
        [nameof(SequenceTrainerOptions.FrameScaling)] = o => o with { FrameScaling = FrameScaling.Standard },
        [nameof(SequenceTrainerOptions.BatchSize)] = o => o with { BatchSize = 15 },
        [nameof(SequenceTrainerOptions.Optimizer)] = o => o with { Optimizer = SequenceOptimizer.AdamW() },
        [nameof(SequenceTrainerOptions.LearningRate)] = o => o with { LearningRate = MathF.BitIncrement(o.LearningRate) },
        [nameof(SequenceTrainerOptions.LearningRateSchedule)] = o =>
            o with { LearningRateSchedule = LearningRateSchedule.StepDecay() },
        [nameof(SequenceTrainerOptions.GradientClipNorm)] = o => o with { GradientClipNorm = float.PositiveInfinity },
        [nameof(SequenceTrainerOptions.AverageWeights)] = o => o with { AverageWeights = 0.9f },
        [nameof(SequenceTrainerOptions.TruncatedBackpropagationSteps)] = o => o with { TruncatedBackpropagationSteps = 7 },
        [nameof(SequenceTrainerOptions.LabelSmoothing)] = o => o with { LabelSmoothing = 0.1f },
        [nameof(SequenceTrainerOptions.ClassWeights)] = o => o with { ClassWeights = ClassWeights.Of(1, 2, 1, 1) },
        [nameof(SequenceTrainerOptions.FrozenEpochs)] = o => o with { FrozenEpochs = 1 },
        [nameof(SequenceTrainerOptions.LayerRateDecay)] = o => o with { LayerRateDecay = 0.5f },
        [nameof(SequenceTrainerOptions.ValidationFraction)] = o => o with { ValidationFraction = 0.1 },
        [nameof(SequenceTrainerOptions.EarlyStoppingPatience)] = o => o with { EarlyStoppingPatience = 3 },
        [nameof(SequenceTrainerOptions.SelectBy)] = o => o with { SelectBy = TrainingSelection.Accuracy },
        [nameof(SequenceTrainerOptions.Seed)] = o => o with { Seed = 2 },
    };

    /// <summary>A change of each part of the shape; most are refused before anything would be read.</summary>
    private static readonly Dictionary<string, Func<NetworkShape, NetworkShape>> s_shapes = new()
    {
        [nameof(NetworkShape.Input)] = s => s with { Input = StepFeatureKind.Frames },
        [nameof(NetworkShape.InputSize)] = s => s with { InputSize = 5 },
        [nameof(NetworkShape.EmbeddingSize)] = s => s with { EmbeddingSize = 0 },
        [nameof(NetworkShape.TiedEmbeddings)] = s => s with { TiedEmbeddings = true },
        [nameof(NetworkShape.RowFeatureSize)] = s => s with { RowFeatureSize = 3 },
        [nameof(NetworkShape.LinearSteps)] = s => s with { LinearSteps = 3 },
        [nameof(NetworkShape.Features)] = s => s with { Features = [StepFeature.Frames(2)] },
        [nameof(NetworkShape.Quantiles)] = s => s with { Quantiles = new(0.5f) },
        [nameof(NetworkShape.Constraints)] = s => s with
        {
            Constraints = new CrfConstraints(new bool[,] { { true, false }, { true, true } }, [true, false], [true, true]),
        },
        [nameof(NetworkShape.Cell)] = s => s with { Cell = "GRU" },
        [nameof(NetworkShape.HiddenSize)] = s => s with { HiddenSize = 7 },
        [nameof(NetworkShape.NumberOfLayers)] = s => s with { NumberOfLayers = 2 },
        [nameof(NetworkShape.Bidirectional)] = s => s with { Bidirectional = true },
        [nameof(NetworkShape.Reversed)] = s => s with { Reversed = true },
        [nameof(NetworkShape.Pooling)] = s => s with { Pooling = SequencePooling.Max },
        [nameof(NetworkShape.EveryStep)] = s => s with { EveryStep = true },
        [nameof(NetworkShape.Head)] = s => s with { Head = HeadKind.Regression },
        [nameof(NetworkShape.NumberOfOutputs)] = s => s with { NumberOfOutputs = 5 },
    };

    /// <summary>What may differ, and the network is the same.</summary>
    private static readonly string[] s_free =
    [
        nameof(SequenceTrainerOptions.NumberOfThreads), nameof(SequenceTrainerOptions.Progress),
            nameof(SequenceTrainerOptions.CancellationToken),
        nameof(SequenceTrainerOptions.OnCancel), nameof(SequenceTrainerOptions.CheckpointPath),
        nameof(SequenceTrainerOptions.MaximumMemoryBytes), nameof(SequenceTrainerOptions.TimeBudget),
        nameof(SequenceTrainerOptions.Distribution),
    ];

    public static TheoryData<string> Options => [.. s_changes.Keys];

    public static TheoryData<string> ShapeParts => [.. s_shapes.Keys];

    [Theory]
    [MemberData(nameof(Options))]
    public void Another_value_of_an_option_is_refused(string option) => Refused(s_job, s_job.With(s_changes[option]), option);

    [Theory]
    [MemberData(nameof(ShapeParts))]
    public void Another_shape_is_refused(string part) => Refused(s_job, s_job with { Spec = s_shapes[part](s_job.Spec) }, part);

    [Fact]
    public void Other_rows_another_initial_model_and_another_subject_are_refused()
    {
        TrainingJob measured = Trainings.All["validation rows of their own"] with { Subject = Theirs };
        Refused(s_job, s_job with { Data = Altered(s_job.Data, weight: 2) }, "training rows");
        Refused(s_job, s_job with { Validation = measured.Validation }, "validation rows");
        Refused(measured, measured with { Validation = Altered(measured.Validation!, weight: 2) }, "validation rows");
        Refused(s_initial, s_initial with { Initial = null }, "initial model");
        Refused(s_initial, s_initial with { Initial = Trainer.Train(s_job).Trained }, "initial model");
        string message = Refused(s_job, s_job with { Subject = Ours }, "what is trained");
        Assert.Contains(
            $"'{Path}' is of another training and was left alone: {Theirs}, 1 of 3 epochs done, where this one is {Ours}.",
            message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_names_all_that_differs_and_both_values()
    {
        string message =
            Refused(s_job, s_job.With(o => o with { BatchSize = 15, Dropout = 0.25f, Seed = null }) with { Subject = Ours },
                "BatchSize");
        Assert.Contains("BatchSize (16, here 15)", message, StringComparison.Ordinal);
        Assert.Contains("Dropout (0, here 0.25)", message, StringComparison.Ordinal);
        Assert.Contains("Seed (1, here of the MLContext)", message, StringComparison.Ordinal);
        Assert.DoesNotContain("HiddenSize", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Threads_progress_cancellation_and_memory_may_differ()
    {
        TrainingResult whole = Trainer.Train(s_job);
        using var source = new CancellationTokenSource();
        Trainings.Stop(s_job.KeptIn(Path).StoppedAfter(1));
        File.Move(Path, Path + "2"); // the path itself may differ too
        TrainingJob changed = s_job.With(o => o with
        {
            NumberOfThreads = 2,
            Progress = new Progress<TrainingProgress>(),
            CancellationToken = source.Token,
            OnCancel = OnCancel.KeepBest,
            MaximumMemoryBytes = 1,
            TimeBudget = TimeSpan.FromDays(1),
            CheckpointPath = Path + "2",
        });
        int before = 0;
        Trainings.AssertSame(whole, Trainer.Train(changed with { OnResume = epochs => before = epochs }));
        Assert.Equal(1, before);
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public void Every_option_is_compared_or_known_to_decide_nothing()
    {
        string[] compared = [.. TrainingFingerprint.OfOptions(Plain.Options)
            .Concat(TrainingFingerprint.OfShape(s_job.Spec)).Select(trait => trait.Name)];
        string[] options = [.. typeof(SequenceTrainerOptions).GetProperties().Select(property => property.Name)];
        Assert.Contains("HiddenSize", options);
        Assert.Empty(options.Except(compared).Except(s_free).Except(
            // by what is in the file
            [nameof(SequenceTrainerOptions.NumberOfEpochs), nameof(SequenceTrainerOptions.PretrainedVectors),
             nameof(SequenceTrainerOptions.RowFeatureColumnName), nameof(SequenceTrainerOptions.FrameStacking),
             nameof(SequenceTrainerOptions.CharacterHiddenSize), nameof(SequenceTrainerOptions.CharacterEmbeddingSize),
             nameof(SequenceTrainerOptions.SubwordEmbeddingSize), nameof(SequenceTrainerOptions.NumberOfSubwordBuckets),
             nameof(SequenceTrainerOptions.CellKind)])); // by the name of the cell
        Assert.Empty(compared.Intersect(s_free));
        // The last are of texts alone, of forecasts and of transcription.
        Assert.Equal(s_changes.Keys.Append(nameof(TextTrainerOptions.AuxiliaryLossWeight)).Append("WindowsPerEpoch")
            .Append("FrameMasks").Order(),
            TrainingFingerprint.OfOptions(Plain.Options).Select(trait => trait.Name).Order());

        string[] parts = [.. typeof(EncoderSpec).GetProperties().Concat(typeof(OutputSpec).GetProperties())
            .Where(property => property.CanWrite && property.Name != nameof(EncoderSpec.Inputs))
            .Select(property => property.Name)];
        string[] one = ["Input", "InputSize", "EmbeddingSize"];
        Assert.Equal(parts.Concat(one).Order(), TrainingFingerprint.OfShape(s_job.Spec).Select(trait => trait.Name).Order());
        Assert.Equal([.. parts.Concat(one).Append("Features").Order()], s_shapes.Keys.Order());
    }

    [Fact]
    public void Every_parameter_of_optimizers_schedules_and_class_weights_is_compared()
    {
        SequenceTrainerOptions[] options =
        [
            .. new[]
            {
                SequenceOptimizer.Adam(), SequenceOptimizer.Adam(beta1: 0.8f), SequenceOptimizer.Adam(beta2: 0.99f),
                SequenceOptimizer.Adam(epsilon: 1e-7f), SequenceOptimizer.AdamW(0.1f), SequenceOptimizer.AdamW(0.2f),
                SequenceOptimizer.RmsProp(), SequenceOptimizer.RmsProp(decay: 0.8f), SequenceOptimizer.RmsProp(epsilon: 1e-7f),
                SequenceOptimizer.RmsProp(momentum: 0.1f), SequenceOptimizer.Sgd(), SequenceOptimizer.Sgd(momentum: 0.8f),
                SequenceOptimizer.Sgd(nesterov: true),
            }.Select(optimizer => Plain.Options with { Optimizer = optimizer }),
            .. new[]
            {
                LearningRateSchedule.StepDecay(), LearningRateSchedule.StepDecay(factor: 0.4f),
                    LearningRateSchedule.StepDecay(afterEpoch: 2),
                LearningRateSchedule.Cosine(), LearningRateSchedule.Cosine(0.1f), LearningRateSchedule.ReduceOnPlateau(),
                LearningRateSchedule.ReduceOnPlateau(factor: 0.4f), LearningRateSchedule.ReduceOnPlateau(patience: 3),
                LearningRateSchedule.ReduceOnPlateau(minimumRate: 1e-6f),
            }.Select(schedule => Plain.Options with { LearningRateSchedule = schedule }),
            .. new[] { ClassWeights.Balanced, ClassWeights.Of(1, 2), ClassWeights.Of(1, 2.5f), ClassWeights.Of(2, 1) }
                .Select(weights => Plain.Options with { ClassWeights = weights }),
        ];
        Assert.Equal(options.Length, options.Select(o => string.Join('|', TrainingFingerprint.OfOptions(o))).Distinct().Count());
    }

    [Fact]
    public void The_machines_culture_does_not_show()
    {
        TrainingJob job = Trainings.All["SGD, Nesterov, plateau"]
            .With(o => o with { ClassWeights = ClassWeights.Of(1, 2.5f, 1, 1), Seed = -5 });
        TrainingFingerprint here = TrainingFingerprint.Of(job);
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NegativeSign) = (",", "minus ");
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = culture;
            Assert.Equal("minus 0,5", $"{-0.5}");
            Assert.Equal(here.Traits, TrainingFingerprint.Of(job).Traits);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    /// <summary>
    /// Stops one training, and sees the other refused; the file stays as it is and still ends well. Gives the message.
    /// </summary>
    private string Refused(TrainingJob theirs, TrainingJob ours, string difference)
    {
        Trainings.Stop(theirs.KeptIn(Path).StoppedAfter(1));
        byte[] file = File.ReadAllBytes(Path);
        var error = Assert.Throws<InvalidOperationException>(() =>
            Trainer.Train(ours.KeptIn(Path) with { IsCanceled = () => throw new UnreachableStep() }));
        Assert.Contains($"'{Path}'", error.Message, StringComparison.Ordinal);
        Assert.Contains($"left alone: {theirs.Subject}, 1 of {theirs.Options.NumberOfEpochs} epochs done", error.Message,
            StringComparison.Ordinal);
        Assert.Contains($"this one is {ours.Subject}", error.Message, StringComparison.Ordinal);
        Assert.Contains($"{difference} (", error.Message, StringComparison.Ordinal);
        Assert.Equal([Path], _folder.Files);
        Assert.Equal(file, File.ReadAllBytes(Path));
        File.Delete(Path);
        return error.Message;
    }

    /// <summary>The same rows, but that the last counts more.</summary>
    private static SequenceDataset Altered(SequenceDataset data, float weight)
    {
        var altered = new SequenceDataset(data.Inputs);
        for (int row = 0; row < data.Count; row++)
            altered.Add(data.Tokens(row), data.Labels(row)[0], row == data.Count - 1 ? weight : data.Weight(row));
        return altered;
    }

    private sealed class UnreachableStep() : Exception("A training that was to be refused asked for its first batch.");
}
