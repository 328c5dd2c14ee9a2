using SequenceModels.Files;
using SequenceModels.Heads;
using SequenceModels.Layers;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Training;

/// <summary>Which epoch's weights a training ends with, and what decides it.</summary>
public class SelectionTests
{
    private static readonly SequenceTrainerOptions s_options =
        Plain.Options with { NumberOfEpochs = 30, BatchSize = 16, LearningRate = 0.02f };

    [Fact]
    public void Early_stopping_ends_with_the_best_epochs_weights()
    {
        TrainingJob job = Overfitting();
        TrainingResult last = Trainer.Train(job);
        int best = BestEpochOf(last.History);
        Assert.InRange(best, 2, 20);
        byte[] expected = Bytes(Trainer.Train(With(job, s_options with { NumberOfEpochs = best })));

        TrainingResult stopped = Trainer.Train(With(job, s_options with { EarlyStoppingPatience = 3 }));
        Assert.Equal(FirstLullOf(last.History, 3), stopped.History.Count);
        Assert.Equal(best, stopped.History.Single(epoch => epoch.IsSelected).Epoch);
        Assert.Equal(expected, Bytes(stopped));

        // Also where there is no early stop, since training ends before.
        TrainingResult ended = Trainer.Train(With(job, s_options with { EarlyStoppingPatience = 3, NumberOfEpochs = best + 1 }));
        Assert.Equal(best + 1, ended.History.Count);
        Assert.Equal(best, ended.History.Single(epoch => epoch.IsSelected).Epoch);
        Assert.Equal(expected, Bytes(ended));
    }

    [Fact]
    public void Without_patience_the_last_epochs_weights_are_kept()
    {
        TrainingJob job = Overfitting();
        TrainingResult with = Trainer.Train(job), without = Trainer.Train(job with { Validation = null });
        Assert.Equal(30, with.History.Single(epoch => epoch.IsSelected).Epoch);
        Assert.Equal(30, without.History.Single(epoch => epoch.IsSelected).Epoch);
        Assert.Equal(Bytes(without), Bytes(with));
        Assert.All(without.History, epoch => Assert.Null(epoch.Validation));
    }

    [Fact]
    public void A_loss_that_stays_is_no_better_loss()
    {
        TrainingResult result = Trainer.Train(With(Overfitting(), s_options with
        {
            LearningRate = 1e-30f,
            Optimizer = SequenceOptimizer.Sgd(),
            EarlyStoppingPatience = 4, // steps too small to move a weight
        }));
        Assert.Equal(5, result.History.Count);
        Assert.True(result.History[0].IsSelected);
    }

    [Fact]
    public void Each_epoch_is_measured_with_the_weights_at_its_end()
    {
        TrainingJob job = Overfitting();
        SequenceTrainerOptions options = s_options with
        {
            NumberOfEpochs = 3,
            Dropout = 0.4f,
            RecurrentDropout = 0.2f,
            WordDropout = 0.2f,
            LabelSmoothing = 0.2f,
            ClassWeights = ClassWeights.Of(1, 2, 3, 4),
        };
        IReadOnlyList<TrainingEpoch> history = Trainer.Train(With(job, options)).History;
        for (int epochs = 1; epochs <= 3; epochs++)
        {
            EncoderNetwork network = Trainer.Train(With(job, options with { NumberOfEpochs = epochs })).Network.Layers;
            ValidationMetrics expected = PlainMetrics.Of(network, job.Validation!), found = history[epochs - 1].Validation!;
            Assert.Equal(expected.Loss, found.Loss, 1e-5);
            Assert.Equal(expected.Accuracy, found.Accuracy);
        }
    }

    [Fact]
    public void A_plateau_is_one_of_the_validation_loss()
    {
        IReadOnlyList<TrainingEpoch> history = Trainer.Train(With(Overfitting(), s_options with
        {
            LearningRateSchedule = LearningRateSchedule.ReduceOnPlateau(factor: 0.5f, patience: 1),
        })).History;
        double best = double.PositiveInfinity;
        int waited = 0;
        float rate = s_options.LearningRate;
        foreach (TrainingEpoch epoch in history)
        {
            Assert.Equal(rate, epoch.LearningRate);
            waited = epoch.Validation!.Loss < best ? 0 : waited + 1;
            best = Math.Min(best, epoch.Validation.Loss);
            if (waited > 1)
                (rate, waited) = (rate / 2, 0);
        }
        Assert.True(rate < s_options.LearningRate / 2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rows_set_aside_are_like_a_validation_set_of_their_own(bool ofClasses)
    {
        SequenceTrainerOptions options = s_options with
        {
            NumberOfEpochs = 3,
            ValidationFraction = 0.3,
            FrameScaling = FrameScaling.Standard,
            ClassWeights = ofClasses ? ClassWeights.Balanced : null,
        };
        TrainingJob job = ofClasses ? Overfitting() with { Validation = null } : Sums();
        using ValidationSplit split = ValidationSplit.Draw(job.Data, 0.3, job.Seed, byClass: ofClasses);
        Assert.InRange(split.Validation.Count, 20, 40);
        TrainingResult setAside = Trainer.Train(With(job, options));
        TrainingResult given = Trainer.Train(With(job, options with { ValidationFraction = 0 }) with
        {
            Data = Only(job.Data, split.Training),
            Validation = Only(job.Data, split.Validation),
        });
        Assert.Equal(Bytes(given), Bytes(setAside));
        Assert.Equal(given.History.Select(epoch => epoch.Validation), setAside.History.Select(epoch => epoch.Validation));
        Assert.Equal(("validation rows", split.Validation.Count), (setAside.Examples!.Kind, setAside.Examples.Of));
        Assert.Equal(Only(job.Data, split.Validation).Fingerprint(), setAside.Examples.Data.Fingerprint());
    }

    [Fact]
    public void A_validation_set_goes_before_rows_set_aside()
    {
        TrainingJob job = Overfitting();
        SequenceTrainerOptions options = s_options with { NumberOfEpochs = 2 };
        TrainingResult alone = Trainer.Train(With(job, options)),
            both = Trainer.Train(With(job, options with { ValidationFraction = 0.5 }));
        Assert.Equal(Bytes(alone), Bytes(both));
        Assert.Equal(alone.History.Select(epoch => epoch.Validation), both.History.Select(epoch => epoch.Validation));
        Assert.Equal(job.Validation!.Fingerprint(), both.Examples!.Data.Fingerprint());
    }

    [Fact]
    public void Where_no_rows_are_measured_the_training_rows_are_looked_at()
    {
        TrainingJob job = Overfitting() with { Validation = null };
        SampledRows examples = Trainer.Train(With(job, s_options with { NumberOfEpochs = 1 })).Examples!;
        Assert.Equal(("training rows", 80, 80), (examples.Kind, examples.Of, examples.Data.Count));
    }

    /// <summary>The epoch after which the loss has not fallen for so many epochs.</summary>
    private static int FirstLullOf(IReadOnlyList<TrainingEpoch> history, int patience) => Enumerable.Range(1, history.Count)
        .First(count => count - BestEpochOf([.. history.Take(count)]) == patience);

    private static int BestEpochOf(IReadOnlyList<TrainingEpoch> history) => history.MinBy(epoch => epoch.Validation!.Loss)!.Epoch;

    private static TrainingJob With(TrainingJob job, SequenceTrainerOptions options) => job with { Options = options };

    /// <summary>A third of the training labels are wrong: at first the rule is learned, then the exceptions by heart.</summary>
    private static TrainingJob Overfitting()
    {
        var spec = new NetworkShape
        {
            Input = StepFeatureKind.Tokens, InputSize = 4, EmbeddingSize = 4, Cell = "GRU", HiddenSize = 12,
            Head = HeadKind.Softmax, NumberOfOutputs = 4,
        };
        var random = new Random(2);
        IEnumerable<Example> noisy = LearningTasks.LastTokenWins(80, seed: 3)
            .Select(example => random.Next(3) == 0 ? example with { Label = random.Next(4) } : example);
        return new TrainingJob
        {
            Spec = spec, Data = LearningTasks.Dataset(spec, noisy),
            Validation = LearningTasks.Dataset(spec, LearningTasks.LastTokenWins(70, seed: 4)),
            Options = s_options, Seed = 1,
        };
    }

    private static TrainingJob Sums()
    {
        var spec = new NetworkShape
        {
            Input = StepFeatureKind.Frames, InputSize = 2, Cell = "RNN", HiddenSize = 8, Head = HeadKind.Regression,
            NumberOfOutputs = 1,
        };
        return new TrainingJob
        {
            Spec = spec, Data = LearningTasks.Dataset(spec, LearningTasks.Adding(80, seed: 3)),
            Options = s_options, Seed = 1
        };
    }

    private static SequenceDataset Only(SequenceDataset data, SpillList<int> rows)
    {
        var some = new SequenceDataset(data.Inputs);
        foreach (int row in rows.Span(0, (int)rows.Count))
            if (data.Inputs.AreTokens)
                some.Add(data.Tokens(row), data.Labels(row)[0], data.Weight(row));
            else
                some.Add(data.Frames(row), data.Labels(row)[0], data.Weight(row));
        return some;
    }

    private static byte[] Bytes(TrainingResult result)
    {
        using var stream = new MemoryStream();
        result.Network.Save(stream);
        return stream.ToArray();
    }
}
