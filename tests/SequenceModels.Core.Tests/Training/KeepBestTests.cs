using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Training;

/// <summary>What is left of a training that was cancelled.</summary>
public class KeepBestTests
{
    private const int BatchesInAnEpoch = 5;

    private static readonly SequenceTrainerOptions s_options = Plain.Options with
    {
        NumberOfEpochs = 1000,
        BatchSize = 16,
        LearningRate = 0.02f,
        OnCancel = OnCancel.KeepBest,
    };

    [Fact]
    public void The_best_validated_epoch_is_kept()
    {
        // The training labels are noise: after some epochs validation only gets worse.
        TrainingJob job = Job(validates: true);
        TrainingResult result = Trainer.Train(StoppedAt(job, epoch => epoch == 15));
        Assert.Equal(15, result.History.Count);
        int best = result.History.MinBy(epoch => epoch.Validation!.Loss)!.Epoch;
        Assert.InRange(best, 1, 14);
        Assert.Equal(best, result.History.Single(epoch => epoch.IsSelected).Epoch);
        Assert.Equal(Bytes(Trained(job, best)), Bytes(result.Network));
        Assert.Equal(job.Validation!.Fingerprint(), result.Examples!.Data.Fingerprint());
    }

    [Fact]
    public void Cancelled_between_epochs_the_last_one_is_kept()
    {
        TrainingJob job = Job(validates: false);
        TrainingResult result = Trainer.Train(StoppedAt(job, epoch => epoch == 3));
        Assert.Equal([false, false, true], result.History.Select(epoch => epoch.IsSelected));
        Assert.Equal(Bytes(Trained(job, 3)), Bytes(result.Network));
    }

    [Fact]
    public void Cancelled_within_an_epoch_the_weights_are_kept_as_they_are()
    {
        TrainingJob job = Job(validates: false);
        int asked = 0;
        TrainingResult result = Trainer.Train(job with { IsCanceled = () => ++asked > BatchesInAnEpoch + 2 });
        Assert.False(Assert.Single(result.History).IsSelected);
        using var training = new StepwiseTraining(job.Spec, job.Data, job.Options, job.Seed);
        Assert.Equal(BatchesInAnEpoch, training.BatchesInAnEpoch);
        for (int batch = 0; batch < BatchesInAnEpoch + 2; batch++)
            training.Learn();
        Assert.Equal(Bytes(training.Network), Bytes(result.Network));
    }

    [Fact]
    public void Cancelled_while_the_first_epoch_is_measured_the_weights_are_kept_as_they_are()
    {
        TrainingJob job = Job(validates: true);
        int asked = 0;
        TrainingResult result = Trainer.Train(job with { IsCanceled = () => ++asked > BatchesInAnEpoch });
        Assert.Equal(BatchesInAnEpoch + 1, asked);
        Assert.Empty(result.History);
        Assert.Equal(Bytes(Trained(job, 1)), Bytes(result.Network));
    }

    [Fact]
    public void Cancelled_within_an_epoch_a_validated_one_before_it_is_kept()
    {
        TrainingJob job = Job(validates: true);
        int asked = 0;
        TrainingResult result = Trainer.Train(job with { IsCanceled = () => ++asked > BatchesInAnEpoch + 1 + 2 });
        Assert.True(Assert.Single(result.History).IsSelected);
        Assert.Equal(Bytes(Trained(job, 1)), Bytes(result.Network));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Before_the_first_batch_there_is_nothing_to_keep(bool byToken)
    {
        TrainingJob job = Job(validates: true);
        Assert.Throws<OperationCanceledException>(() => Trainer.Train(byToken
            ? job with { Options = s_options with { CancellationToken = new CancellationToken(canceled: true) } }
            : job with { IsCanceled = () => true }));
    }

    [Fact]
    public void Nothing_is_kept_unless_asked_for()
    {
        TrainingJob job = Job(validates: true);
        Assert.Throws<OperationCanceledException>(() =>
            Trainer.Train(StoppedAt(job with { Options = s_options with { OnCancel = OnCancel.Throw } },
            epoch => epoch == 2)));
    }

    /// <summary>Cancelled by its token after an epoch.</summary>
    private static TrainingJob StoppedAt(TrainingJob job, Func<int, bool> stops)
    {
        var source = new CancellationTokenSource();
        return job with
        {
            Options = job.Options with { CancellationToken = source.Token },
            OnEpoch = epoch =>
            {
                if (stops(epoch.Epoch))
                    source.Cancel();
            },
        };
    }

    private static SequenceNetwork Trained(TrainingJob job, int epochs) =>
        Trainer.Train(job with { Validation = null, Options = job.Options with { NumberOfEpochs = epochs } }).Network;

    private static TrainingJob Job(bool validates)
    {
        var spec = new NetworkShape
        {
            Input = StepFeatureKind.Tokens, InputSize = 4, EmbeddingSize = 4, Cell = "GRU", HiddenSize = 12,
            Head = HeadKind.Softmax, NumberOfOutputs = 4,
        };
        var random = new Random(2);
        return new TrainingJob
        {
            Spec = spec,
            Data = LearningTasks.Dataset(spec, LearningTasks.LastTokenWins(80, seed: 3)
                .Select(example => example with { Label = random.Next(4) })),
            Validation = validates ? LearningTasks.Dataset(spec, LearningTasks.LastTokenWins(30, seed: 4)) : null,
            Options = s_options,
            Seed = 1,
        };
    }

    private static byte[] Bytes(SequenceNetwork network)
    {
        using var stream = new MemoryStream();
        network.Save(stream);
        return stream.ToArray();
    }
}
