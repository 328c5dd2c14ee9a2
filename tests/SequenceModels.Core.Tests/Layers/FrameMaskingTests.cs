using SequenceModels.Layers;
using SequenceModels.Sequences;
using Xunit;

namespace SequenceModels.Tests.Layers;

public class FrameMaskingTests
{
    private const int Steps = 40, Size = 12;

    [Fact]
    public void Runs_of_steps_and_of_numbers_become_zero()
    {
        int hiddenSteps = 0, hiddenNumbers = 0;
        for (int update = 1; update <= 60; update++)
        {
            float[,] frames = Masked(new FrameMasks(1, 10, 1, 4), update, shard: 0);
            bool[] steps = [.. Enumerable.Range(0, Steps).Select(t => Enumerable.Range(0, Size).All(i => frames[t, i] == 0))];
            bool[] numbers = [.. Enumerable.Range(0, Size).Select(i => Enumerable.Range(0, Steps).All(t => frames[t, i] == 0))];
            Assert.True(Runs(steps) <= 1 && steps.Count(hidden => hidden) <= 10);
            Assert.True(Runs(numbers) <= 1 && numbers.Count(hidden => hidden) <= 4);
            for (int t = 0; t < Steps; t++)
                for (int i = 0; i < Size; i++)
                    Assert.Equal(steps[t] || numbers[i] ? 0 : 1, frames[t, i]);
            hiddenSteps += steps.Count(hidden => hidden);
            hiddenNumbers += numbers.Count(hidden => hidden);
        }
        Assert.InRange(hiddenSteps, 200, 400); // 5 of each 40 on average
        Assert.InRange(hiddenNumbers, 80, 160);
    }

    [Fact]
    public void What_is_hidden_depends_on_the_sequences_number_alone()
    {
        var masks = new FrameMasks(2, 6, 2, 3);
        Assert.Equal(Masked(masks, update: 3, shard: 0), Masked(masks, update: 3, shard: 5));
        Assert.NotEqual(Masked(masks, update: 3, shard: 0), Masked(masks, update: 4, shard: 0));
    }

    /// <summary>The frames of the row that is called 7, which stands at some place in its shard.</summary>
    private static unsafe float[,] Masked(FrameMasks masks, long update, int shard)
    {
        var data = new SequenceDataset([StepFeature.Frames(Size)]);
        float[] ones = new float[Steps * Size];
        ones.AsSpan().Fill(1);
        for (int row = 0; row <= shard; row++)
            data.Add(ones, label: 0);
        var batch = new SequenceBatch();
        batch.Pack(data, [.. Enumerable.Range(0, shard + 1)], [.. Enumerable.Range(7 - shard, shard + 1)], FrameTransform.None);
        new FrameMasking(masks, Seed: 1, update).Apply(batch);
        var frames = new float[Steps, Size];
        for (int t = 0; t < Steps; t++)
            for (int i = 0; i < Size; i++)
                frames[t, i] = batch.Frames.Data[(batch.Offset(t) + shard) * Size + i];
        return frames;
    }

    private static int Runs(bool[] hidden) => hidden.Where((is_, i) => is_ && (i == 0 || !hidden[i - 1])).Count();
}
