using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Sequences;

/// <summary>Several steps of frames that are read as one.</summary>
public class FrameStackingTests
{
    private static readonly StepFeature s_three = StepFeature.Frames(2, stacked: 3);

    [Fact]
    public void The_last_step_stands_in_place_of_those_that_are_missing()
    {
        Assert.Equal((6, 2, 3), (s_three.Size, s_three.StepSize, s_three.Stacked));
        Assert.Equal([1, 2, 3, 4, 3, 4], s_three.Stack([1, 2, 3, 4]).ToArray());
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 7, 8, 7, 8], s_three.Stack([1, 2, 3, 4, 5, 6, 7, 8]).ToArray());
        float[] whole = [1, 2, 3, 4, 5, 6];
        Assert.True(s_three.Stack(whole) == whole);
        Assert.True(s_three.Stack([]).IsEmpty);
    }

    [Fact]
    public void Rows_that_were_read_step_by_step_are_stacked_as_if_they_had_been_read_so()
    {
        using SequenceDataset later = Rows(StepFeature.Frames(2)), atOnce = Rows(s_three);
        later.StackFrames(3);
        Assert.Equal(atOnce.Inputs, later.Inputs);
        Assert.Equal(atOnce.Fingerprint(), later.Fingerprint());
        Assert.Equal([1, 0, 2, 2], Enumerable.Range(0, later.Count).Select(later.Length));
        Assert.Equal([7, 8, 7, 8, 7, 8], later.Frames(3)[6..].ToArray());
        later.Add([1f, 2f], label: 1);
        atOnce.Add([1f, 2f], label: 1);
        Assert.Equal(atOnce.Fingerprint(), later.Fingerprint());
        using SequenceDataset copy = new([s_three]), one = Rows(StepFeature.Frames(2));
        for (int row = 0; row < atOnce.Count; row++)
            copy.Add(atOnce, row);
        Assert.Equal(atOnce.Fingerprint(), copy.Fingerprint());
        byte[] before = one.Fingerprint();
        one.StackFrames(1);
        Assert.Equal(before, one.Fingerprint());
    }

    [Fact]
    public void Only_frames_with_one_label_a_row_are_stacked()
    {
        using var tokens = new SequenceDataset([StepFeature.Tokens(3, 2)]);
        Assert.Throws<InvalidOperationException>(() => tokens.StackFrames(2));
        using SequenceDataset stacked = Rows(s_three);
        Assert.Throws<InvalidOperationException>(() => stacked.StackFrames(2));
    }

    [Fact]
    public void A_network_scores_steps_alone_in_a_batch_and_from_a_file_with_the_same_bits()
    {
        EncoderNetworkSpec spec = Spec();
        using SequenceDataset data = Rows(s_three);
        SequenceNetwork network = Trainer.Train(spec, data, Plain.Options with { FrameScaling = FrameScaling.Standard }, seed: 1);
        Assert.Equal((2, 3), (network.InputSize, network.FrameStacking));
        float[] together = new float[data.Count];
        network.Score(data, [3, 2, 0, 1], together, network.CreatePass());
        using var file = new MemoryStream();
        network.Save(file);
        file.Position = 0;
        SequenceNetwork loaded = SequenceNetwork.Load(file);
        Assert.Equal(3, loaded.FrameStacking);
        for (int row = 0; row < data.Count; row++)
        {
            Assert.Equal([together[row]], network.Score(Steps(row)));
            Assert.Equal([together[row]], loaded.Score(Steps(row)));
        }
        Assert.StartsWith("3 numbers cannot be cut into frames of 2.",
            Assert.Throws<ArgumentException>(() => network.Score([1f, 2, 3])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_step_has_a_share_of_its_own_in_an_explanation()
    {
        using SequenceDataset data = Rows(s_three);
        SequenceNetwork network = Trainer.Train(Spec(), data, Plain.Options, seed: 1);
        SequenceExplanation explanation = network.Explain(Steps(3), output: 0), whole = network.Explain(data, 3, output: 0);
        Assert.Equal((8, 12), (explanation.Shares.Count, whole.Shares.Count));
        Assert.Equal(whole.Shares.Take(6), explanation.Shares.Take(6));
        Assert.Equal([whole.Shares[6] + whole.Shares[8] + whole.Shares[10], whole.Shares[7] + whole.Shares[9] + whole.Shares[11]],
            explanation.Shares.Skip(6));
        Assert.Equal(explanation.Score - explanation.BaselineScore, explanation.Shares.Sum(share => (double)share), 1e-2);
        Assert.Equal(4, network.Explain(Steps(0), output: 0).Shares.Count);
    }

    [Fact]
    public void A_network_that_reads_several_steps_as_one_is_not_fed_step_by_step() =>
        Assert.StartsWith("This network reads 3 steps as one: it cannot be fed step by step. Train with " +
            "SequenceTrainerOptions.FrameStacking = 1.", Assert.Throws<NotSupportedException>(() =>
            SequenceNetwork.Of(Spec().CreateNetwork(FrameTransform.None, LabelTransform.None))
                .CreateStepper()).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(1, 40, 1)]
    [InlineData(1, 41, 2)]
    [InlineData(1, 150, 4)]
    [InlineData(1, 10_000, 64)]
    [InlineData(6, 100, 3)]
    [InlineData(30, 1_000, 2)]
    [InlineData(100, 1_000, 1)]
    public void So_many_steps_are_read_as_one_that_some_40_are_left_and_frames_stay_small(int size, int length, int stacked)
    {
        using var data = new SequenceDataset([StepFeature.Frames(size)]);
        data.Add(new float[size * length], label: 0);
        Assert.Equal(stacked, FrameStacking.Automatic(data));
    }

    private static EncoderNetworkSpec Spec()
    {
        EncoderNetworkSpec spec = new NetworkShape
        {
            Input = StepFeatureKind.Frames, InputSize = 2, Cell = "LSTM", HiddenSize = 5,
            Head = HeadKind.Sigmoid, NumberOfOutputs = 1,
        };
        return FrameStacking.Apply(spec, 3);
    }

    private static float[] Steps(int row) => row switch
    {
        0 => [1, 2, 3, 4],
        1 => [],
        2 => [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8],
        _ => [1, 2, 3, 4, 5, 6, 7, 8],
    };

    private static SequenceDataset Rows(StepFeature feature)
    {
        var data = new SequenceDataset([feature]);
        for (int row = 0; row < 4; row++)
            data.Add(Steps(row), label: row % 2);
        return data;
    }
}
