using SequenceModels.Cells;
using SequenceModels.Heads;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using Xunit;

namespace SequenceModels.Tests;

/// <summary>A network fed step by step gives at each step what it gives for the whole sequence so far.</summary>
public class StepperTests
{
    private static readonly uint[] s_tokens = [3, 1, 0, 4, 4, 9, 2];

    public static TheoryData<string, int, int> Networks
    {
        get
        {
            var networks = new TheoryData<string, int, int>();
            foreach (RecurrentCell cell in RecurrentCells.All)
                foreach (int embedding in new[] { 0, 3 })
                    foreach (int layers in new[] { 1, 2 })
                        networks.Add(cell.Name, embedding, layers);
            return networks;
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Each_step_has_the_score_of_the_sequence_so_far_to_the_bit(string cell, int embedding, int layers)
    {
        SequenceNetwork network = new NetworkRun(Spec(cell, embedding) with { NumberOfLayers = layers }).Network;
        var stepper = new Stepper(network.Layers);
        for (int again = 0; again < 2; again++)
        {
            for (int t = 0; t < s_tokens.Length; t++)
                Assert.Equal(network.Score(s_tokens.AsSpan(0, t + 1)), stepper.Step(s_tokens[t]).ToArray());
            stepper.Restart();
        }
    }

    [Fact]
    public void Every_step_of_a_tagger_has_the_score_that_it_has_in_the_sequence()
    {
        NetworkLayers layers = new NetworkRun(Spec("LSTM", 3) with { EveryStep = true }).Network.Layers;
        Workspace whole = layers.CreateWorkspace();
        whole.Batch.Pack(s_tokens, layers.Spec.InputSize);
        layers.Predict(whole);
        var stepper = new Stepper(layers);
        for (int t = 0; t < s_tokens.Length; t++)
            Assert.Equal(whole.ScoresOf(t).ToArray(), stepper.Step(s_tokens[t]).ToArray());
    }

    [Fact]
    public void Frames_are_scaled_as_in_a_sequence()
    {
        NetworkSpec spec = Spec("GRU", 0) with { Input = SequenceInput.Frames, InputSize = 2 };
        SequenceNetwork network = new NetworkRun(spec).Network;
        var stepper = new Stepper(network.Layers);
        float[] frames = [0.5f, -1, 2, 0.25f, 3, -2];
        for (int t = 0; t < 3; t++)
            Assert.Equal(network.Score(frames.AsSpan(0, 2 * t + 2)), stepper.Step(frames.AsSpan(2 * t, 2)).ToArray());
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        var stepper = new Stepper(new NetworkRun(Spec("LSTM", 3) with { HiddenSize = 40, NumberOfLayers = 2, EveryStep = true }).Network.Layers);
        for (int t = 0; t < 100; t++)
            stepper.Step(s_tokens[t % s_tokens.Length]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int t = 0; t < 100; t++)
            stepper.Step(s_tokens[t % s_tokens.Length]);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void What_needs_the_whole_sequence_is_refused()
    {
        NetworkSpec spec = Spec("LSTM", 0);
        Assert.Contains("CRF", Assert.Throws<NotSupportedException>(() =>
            new Stepper(new NetworkRun(spec with { EveryStep = true, Head = HeadKind.Crf }).Network.Layers)).Message, StringComparison.Ordinal);
        Assert.Contains("bidirectional", Assert.Throws<NotSupportedException>(() =>
            new Stepper(new NetworkRun(spec with { Bidirectional = true }).Network.Layers)).Message, StringComparison.Ordinal);
        Assert.Contains("Mean", Assert.Throws<NotSupportedException>(() =>
            new Stepper(new NetworkRun(spec with { Pooling = SequencePooling.Mean }).Network.Layers)).Message, StringComparison.Ordinal);
    }

    private static NetworkSpec Spec(string cell, int embedding) => new()
    {
        Input = SequenceInput.Tokens, InputSize = 5, EmbeddingSize = embedding, Cell = cell, HiddenSize = 19, Head = HeadKind.Softmax,
        NumberOfOutputs = 3,
    };
}
