using SequenceModels.Tests.Sequences;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Training;

/// <summary>A training that may take only so long: a budget of no time at all ends it with its first update.</summary>
public sealed class TimeBudgetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => System.IO.Path.Combine(_folder.Name, "training.checkpoint");

    public static TheoryData<string> Names => [.. Trainings.All.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Out_of_time_after_each_update_it_goes_on_with_the_next(string name)
    {
        TrainingJob job = Trainings.All[name];
        TrainingResult whole = Trainer.Train(job);
        int fits = 0;
        bool isUsedUp = true;
        TrainingResult last = whole;
        var places = new List<string>();
        TrainingJob hurried = job.KeptIn(Path).With(o => o with { TimeBudget = TimeSpan.FromTicks(1) }) with
        {
            OnTimeUsedUp = place =>
            {
                isUsedUp = true;
                places.Add(place);
            },
        };
        while (isUsedUp)
        {
            isUsedUp = false;
            last = Trainer.Train(hurried.With(o => o with { NumberOfThreads = 1 + fits % 2 }));
            fits++;
            Assert.Equal(isUsedUp, File.Exists(Path));
        }
        Trainings.AssertSame(whole, last);
        Assert.True(fits >= 3 * whole.History.Count, $"{fits} fits");
        Assert.Equal("within epoch 1", places[0]);
        Assert.Contains("after epoch 1", places);
    }

    [Fact]
    public void What_it_gives_is_the_best_epoch_so_far_or_the_present_weights()
    {
        TrainingJob job = Trainings.Restless.KeptIn(Path).With(o => o with { TimeBudget = TimeSpan.FromTicks(1) });
        TrainingResult whole = Trainer.Train(Trainings.Restless), first = Trainer.Train(job);
        Assert.Empty(first.History);
        while (first.History.Count < 3)
            first = Trainer.Train(job);
        TrainingEpoch best = first.History.MinBy(epoch => epoch.Validation!.Loss)!;
        Assert.Equal(best.Epoch, first.History.Single(epoch => epoch.IsSelected).Epoch);
        Assert.Equal(Trainings.Bytes(Trainer.Train(Trainings.Restless.With(o => o with { NumberOfEpochs = best.Epoch })).Network),
            Trainings.Bytes(first.Network));
        Assert.Equal(5, whole.History.Count);
    }

    [Fact]
    public void Without_a_checkpoint_it_ends_all_the_same()
    {
        TrainingResult result = Trainer.Train(Trainings.Restless.With(o => o with { TimeBudget = TimeSpan.FromTicks(1) }));
        Assert.Empty(result.History);
        Assert.NotEqual(Trainings.Bytes(Trainer.Train(Trainings.Restless).Network), Trainings.Bytes(result.Network));
    }

    [Fact]
    public void Time_enough_changes_nothing() => Trainings.AssertSame(Trainer.Train(Trainings.Restless),
        Trainer.Train(Trainings.Restless.KeptIn(Path).With(o => o with { TimeBudget = TimeSpan.FromDays(1) })));
}
