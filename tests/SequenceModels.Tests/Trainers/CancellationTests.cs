using System.Reflection;
using Microsoft.ML;
using Xunit;

namespace SequenceModels.Tests.Trainers;

/// <summary>What Fit does when it is cancelled, by the options' token or by the MLContext.</summary>
public class CancellationTests
{
    private static readonly SequenceTrainerOptions s_endless =
        Examples.Quick with { NumberOfEpochs = 1_000_000, HiddenSize = 8, LearningRate = 0.05f };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_best_validated_epoch_is_kept(bool byToken)
    {
        using var stop = new Stop(byToken);
        SequenceModelParameters model = stop.Sums(s_endless with { OnCancel = OnCancel.KeepBest, Progress = stop.InEpoch(12) })
            .Fit(stop.Context.View(40), stop.Context.View(30, seed: 9)).Model;
        // It was told within the last batch of an epoch, so that the epoch was neither measured nor ended.
        Assert.Equal(11, model.History.Count);
        int best = model.History.MinBy(epoch => epoch.Validation!.Loss)!.Epoch;
        Assert.Equal(best, model.History.Single(epoch => epoch.IsSelected).Epoch);
        Assert.Equal(Trained(best), model.Network.Bytes());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Without_validation_the_present_weights_are_kept(bool byToken)
    {
        using var stop = new Stop(byToken);
        SequenceModelParameters model = stop.Sums(s_endless with { OnCancel = OnCancel.KeepBest, Progress = stop.InEpoch(3) })
            .Fit(stop.Context.View(40)).Model;
        Assert.Equal([false, false, true], model.History.Select(epoch => epoch.IsSelected));
        Assert.Equal(Trained(3), model.Network.Bytes());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nothing_is_kept_unless_asked_for(bool byToken)
    {
        using var stop = new Stop(byToken);
        SequenceTrainer trainer = stop.Sums(s_endless with { Progress = stop.InEpoch(3) });
        Assert.ThrowsAny<OperationCanceledException>(() => trainer.Fit(stop.Context.View(40), stop.Context.View(30)));
    }

    [Theory]
    [InlineData(true, OnCancel.Throw)]
    [InlineData(true, OnCancel.KeepBest)]
    [InlineData(false, OnCancel.Throw)]
    [InlineData(false, OnCancel.KeepBest)]
    public void Cancelled_while_rows_are_read_it_throws(bool byToken, OnCancel onCancel)
    {
        using (var stop = new Stop(byToken))
        {
            var rows = new WatchedView(stop.Context.View(5000)) { OnMove = row => stop.When(row == 10) };
            Assert.ThrowsAny<OperationCanceledException>(() => stop.Sums(s_endless with { OnCancel = onCancel }).Fit(rows));
            Assert.InRange(rows.Moves, 10, 4000);
        }
        using (var stop = new Stop(byToken))
        {
            WatchedView rows = new(stop.Context.View(10)),
                validation = new(stop.Context.View(5000)) { OnMove = row => stop.When(row == 10) };
            Assert.ThrowsAny<OperationCanceledException>(() => stop.Sums(s_endless with { OnCancel = onCancel })
                .Fit(rows, validation));
            Assert.InRange(validation.Moves, 10, 4000);
            Assert.Equal(0, rows.Moves);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Cancelled_before_the_first_batch_there_is_nothing_to_keep(bool byToken)
    {
        using var stop = new Stop(byToken);
        var rows = new WatchedView(stop.Context.View(10)) { OnMove = row => stop.When(row == 9) };
        bool learned = false;
        SequenceTrainer trainer =
            stop.Sums(s_endless with { OnCancel = OnCancel.KeepBest, Progress = new Reports(_ => learned = true) });
        Assert.ThrowsAny<OperationCanceledException>(() => trainer.Fit(rows));
        Assert.Equal(11, rows.Moves);
        Assert.False(learned);
    }

    /// <summary>The weights after so many epochs, in a context that nobody cancels.</summary>
    private static byte[] Trained(int epochs)
    {
        var ml = new MLContext();
        return ml.SumTrainer(s_endless with { NumberOfEpochs = epochs }).Fit(ml.View(40)).Model.Network.Bytes();
    }

    /// <summary>One of the two ways to cancel a training.</summary>
    private sealed class Stop(bool byToken) : IDisposable
    {
        // Internal in ML.NET; its AutoML calls it.
        private static readonly MethodInfo s_cancel = typeof(MLContext)
            .GetMethod("CancelExecution", BindingFlags.NonPublic | BindingFlags.Instance)!;

        private readonly CancellationTokenSource _source = new();

        public MLContext Context { get; } = new(1);

        public SequenceTrainer Sums(SequenceTrainerOptions options) =>
            Context.SumTrainer(options with { CancellationToken = _source.Token });

        public void When(bool now)
        {
            if (!now)
                return;
            if (byToken)
                _source.Cancel();
            else
                s_cancel.Invoke(Context, null);
        }

        /// <summary>Cancels when the last batch of an epoch has been learned from.</summary>
        public Reports InEpoch(int epoch) =>
            new Reports(report => When(report.Epoch == epoch && report.Batch == report.NumberOfBatches));

        public void Dispose() => _source.Dispose();
    }

    /// <summary>Unlike Progress{T}, tells on the thread that reports.</summary>
    private sealed class Reports(Action<TrainingProgress> on) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => on(value);
    }
}
