using SequenceModels.Tests.Sequences;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Training;

/// <summary>
/// A training by several processes, here threads with nothing in common but what they tell each other, gives the bits of a
/// training by one.
/// </summary>
public sealed class RankTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => System.IO.Path.Combine(_folder.Name, "training.checkpoint");

    public static TheoryData<string> Names => [.. RankTrainings.All.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Any_number_of_ranks_and_threads_trains_the_same_bits(string name)
    {
        TrainingJob job = RankTrainings.All[name];
        byte[] alone = RankTrainings.Bytes(Trainer.Train(job).Trained);
        for (int ranks = 1; ranks <= 4; ranks++)
            for (int threads = 1; threads <= 2; threads++)
                Assert.Equal(alone, RankTrainings.Train(job, ranks, threads));
    }

    [Fact]
    public void All_ranks_have_the_history_of_the_first()
    {
        TrainingResult alone = Trainer.Train(Trainings.Restless);
        TrainingResult[] ranks = ThreadGroup.Run(3, group => Trainer.Train(Trainings.Restless.On(group)));
        Assert.All(ranks, rank => Trainings.AssertSame(alone, rank));
        Assert.All(ranks, rank => Assert.Equal(ranks[0].History, rank.History));
        Assert.All(alone.History, epoch => Assert.NotNull(epoch.Validation));
    }

    [Fact]
    public void Only_the_first_rank_reports()
    {
        int[] reports = new int[3], epochs = new int[3];
        ThreadGroup.Run(3, group => Trainer.Train((Trainings.Restless.With(o => o with
        {
            Progress = new Told(() => reports[group.Rank]++),
        }) with
        {
            OnEpoch = _ => epochs[group.Rank]++,
        }).On(group)));
        Assert.Equal([Trainings.Epochs, 0, 0], epochs);
        Assert.Equal([true, false, false], reports.Select(count => count > 0));
    }

    [Fact]
    public void The_seed_is_that_of_the_first_rank() => Assert.Equal(
        RankTrainings.Bytes(Trainer.Train(Trainings.Restless with { Seed = 7 }).Trained),
        ThreadGroup.Run(3, group => RankTrainings.Bytes(Trainer.Train(
            (Trainings.Restless with { Seed = 7 + group.Rank }).On(group)).Trained))[2]);

    /// <summary>Killed after an epoch, within one, and within a batch that is learned from in pieces.</summary>
    [Theory]
    [InlineData("averaged weights, best of all epochs", 2, 3)]
    [InlineData("a language model, 3 steps at a time", 4, 1)]
    [InlineData("a language model, 3 steps at a time", 1, 3)]
    [InlineData("features of all kinds", 3, 2)]
    public void Out_of_time_it_goes_on_with_another_number_of_ranks(string name, int first, int second)
    {
        TrainingJob job = RankTrainings.All[name];
        byte[] alone = RankTrainings.Bytes(Trainer.Train(job).Trained), last = [];
        TrainingJob hurried = job with
        {
            Options = job.Options with { CheckpointPath = Path, TimeBudget = TimeSpan.FromTicks(1) },
        };
        int fits = 0;
        do
            last = RankTrainings.Train(hurried, fits % 2 == 0 ? first : second);
        while (++fits > 0 && File.Exists(Path));
        Assert.Equal(alone, last);
        Assert.True(fits > 5, $"{fits} fits");
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1, 3)]
    public void Cancelled_on_any_rank_it_ends_on_all_and_goes_on_with_another_number(int first, int second)
    {
        TrainingJob job = Trainings.Restless.With(o => o with { BatchSize = 40, CheckpointPath = Path });
        byte[] alone = RankTrainings.Bytes(Trainer.Train(job.With(o => o with { CheckpointPath = null })).Trained);
        Exception?[] ends = ThreadGroup.RunAll(first, group =>
            Trainer.Train((group.Rank == first - 1 ? job.StoppedAt(8) : job).On(group)), out _);
        Assert.All(ends, end => Assert.IsType<OperationCanceledException>(end));
        Assert.True(File.Exists(Path));
        Assert.Equal(alone, RankTrainings.Train(job, second));
        Assert.False(File.Exists(Path));
    }

    [Fact]
    public void Cancelled_while_the_first_measures_it_gives_the_best_so_far_on_all()
    {
        TrainingJob job = Trainings.Restless.With(o => o with { BatchSize = 40, OnCancel = OnCancel.KeepBest });
        // two updates an epoch, and one look within validation
        TrainingResult[] ends = ThreadGroup.Run(3, group =>
            Trainer.Train((group.Rank == 0 ? job.StoppedAt(9) : job).On(group)));
        Assert.All(ends, end => Assert.Equal(ends[0].History, end.History));
        Assert.All(ends, end => Assert.Equal(Trainings.Bytes(ends[0].Network), Trainings.Bytes(end.Network)));
        Assert.Equal(2, ends[0].History.Count);
    }

    [Fact]
    public void Numbers_that_are_none_end_it_on_all_with_one_message()
    {
        TrainingJob job = DivergenceTests.Exploding(validation: 0.25);
        Exception?[] ends = ThreadGroup.RunAll(3, group => Trainer.Train(job.On(group)), out _);
        Assert.All(ends, end => Assert.Contains("Training diverged", end!.Message, StringComparison.Ordinal));
        Assert.Single(ends.Select(end => end!.Message).Distinct());
    }

    private sealed class Told(Action onReport) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => onReport();
    }
}
