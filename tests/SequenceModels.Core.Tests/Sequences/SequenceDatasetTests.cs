using SequenceModels.Sequences;
using Xunit;

namespace SequenceModels.Tests.Sequences;

public class SequenceDatasetTests
{
    [Fact]
    public void After_clearing_it_holds_only_new_rows()
    {
        var tokens = new SequenceDataset([StepFeature.Tokens(9, 0)]);
        tokens.Add([1u, 2, 3], label: 1, weight: 2);
        tokens.Clear();
        Assert.Equal((0, 0), (tokens.Count, tokens.NumberOfSteps));
        tokens.Add([4u], label: 3, weight: 4);
        tokens.Add(ReadOnlySpan<uint>.Empty, label: 0);
        Assert.Equal((2, 1, 3, 4), (tokens.Count, tokens.NumberOfSteps, tokens.Labels(0)[0], tokens.Weight(0)));
        Assert.Equal([4u], tokens.Tokens(0).ToArray());

        var frames = new SequenceDataset([StepFeature.Frames(2)]);
        frames.Add([1f, 2, 3, 4], label: 1);
        frames.Clear();
        frames.Add([5f, 6], label: 1);
        Assert.Equal([5f, 6], frames.Frames(0).ToArray());
    }

    [Fact]
    public void Any_change_of_any_row_changes_the_fingerprint()
    {
        (uint[] Tokens, float Label, float Weight)[] rows = [([1, 2, 3], 0, 1), ([4], 1, 2), ([], 1, 1)];
        string Of(Func<(uint[] Tokens, float Label, float Weight)[], (uint[], float, float)[]> change, int size = 9, long memory = long.MaxValue)
        {
            using var data = new SequenceDataset([StepFeature.Tokens(size, 0)], memory);
            foreach ((uint[] tokens, float label, float weight) in change(rows))
                data.Add(tokens, label, weight);
            return Convert.ToHexString(data.Fingerprint());
        }
        string plain = Of(r => r);
        Assert.Equal(plain, Of(r => r, memory: 0));
        Assert.Equal(64, plain.Length);
        string[] others =
        [
            Of(r => [([1, 2, 4], 0, 1), r[1], r[2]]), // a token
            Of(r => [r[0], ([4], 2, 2), r[2]]), // a label
            Of(r => [r[0], ([4], 1, 3), r[2]]), // a weight
            Of(r => [([1, 2], 0, 1), ([3, 4], 1, 2), r[2]]), // lengths of the same tokens
            Of(r => [([1, 2, 3, 0], 0, 1), r[1], r[2]]), // an unknown token more
            Of(r => [r[1], r[0], r[2]]), // the order
            Of(r => [r[0], r[1]]), // a row less
            Of(r => r, size: 10),
        ];
        Assert.Equal(others.Length + 1, others.Append(plain).Distinct().Count());
    }

    [Fact]
    public void Frames_and_labels_of_steps_are_in_the_fingerprint()
    {
        string Of(StepFeatureKind input, int size, float[] frames, float[]? labels)
        {
            var data = new SequenceDataset([input == StepFeatureKind.Frames ? StepFeature.Frames(size) : StepFeature.Tokens(size, 0)], targets: labels is null ? null : data => new StepTargets(data));
            if (labels is null)
                data.Add(frames, label: float.NaN);
            else
                data.Add(frames, labels);
            return Convert.ToHexString(data.Fingerprint());
        }
        string[] all =
        [
            Of(StepFeatureKind.Frames, 2, [1, 2, 3, 4], null),
            Of(StepFeatureKind.Frames, 2, [1, 2, 3, 5], null),
            Of(StepFeatureKind.Frames, 4, [1, 2, 3, 4], null),
            Of(StepFeatureKind.Frames, 2, [1, 2, 3, 4], [1, 0]),
            Of(StepFeatureKind.Frames, 2, [1, 2, 3, 4], [1, 1]),
        ];
        Assert.Equal(all.Length, all.Distinct().Count());
    }
}
