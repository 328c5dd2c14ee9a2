using SequenceModels.Sequences;
using SequenceModels.Tests.Sequences;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Training;

/// <summary>A training that was stopped and started again ends with the network and the history of one that never was.</summary>
public sealed class CheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => System.IO.Path.Combine(_folder.Name, "training.checkpoint");

    public static TheoryData<string> Names => [.. Trainings.All.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Stopped_after_any_epoch_it_goes_on_there(string name)
    {
        TrainingJob job = Trainings.All[name], kept = job.KeptIn(Path);
        TrainingResult whole = Trainer.Train(job);
        for (int epoch = 1; epoch <= whole.History.Count; epoch++)
        {
            Trainings.Stop(kept.StoppedAfter(epoch));
            int before = 0;
            TrainingResult resumed = Trainer.Train(kept.With(o => o with { NumberOfThreads = 2 }) with { OnResume = epochs => before = epochs });
            Assert.Equal(epoch, before);
            Trainings.AssertSame(whole, resumed);
            Assert.Empty(_folder.Files);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Stopped_within_every_epoch_it_goes_on_at_the_epochs_beginning(string name)
    {
        TrainingJob job = Trainings.All[name], kept = job.KeptIn(Path);
        int questions = 0;
        TrainingResult whole = Trainer.Train(job with { IsCanceled = () => ++questions < 0 });
        int perEpoch = questions / whole.History.Count;
        Assert.True(perEpoch >= 4 && questions % whole.History.Count == 0, $"{questions} questions"); // batches, and within validation

        // The first run is stopped within its second epoch, and so each that follows; once at each place of an epoch.
        for (int run = 1; run < whole.History.Count; run++)
            Trainings.Stop(kept.StoppedAt(perEpoch + 1 + (run - 1) % perEpoch));
        Trainings.AssertSame(whole, Trainer.Train(kept));
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public void The_trainings_compared_here_have_something_to_lose()
    {
        foreach (string optimizer in Trainings.Optimizers.Keys)
        {
            IReadOnlyList<TrainingEpoch> history = Trainer.Train(Trainings.All[$"{optimizer}, plateau"]).History;
            Assert.True(history[^2].LearningRate < history[0].LearningRate, $"{optimizer}: the rate was never cut");
        }
        IReadOnlyList<TrainingEpoch> stopped = Trainer.Train(Trainings.All["early stopping"]).History;
        Assert.InRange(stopped.Count, 4, 29);
        Assert.True(stopped[^3].IsSelected);
        Assert.False(Trainer.Train(Trainings.All["best of all epochs"]).History[^1].IsSelected);
    }

    [Fact]
    public void Stopped_before_its_first_epoch_ends_it_leaves_nothing()
    {
        Trainings.Stop(Trainings.Restless.KeptIn(Path).StoppedAt(2));
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public void What_fails_after_the_last_epoch_loses_nothing_of_the_training()
    {
        TrainingJob kept = Trainings.Restless.KeptIn(Path);
        TrainingResult whole = Trainer.Train(Trainings.Restless);
        Assert.Throws<IOException>(() => Trainer.Train<object>(kept, _ => throw new IOException()));
        int before = 0, learned = 0;
        TrainingResult completed = Trainer.Train(kept with { OnResume = epochs => before = epochs, OnEpoch = _ => learned++ });
        Assert.Equal((whole.History.Count, 0), (before, learned));
        Trainings.AssertSame(whole, completed);
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public void Cancelled_and_asked_for_the_best_so_far_it_can_go_on_too()
    {
        TrainingJob kept = Trainings.Restless.With(o => o with { CheckpointPath = Path, OnCancel = OnCancel.KeepBest });
        TrainingResult whole = Trainer.Train(Trainings.Restless);
        int asked = 0;
        TrainingResult soFar = Trainer.Train(kept with { IsCanceled = () => ++asked == 10 });
        Assert.Equal(2, soFar.History.Count);
        Assert.Single(soFar.History, epoch => epoch.IsSelected);
        Assert.Equal([Path], _folder.Files);
        Trainings.AssertSame(whole, Trainer.Train(kept));

        // Cancelled as soon as it goes on, it has what the checkpoint had.
        Trainings.Stop(kept.With(o => o with { OnCancel = OnCancel.Throw }).StoppedAfter(2));
        Trainings.AssertSame(soFar, Trainer.Train(kept with { IsCanceled = () => true }));
    }

    [Fact]
    public void Found_after_early_stopping_had_decided_it_learns_no_more()
    {
        TrainingJob job = Trainings.All["early stopping"].KeptIn(Path);
        byte[] last = [];
        TrainingResult whole = Trainer.Train(job with { OnEpoch = _ => last = File.ReadAllBytes(Path) });
        Assert.False(File.Exists(Path));

        File.WriteAllBytes(Path, last);
        TrainingResult resumed = Trainer.Train(job with { OnEpoch = epoch => Assert.Fail($"epoch {epoch.Epoch} was learned again") });
        Trainings.AssertSame(whole, resumed);
        Assert.Equal(whole.History, resumed.History); // times included: they are those of the run that took them
        Assert.Empty(_folder.Files);
    }

    [Theory]
    [InlineData("constant")]
    [InlineData("step decay")]
    [InlineData("plateau")]
    public void More_epochs_go_on_as_if_they_had_been_meant_from_the_start(string schedule)
    {
        TrainingJob five = Trainings.All[$"AdamW, {schedule}"], two = five.With(o => o with { NumberOfEpochs = 2 }).KeptIn(Path);
        byte[] last = [];
        Trainer.Train(two with { OnEpoch = _ => last = File.ReadAllBytes(Path) });
        File.WriteAllBytes(Path, last);
        Trainings.AssertSame(Trainer.Train(five), Trainer.Train(five.KeptIn(Path)));
    }

    [Fact]
    public void More_epochs_are_refused_where_the_rate_of_the_first_ones_depends_on_them()
    {
        TrainingJob job = Trainings.All["Adam, cosine"].KeptIn(Path);
        Trainings.Stop(job.StoppedAfter(2));
        var error = Assert.Throws<InvalidOperationException>(() => Trainer.Train(job.With(o => o with { NumberOfEpochs = 9 })));
        Assert.Contains("NumberOfEpochs (5, here 9)", error.Message, StringComparison.Ordinal);
        Trainings.AssertSame(Trainer.Train(Trainings.All["Adam, cosine"]), Trainer.Train(job));
    }

    [Fact]
    public void Fewer_epochs_than_there_were_are_refused()
    {
        TrainingJob job = Trainings.Restless.KeptIn(Path);
        Trainings.Stop(job.StoppedAfter(3));
        byte[] before = File.ReadAllBytes(Path);
        var error = Assert.Throws<InvalidOperationException>(() => Trainer.Train(job.With(o => o with { NumberOfEpochs = 2 })));
        Assert.Contains(Path, error.Message, StringComparison.Ordinal);
        Assert.Contains("3 epochs behind it", error.Message, StringComparison.Ordinal);
        Assert.Contains("NumberOfEpochs is 2", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(Path));

        // As many as there were are the training of that many.
        TrainingResult three = Trainer.Train(Trainings.Restless.With(o => o with { NumberOfEpochs = 3 }));
        Trainings.AssertSame(three, Trainer.Train(job.With(o => o with { NumberOfEpochs = 3 })));
    }

    [Fact]
    public void A_seed_that_no_option_gives_is_the_checkpoints()
    {
        TrainingJob job = Trainings.All["dropout of all kinds"], kept = job.KeptIn(Path);
        TrainingResult whole = Trainer.Train(job);
        Assert.NotEqual(Trainings.Bytes(whole.Network), Trainings.Bytes(Trainer.Train(job with { Seed = 77 }).Network));
        Trainings.Stop(kept.StoppedAfter(2));
        Trainings.Stop((kept with { Seed = 77 }).StoppedAfter(3));
        Trainings.AssertSame(whole, Trainer.Train(kept with { Seed = 78 }));
    }

    [Fact]
    public void Where_the_rows_are_held_does_not_matter()
    {
        TrainingJob job = Trainings.All["no validation"].KeptIn(Path);
        using var mapped = new SequenceDataset(job.Spec.Inputs, maximumMemoryBytes: 0);
        for (int row = 0; row < job.Data.Count; row++)
            mapped.Add(job.Data.Tokens(row), job.Data.Labels(row)[0], job.Data.Weight(row));
        Trainings.Stop(job.StoppedAfter(2));
        Trainings.AssertSame(Trainer.Train(Trainings.All["no validation"]), Trainer.Train(job with { Data = mapped }));
    }
}
