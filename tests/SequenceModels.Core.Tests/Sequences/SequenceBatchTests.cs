using SequenceModels.Sequences;
using Xunit;

namespace SequenceModels.Tests.Sequences;

public unsafe class SequenceBatchTests
{
    [Fact]
    public void Ragged_tokens_lie_time_major_without_padding()
    {
        var data = new SequenceDataset([StepFeature.Tokens(9, 0)]);
        data.Add([1u, 2, 3], label: 0);
        data.Add(ReadOnlySpan<uint>.Empty, label: 0);
        data.Add([4u, 5, 6], label: 0);
        data.Add([7u], label: 0);
        var batch = new SequenceBatch();
        batch.Pack(data, rows: [0, 2, 3, 1], numbers: [10, 12, 13, 11], FrameTransform.None);

        Assert.Equal([1u, 4, 7, 2, 5, 3, 6], batch.Tokens.ToArray());
        Assert.Equal((4, 3, 7), (batch.Count, batch.Steps, batch.Rows));
        Assert.Equal([0, 3, 5], Enumerable.Range(0, 3).Select(batch.Offset));
        Assert.Equal([0, 3, 2, 2, 0], Enumerable.Range(-1, 5).Select(batch.Alive));
        Assert.Equal([3, 3, 1, 0], Enumerable.Range(0, 4).Select(batch.Length));
        Assert.Equal([10, 12, 13, 11], Enumerable.Range(0, 4).Select(batch.Number));
    }

    [Fact]
    public void Frames_are_scaled_as_they_are_packed()
    {
        var data = new SequenceDataset([StepFeature.Frames(2)]);
        data.Add([1f, 10, 2, 20], label: 0);
        data.Add([3f, 30], label: 0);
        var batch = new SequenceBatch();
        batch.Pack(data, rows: [0, 1], numbers: [0, 1], new FrameTransform([new([1, 10], [2, 0.5f])]));
        Assert.Equal([0, 0, 4, 10, 2, 5], new ReadOnlySpan<float>(batch.Frames.Data, 6).ToArray());
        Assert.True(batch.Tokens.IsEmpty);
    }

    [Fact]
    public void A_key_above_the_vocabulary_is_unknown()
    {
        var batch = new SequenceBatch();
        batch.Pack([1u, 5, 6, uint.MaxValue, 0], vocabularySize: 5);
        Assert.Equal([1u, 5, 0, 0, 0], batch.Tokens.ToArray());
    }

    [Fact]
    public void A_smaller_batch_after_a_larger_one_holds_only_its_own()
    {
        var batch = new SequenceBatch();
        batch.Pack([1u, 2, 3, 4], vocabularySize: 9);
        batch.Pack([8u, 9], vocabularySize: 9);
        Assert.Equal((1, 2, 2), (batch.Count, batch.Steps, batch.Rows));
        Assert.Equal([8u, 9], batch.Tokens.ToArray());
        batch.Pack(ReadOnlySpan<uint>.Empty, vocabularySize: 9);
        Assert.Equal((1, 0, 0), (batch.Count, batch.Steps, batch.Rows));
        Assert.Equal(0, batch.Alive(0));
    }

    [Fact]
    public void Some_of_the_steps_are_packed_as_a_batch_of_their_own()
    {
        var tokens = new SequenceDataset([StepFeature.Tokens(9, 0)]);
        tokens.Add([1u, 2, 3, 4, 5], label: 0);
        tokens.Add([6u, 7, 8], label: 0);
        tokens.Add([9u], label: 0);
        var batch = new SequenceBatch();
        batch.Pack(tokens, [0, 1, 2], [0, 1, 2], FrameTransform.None, new StepRange(First: 1, Count: 3));
        Assert.Equal([2u, 7, 3, 8, 4], batch.Tokens.ToArray());
        Assert.Equal([3, 2, 0], Enumerable.Range(0, 3).Select(batch.Length));
        Assert.Equal([10f, 20], batch.Part<float>([0, 10, 20], k: 1, first: 1, size: 1).ToArray());

        var frames = new SequenceDataset([StepFeature.Frames(2)]);
        frames.Add([1f, 2, 3, 4, 5, 6], label: 0);
        frames.Add([7f, 8, 9, 10], label: 0);
        batch = new SequenceBatch();
        batch.Pack(frames, [0, 1], [0, 1], FrameTransform.None, new StepRange(First: 1, Count: 1));
        Assert.Equal([3f, 4, 9, 10], new ReadOnlySpan<float>(batch.Frames.Data, 4).ToArray());
        Assert.Equal(1, batch.Steps);
    }

    [Fact]
    public void Rows_that_are_not_longest_first_are_refused()
    {
        var data = new SequenceDataset([StepFeature.Tokens(9, 0)]);
        data.Add([1u], label: 0);
        data.Add([1u, 2], label: 0);
        var error = Assert.Throws<ArgumentException>(() => new SequenceBatch().Pack(data, [0, 1], [0, 1], FrameTransform.None));
        Assert.Contains("Row 1", error.Message, StringComparison.Ordinal);
    }
}
