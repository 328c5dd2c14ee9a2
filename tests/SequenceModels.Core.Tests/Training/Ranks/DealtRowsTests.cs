using SequenceModels.Sequences;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Training;

/// <summary>A training by processes that hold its rows together gives the bits of one that has them all.</summary>
public sealed class DealtRowsTests
{
    public static TheoryData<string> Names => [.. RankTrainings.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Rows_that_ranks_hold_together_train_the_same_bits(string name)
    {
        TrainingJob job = RankTrainings.All[name];
        byte[] alone = RankTrainings.Bytes(Trainer.Train(job).Trained);
        for (int ranks = 2; ranks <= 3; ranks++)
        {
            var blocks = new ThreadBlocks(ranks, blockLength: 20);
            byte[][] networks = ThreadGroup.Run(ranks, group =>
            {
                using SequenceDataset? validation = job.Validation is null ? null : Deal(job.Validation, blocks, group.Rank);
                using SequenceDataset data = Deal(job.Data, blocks, group.Rank);
                Assert.All(data.Channels, channel => Assert.True(channel.IsDealt));
                TrainingJob dealt = job with { Data = data, Validation = validation };
                return RankTrainings.Bytes(Trainer.Train(dealt.On(group, threads: 2)).Trained);
            });
            Assert.All(networks, network => Assert.Equal(alone, network));
            Assert.True(blocks.Read > 0);
            Assert.Equal(job.Data.Channels.Count + (job.Validation?.Channels.Count ?? 0), blocks.Released);
        }
    }

    [Fact]
    public void Stacked_frames_are_those_of_one_process()
    {
        using SequenceDataset expected = Frames(new ThreadBlocks(1, blockLength: 20).Of(0)), whole = Frames(group: null);
        expected.StackFrames(3);
        whole.StackFrames(3);
        var blocks = new ThreadBlocks(3, blockLength: 20);
        ThreadGroup.Run(3, group =>
        {
            using SequenceDataset found = Frames(blocks.Of(group.Rank));
            found.StackFrames(3);
            Assert.Equal(expected.Fingerprint(), found.Fingerprint());
            for (int row = 0; row < expected.Count; row++)
                Assert.Equal(whole.Frames(row), found.Frames(row));
            return 0;
        });
        Assert.Equal(2, blocks.Released);
    }

    private static SequenceDataset Frames(SequenceModels.Files.IBlockGroup? group)
    {
        var random = new Random(1);
        var data = new SequenceDataset([StepFeature.Frames(2)], group: group);
        for (int row = 0; row < 50; row++)
            data.Add([.. Enumerable.Range(0, 2 * random.Next(12)).Select(_ => random.NextSingle())], label: row);
        return data;
    }

    private static SequenceDataset Deal(SequenceDataset data, ThreadBlocks blocks, int rank)
    {
        var dealt = new SequenceDataset(data.Inputs, targets: data.Targets.CreateFor, rowFeatureSize: data.RowFeatures.Size,
            group: blocks.Of(rank));
        for (int row = 0; row < data.Count; row++)
            if (data.Targets is not NextStepTargets)
                dealt.Add(data, row);
            else
                dealt.Add(data.Channels[0].Keys(data.Start(row), (int)(EndOf(data, row) - data.Start(row))), labels: []);
        return dealt;
    }

    /// <summary>Where the steps of the next row begin.</summary>
    private static long EndOf(SequenceDataset data, int row) =>
        row + 1 < data.Count ? data.Start(row + 1) : data.Channels[0].Steps;
}
