using SequenceModels.Sequences;
using Xunit;

namespace SequenceModels.Tests.Sequences;

public class SequenceDatasetTests
{
    [Fact]
    public void After_clearing_it_holds_only_new_rows()
    {
        var tokens = new SequenceDataset(SequenceInput.Tokens, 9);
        tokens.Add([1u, 2, 3], label: 1, weight: 2);
        tokens.Clear();
        Assert.Equal((0, 0), (tokens.Count, tokens.NumberOfSteps));
        tokens.Add([4u], label: 3, weight: 4);
        tokens.Add(ReadOnlySpan<uint>.Empty, label: 0);
        Assert.Equal((2, 1, 3, 4), (tokens.Count, tokens.NumberOfSteps, tokens.Label(0), tokens.Weight(0)));
        Assert.Equal([4u], tokens.Tokens(0).ToArray());

        var frames = new SequenceDataset(SequenceInput.Frames, 2);
        frames.Add([1f, 2, 3, 4], label: 1);
        frames.Clear();
        frames.Add([5f, 6], label: 1);
        Assert.Equal([5f, 6], frames.Frames(0).ToArray());
    }
}
