using Microsoft.ML;
using SequenceModels.Layers;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Trainers;

/// <summary>Fit and its checkpoint. What a checkpoint keeps, and when it is refused, is tested with the engine.</summary>
public sealed class CheckpointTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sequence-models-").FullName;

    private string Checkpoint => Path.Combine(_folder, "training.checkpoint");

    private SequenceTrainerOptions Options => Examples.Quick with
    {
        HiddenSize = 8,
        NumberOfEpochs = 6,
        Seed = null,
        Dropout = 0.1f,
        ValidationFraction = 0.2,
        CheckpointPath = Checkpoint,
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_cancelled_fit_goes_on_in_the_next_whatever_the_contexts_seed()
    {
        SequenceModelParameters whole = Fit(new MLContext(5), Options with { CheckpointPath = null });
        Cancel(new MLContext(5), Options, epoch: 4);
        Assert.Equal([Checkpoint], Directory.GetFiles(_folder));

        SequenceModelParameters resumed = Fit(new MLContext(6), Options);
        Assert.Equal(whole.Network.Bytes(), resumed.Network.Bytes());
        Assert.Equal(Timeless(whole.History), Timeless(resumed.History));
        Assert.Empty(Directory.GetFiles(_folder));
        Assert.NotEqual(whole.Network.Bytes(), Fit(new MLContext(6), Options).Network.Bytes());
    }

    [Fact]
    public void A_log_line_tells_where_it_goes_on()
    {
        Cancel(new MLContext(5), Options, epoch: 4);
        var ml = new MLContext(5);
        var lines = new List<string>();
        ml.Log += (_, message) => lines.Add(message.RawMessage);
        Fit(ml, Options);
        Assert.Contains($"goes on from '{Checkpoint}' after epoch 3", lines);
        Assert.Contains(lines, line => line.StartsWith("epoch 4/6 ", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.StartsWith("epoch 3/6 ", StringComparison.Ordinal));
    }

    [Fact]
    public void The_checkpoint_of_another_training_is_refused_in_words()
    {
        var ml = new MLContext(5);
        Cancel(ml, Options, epoch: 2);
        byte[] file = File.ReadAllBytes(Checkpoint);
        var error = Assert.Throws<InvalidOperationException>(() => ml.SumTrainer(Options).Fit(ml.View(60)));
        Assert.Contains(Checkpoint, error.Message, StringComparison.Ordinal);
        Assert.Contains("LSTM", error.Message, StringComparison.Ordinal);
        Assert.Contains("of 'Positive' by 'Features', 1 of 6 epochs done", error.Message, StringComparison.Ordinal);
        Assert.Contains("GRU", error.Message, StringComparison.Ordinal);
        Assert.Contains("of 'Sum' by 'Readings'", error.Message, StringComparison.Ordinal);
        Assert.Equal(file, File.ReadAllBytes(Checkpoint));
        Assert.Equal(6, Fit(ml, Options).History.Count);
    }

    [Fact]
    public void What_a_diverged_training_had_learned_can_be_had_and_trained_on()
    {
        var ml = new MLContext(5);
        IDataView data = ml.View(60);
        SequenceTrainerOptions options = Options with
        {
            NumberOfEpochs = 100,
            LearningRate = 6,
            GradientClipNorm = float.PositiveInfinity,
            Optimizer = SequenceOptimizer.Sgd(momentum: 0),
            Dropout = 0,
        };
        var error = Assert.Throws<InvalidOperationException>(() => ml.SumTrainer(options).Fit(data));
        Assert.Contains(Checkpoint, error.Message, StringComparison.Ordinal);

        SequenceModelParameters left = SequenceModelParameters.FromCheckpoint(Checkpoint);
        TrainingEpoch best = Assert.Single(left.History, epoch => epoch.IsSelected);
        Assert.Equal(left.History.Min(epoch => epoch.Validation!.Loss), best.Validation!.Loss);
        Assert.Contains($"The weights after epoch {best.Epoch} are in", error.Message, StringComparison.Ordinal);
        Assert.True(best.Epoch < left.History.Count);

        SequenceTrainerOptions slow = options with { LearningRate = 1e-30f, NumberOfEpochs = 1, CheckpointPath = null };
        SequenceModelParameters on = ml.SumTrainer(slow).Fit(data, validation: null, initial: left).Model;
        Assert.Equal(left.Network.Score([0.5f, 0.25f]), on.Network.Score([0.5f, 0.25f])); // steps too small to move a weight
    }

    [Fact]
    public void A_file_that_is_none_is_refused()
    {
        Assert.Throws<FileNotFoundException>(() => SequenceModelParameters.FromCheckpoint(Checkpoint));
        Assert.Throws<ArgumentException>(() => SequenceModelParameters.FromCheckpoint(""));
        File.WriteAllText(Checkpoint, "something else that somebody wants to keep");
        Assert.Contains(Checkpoint,
            Assert.Throws<InvalidDataException>(() => SequenceModelParameters.FromCheckpoint(Checkpoint)).Message,
            StringComparison.Ordinal);
        Assert.Contains(Checkpoint, Assert.Throws<InvalidDataException>(() => Fit(new MLContext(5), Options)).Message,
            StringComparison.Ordinal);
        Assert.Equal("something else that somebody wants to keep", File.ReadAllText(Checkpoint));
    }

    private static SequenceModelParameters Fit(MLContext ml, SequenceTrainerOptions options) =>
        ml.BinaryPipeline(options).Fit(ml.View(60)).LastTransformer.Model;

    private static void Cancel(MLContext ml, SequenceTrainerOptions options, int epoch)
    {
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Fit(ml, options with
        {
            CancellationToken = source.Token,
            Progress = new CancelAt(source, epoch),
        }));
    }

    private static IEnumerable<TrainingEpoch> Timeless(IEnumerable<TrainingEpoch> history) =>
        history.Select(epoch => epoch with { Duration = default, StepsPerSecond = 0 });

    private sealed class CancelAt(CancellationTokenSource source, int epoch) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Epoch == epoch)
                source.Cancel();
        }
    }
}
