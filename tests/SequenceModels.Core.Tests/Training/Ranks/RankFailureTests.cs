using SequenceModels.Sequences;
using SequenceModels.Tests.Sequences;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Training;

/// <summary>Ranks that do not do the same, and ranks that fail: it ends on all of them, and says why.</summary>
public sealed class RankFailureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static TrainingJob Job => Trainings.Restless;

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string> Differences => new()
    {
        { "rate", "What differs on rank 1: LearningRate (0.3, on rank 0 0.2)." },
        { "epochs", "What differs on rank 1: NumberOfEpochs (6, on rank 0 5)." },
        { "rows", "What differs on rank 1: training rows (30 of " },
        { "cancel", "What differs on rank 1: OnCancel (KeepBest, on rank 0 Throw)." },
    };

    [Theory]
    [MemberData(nameof(Differences))]
    public void Another_training_on_one_rank_is_refused_by_all(string what, string message)
    {
        TrainingJob other = what switch
        {
            "rate" => Job.With(o => o with { LearningRate = 0.3f }),
            "epochs" => Job.With(o => o with { NumberOfEpochs = 6 }),
            "cancel" => Job.With(o => o with { OnCancel = OnCancel.KeepBest }),
            _ => Job with { Data = (SequenceDataset)Trainings.All["validation rows of their own"].Validation! },
        };
        Exception?[] ends = ThreadGroup.RunAll(3, group => Trainer.Train((group.Rank == 1 ? other : Job).On(group)), out _);
        Assert.All(ends, end => Assert.Contains(message, Assert.IsType<InvalidOperationException>(end).Message,
            StringComparison.Ordinal));
        Assert.DoesNotContain("rank 2", ends[0]!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void An_exception_on_one_rank_ends_the_others(int failing)
    {
        Exception?[] ends = ThreadGroup.RunAll(3, group => Trainer.Train((Job with
        {
            IsCanceled = () => group.Rank == failing ? throw new IOException("The disk is gone.") : false,
        }).On(group)), out _);
        for (int rank = 0; rank < 3; rank++)
            if (rank == failing)
                Assert.Equal("The disk is gone.", Assert.IsType<IOException>(ends[rank]).Message);
            else
                Assert.Equal("Another rank has failed.", ends[rank]!.Message);
    }

    [Fact]
    public void A_checkpoint_that_cannot_be_used_ends_it_on_all()
    {
        string path = Path.Combine(_folder.Name, "nowhere", "training.checkpoint");
        Exception?[] ends = ThreadGroup.RunAll(2, group => Trainer.Train(Job.KeptIn(path).On(group)), out _);
        Assert.All(ends, end => Assert.Contains("there is no folder", Assert.IsType<InvalidOperationException>(end).Message,
            StringComparison.Ordinal));
    }

    [Fact]
    public void A_training_that_has_failed_on_all_can_be_followed_by_another()
    {
        byte[][] networks = ThreadGroup.Run(2, group =>
        {
            Assert.Throws<InvalidOperationException>(() => Trainer.Train(
                Job.With(o => o with { NumberOfEpochs = 3 + group.Rank }).On(group)));
            return RankTrainings.Bytes(Trainer.Train(Job.On(group)).Trained);
        });
        Assert.Equal(RankTrainings.Bytes(Trainer.Train(Job).Trained), networks[1]);
    }
}
