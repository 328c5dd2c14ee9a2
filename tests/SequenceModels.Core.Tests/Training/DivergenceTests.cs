using System.Globalization;
using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using SequenceModels.Tests.Sequences;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Training;

/// <summary>A training whose loss is no longer a number says so, and what it had learned before is kept.</summary>
public sealed class DivergenceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => System.IO.Path.Combine(_folder.Name, "training.checkpoint");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0.25)]
    [InlineData(0)]
    public void The_best_epoch_or_the_last_is_left_in_the_checkpoint(double validation)
    {
        TrainingJob job = Exploding(validation);
        var epochs = new List<(TrainingEpoch Epoch, CheckpointContent Content)>();
        var error = Assert.Throws<InvalidOperationException>(() => Trainer.Train(job.KeptIn(Path) with
        {
            OnEpoch = epoch => epochs.Add((epoch, Checkpoint.Read(Path))),
        }));
        Assert.InRange(epochs.Count, 2, 90);
        int best = validation > 0
            ? 1 + epochs.FindIndex(e => e.Epoch.Validation!.Loss == epochs.Min(all => all.Epoch.Validation!.Loss)) : epochs.Count;
        Assert.True(validation == 0 || best < epochs.Count); // else it could not be told from the last

        Assert.Contains($"in epoch {epochs.Count + 1}, batch ", error.Message, StringComparison.Ordinal);
        Assert.Contains("norm of its gradient", error.Message, StringComparison.Ordinal);
        Assert.Contains($"LearningRate (now {job.Options.LearningRate.ToString(CultureInfo.InvariantCulture)})", error.Message,
            StringComparison.Ordinal);
        Assert.Contains($"The weights after epoch {best} are in '{Path}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("FromCheckpoint", error.Message, StringComparison.Ordinal);

        CheckpointContent left = Checkpoint.Read(Path);
        Assert.Equal(epochs.Count, left.History.Count);
        Assert.Equal(validation > 0 ? best : 0, left.BestEpoch);
        Assert.Equal(NetworkFile.Fingerprint(epochs[best - 1].Content.Network), NetworkFile.Fingerprint(left.Best));
        Assert.Equal([Path], _folder.Files);

        // Going on from there diverges at the same place.
        string again = Assert.Throws<InvalidOperationException>(() => Trainer.Train(job.KeptIn(Path))).Message;
        string place = error.Message[..error.Message.IndexOf(", after", StringComparison.Ordinal)];
        Assert.StartsWith(place, again, StringComparison.Ordinal);
    }

    [Fact]
    public void In_its_first_batch_there_is_nothing_to_keep_and_no_batch_before()
    {
        TrainingJob job = Exploding(validation: 0);
        SequenceNetwork broken = Trainer.Train(job.With(o => o with { NumberOfEpochs = 1 })).Network;
        broken.Layers.Parameters.Values.Span.Fill(float.NaN);
        string message = Assert.Throws<InvalidOperationException>(() =>
            Trainer.Train(job.KeptIn(Path) with { Initial = broken.Layers })).Message;
        Assert.Contains("in epoch 1, batch 1 of ", message, StringComparison.Ordinal);
        Assert.DoesNotContain("batch before", message, StringComparison.Ordinal);
        Assert.DoesNotContain(Path, message, StringComparison.Ordinal);
        Assert.Empty(_folder.Files);
    }

    /// <summary>
    /// The last step of an epoch may leave weights that are none, with a loss and a gradient before it that are.
    /// </summary>
    [Theory]
    [InlineData(OnCancel.Throw)]
    [InlineData(OnCancel.KeepBest)]
    public void Weights_that_are_infinite_are_noticed_when_no_loss_was(OnCancel onCancel)
    {
        TrainingJob job = Exploding(validation: 0).With(o => o with { NumberOfEpochs = 1, BatchSize = 60, LearningRate = 1e-3f });
        SequenceNetwork large = Trainer.Train(job).Network;
        System.Numerics.Tensors.TensorPrimitives.Multiply(large.Layers.Parameters.Values.Span, 20,
            large.Layers.Parameters.Values.Span);
        job = job.With(o => o with { LearningRate = 3.4e38f, OnCancel = onCancel }) with { Initial = large.Layers };
        foreach (TrainingJob each in new[] { job, CancelledBeforeTheEpochEnds(job) })
        {
            string message = Assert.Throws<InvalidOperationException>(() => Trainer.Train(each)).Message;
            Assert.Contains("in epoch 1 a weight, or one of the optimizer's sums, became infinite", message,
                StringComparison.Ordinal);
            Assert.Contains("smaller LearningRate (now 3.4E+38)", message, StringComparison.Ordinal);
        }

        static TrainingJob CancelledBeforeTheEpochEnds(TrainingJob job)
        {
            int asked = 0;
            return job.Options.OnCancel == OnCancel.Throw ? job
                : job.With(o => o with { BatchSize = 30 }) with { IsCanceled = () => ++asked > 1 };
        }
    }

    /// <summary>What scaling makes small is not to blame, however large it was.</summary>
    [Fact]
    public void Frames_are_judged_as_they_are_learned_and_told_as_they_are_given()
    {
        TrainingJob job = Exploding(validation: 0);
        var options = Plain.Options with { FrameScaling = FrameScaling.Standard };
        string Advice(float last, FrameScaling scaling)
        {
            var data = new SequenceDataset([StepFeature.Frames(2)]);
            for (int i = 0; i < 1000; i++)
                data.Add([5000 + i % 2, i == 999 ? last : 0], 0);
            return LargeValues.Advice(data, job.Spec.CreateNetwork(scaling == FrameScaling.None ? FrameTransform.None
                : FrameTransform.Standard(new RowSelection(data)), LabelTransform.None), options with { FrameScaling = scaling });
        }

        Assert.Equal("", Advice(0, FrameScaling.Standard));
        Assert.Contains("The largest number in the frames is 5001: set", Advice(0, FrameScaling.None), StringComparison.Ordinal);
        Assert.Contains("The largest number in the frames is 7000, before their scaling", Advice(7000, FrameScaling.Standard),
            StringComparison.Ordinal);
    }

    /// <summary>
    /// Least squares with too large a step: the error is multiplied in each, until it is too large for a number.
    /// </summary>
    internal static TrainingJob Exploding(double validation)
    {
        var spec = new NetworkShape
        {
            Input = StepFeatureKind.Frames, InputSize = 2, Cell = "RNN", HiddenSize = 6, Head = HeadKind.Regression,
            NumberOfOutputs = 1,
        };
        return new TrainingJob
        {
            Spec = spec,
            Data = LearningTasks.Dataset(spec, LearningTasks.Adding(60, seed: 3)),
            Seed = 1,
            Options = Plain.Options with
            {
                NumberOfEpochs = 100,
                BatchSize = 16,
                LearningRate = 6,
                GradientClipNorm = float.PositiveInfinity,
                Optimizer = SequenceOptimizer.Sgd(momentum: 0),
                ValidationFraction = validation,
                NumberOfThreads = 1,
            },
        };
    }
}
