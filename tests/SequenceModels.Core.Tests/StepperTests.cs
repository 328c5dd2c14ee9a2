using SequenceModels.Cells;
using SequenceModels.Files;
using SequenceModels.Heads;
using SequenceModels.Kernels;
using SequenceModels.Networks;
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
        foreach (SequencePooling pooling in Enum.GetValues<SequencePooling>())
        {
            SequenceNetwork network =
                new NetworkRun(Spec(cell, embedding) with { NumberOfLayers = layers, Pooling = pooling }).Network;
            SequenceStepper stepper = network.CreateStepper();
            for (int again = 0; again < 2; again++)
            {
                StepperState state = stepper.CreateState();
                for (int t = 0; t < s_tokens.Length; t++)
                    Assert.Equal(network.Score(s_tokens.AsSpan(0, t + 1)), stepper.Step(state, s_tokens[t]).ToArray());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_state_is_a_value_that_can_be_copied_saved_and_fed_several_steps(string cell, int embedding, int layers)
    {
        foreach (SequencePooling pooling in Enum.GetValues<SequencePooling>())
        {
            SequenceNetwork network =
                new NetworkRun(Spec(cell, embedding) with { NumberOfLayers = layers, Pooling = pooling }).Network;
            SequenceStepper stepper = network.CreateStepper();
            StepperState state = stepper.CreateState();
            stepper.Step(state, s_tokens.AsSpan(0, 4));
            Assert.Equal(network.Score(s_tokens.AsSpan(0, 4)), state.Scores.ToArray());
            StepperState copy = state.Copy(), loaded = SaveAndLoad(state, SaveAndLoad(network).CreateStepper());
            stepper.Step(state, [1, 1, 1]); // the others must not move
            Assert.Equal(4, copy.NumberOfSteps);
            float[] whole = network.Score(s_tokens);
            Assert.Equal(network.Score(s_tokens.AsSpan(0, 4)), loaded.Scores.ToArray());
            Assert.Equal(whole, stepper.Step(copy, s_tokens.AsSpan(4)).ToArray());
            Assert.Equal(whole, stepper.Step(loaded, s_tokens.AsSpan(4)).ToArray());
            Assert.All(SaveAndLoad(stepper.CreateState(), stepper).Scores.ToArray(), score => Assert.Equal(0, score));
        }
    }

    [Fact]
    public void Every_step_of_a_tagger_has_the_score_that_it_has_in_the_sequence()
    {
        SequenceNetwork network = new NetworkRun(Spec("LSTM", 3) with { EveryStep = true }).Network;
        EncoderPass whole = network.CreatePass();
        whole.Batch.Pack(s_tokens, network.InputSize);
        network.Layers.Predict(whole);
        SequenceStepper stepper = network.CreateStepper();
        StepperState state = stepper.CreateState();
        for (int t = 0; t < s_tokens.Length; t++)
        {
            Assert.Equal(whole.ScoresOf(t).ToArray(), stepper.Step(state, s_tokens[t]).ToArray());
            Assert.Equal(whole.ScoresOf(t).ToArray(), network.Score(s_tokens.AsSpan(0, t + 1))[^network.NumberOfOutputs..]);
        }
        Assert.Empty(network.Score(ReadOnlySpan<uint>.Empty));
    }

    [Fact]
    public void Many_steps_at_once_are_as_many_single_ones()
    {
        SequenceStepper stepper = new NetworkRun(Spec("GRU", 3) with { Pooling = SequencePooling.Mean }).Network.CreateStepper();
        uint[] tokens = [.. Enumerable.Range(0, 9_000).Select(t => (uint)(t * t / 7 % 6))];
        StepperState one = stepper.CreateState(), all = stepper.CreateState();
        foreach (uint token in tokens)
            stepper.Step(one, token);
        Assert.Equal(one.Scores.ToArray(), stepper.Step(all, tokens).ToArray());
        Assert.Equal(tokens.Length, all.NumberOfSteps);
    }

    [Fact]
    public void Frames_are_scaled_as_in_a_sequence()
    {
        NetworkShape spec = Spec("GRU", 0) with { Input = StepFeatureKind.Frames, InputSize = 2 };
        SequenceNetwork network = new NetworkRun(spec).Network;
        SequenceStepper stepper = network.CreateStepper();
        StepperState state = stepper.CreateState();
        float[] frames = [0.5f, -1, 2, 0.25f, 3, -2];
        for (int t = 0; t < 3; t++)
            Assert.Equal(network.Score(frames.AsSpan(0, 2 * t + 2)), stepper.Step(state, frames.AsSpan(2 * t, 2)).ToArray());
        Assert.Throws<ArgumentException>(() => stepper.Step(state, new float[] { 1 }));
        Assert.Throws<ArgumentException>(() => stepper.Step(state, new[] { 1, float.NaN }));
        Assert.Throws<InvalidOperationException>(() => stepper.Step(state, 1u));
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        SequenceStepper stepper =
            new NetworkRun(Spec("LSTM", 3) with
            {
                HiddenSize = 40,
                NumberOfLayers = 2,
                EveryStep = true
            }).Network.CreateStepper();
        StepperState state = stepper.CreateState();
        for (int t = 0; t < 100; t++)
            stepper.Step(state, s_tokens[t % s_tokens.Length]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int t = 0; t < 100; t++)
            stepper.Step(state, s_tokens[t % s_tokens.Length]);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Threads_may_share_a_stepper()
    {
        SequenceNetwork network = new NetworkRun(Spec("LSTM", 3)).Network;
        SequenceStepper stepper = network.CreateStepper();
        float[] expected = network.Score(s_tokens);
        Parallel.For(0, 200, _ =>
        {
            StepperState state = stepper.CreateState();
            foreach (uint token in s_tokens)
                stepper.Step(state, token);
            Assert.Equal(expected, state.Scores.ToArray());
        });
    }

    [Fact]
    public void What_needs_the_whole_sequence_and_states_of_other_networks_are_refused()
    {
        NetworkShape spec = Spec("LSTM", 0);
        Assert.Contains("CRF", Assert.Throws<NotSupportedException>(() =>
            new NetworkRun(spec with { EveryStep = true, Head = HeadKind.Crf }).Network.CreateStepper()).Message,
                StringComparison.Ordinal);
        Assert.Contains("bidirectional", Assert.Throws<NotSupportedException>(() =>
            new NetworkRun(spec with { Bidirectional = true }).Network.CreateStepper()).Message, StringComparison.Ordinal);
        SequenceStepper stepper = new NetworkRun(spec).Network.CreateStepper(),
            other = new NetworkRun(spec, seed: 2).Network.CreateStepper();
        StepperState state = other.CreateState();
        other.Step(state, 1);
        Assert.Contains("another network", Assert.Throws<ArgumentException>(() => stepper.Step(state, 1)).Message,
            StringComparison.Ordinal);
        Assert.Contains("another network", Assert.Throws<InvalidDataException>(() => SaveAndLoad(state, stepper)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SequencePooling.Mean)]
    [InlineData(SequencePooling.Max)]
    [InlineData(SequencePooling.Last)]
    [InlineData(SequencePooling.Attention)]
    [InlineData(SequencePooling.MaxMeanLast)]
    public void A_step_without_a_score_leaves_the_state_as_it_was(SequencePooling pooling)
    {
        SequenceNetwork network = new NetworkRun(Spec("GRU", 0) with { Pooling = pooling }).Network;
        SequenceStepper stepper = network.CreateStepper();
        StepperState state = stepper.CreateState();
        stepper.Step(state, s_tokens);
        byte[] before = Saved(state);
        float[] weights = network.Layers.Parameters.Values.Span.ToArray();
        network.Layers.Parameters.Values.Span.Fill(float.NaN);
        Assert.Throws<ArithmeticException>(() => { stepper.Step(state, s_tokens); });
        weights.CopyTo(network.Layers.Parameters.Values.Span);
        Assert.Equal(before, Saved(state));

        static byte[] Saved(StepperState state)
        {
            using var stream = new MemoryStream();
            state.Save(stream);
            return stream.ToArray();
        }
    }

    /// <summary>
    /// Whether there is a cell state follows from the network: a file that leaves it out must not make scores of what lies beside
    /// it in memory.
    /// </summary>
    [Fact]
    public void A_state_without_a_part_that_its_network_has_is_refused()
    {
        SequenceStepper stepper = new NetworkRun(Spec("LSTM", 0)).Network.CreateStepper();
        StepperState state = stepper.CreateState();
        stepper.Step(state, s_tokens);
        using var stream = new MemoryStream();
        state.Save(stream);
        byte[] body = stream.ToArray()[20..^32];
        const int States = 32 * sizeof(float); // H and its padding; hidden, cell and pooled state stand at the end
        Resealed(body);
        foreach (int cut in new[] { States, 2 * States, 4 })
        {
            byte[] without = body[..^cut];
            Assert.Throws<InvalidDataException>(() => Resealed(without));
            byte[] noCells = [.. body[..^(2 * States)], .. body[^States..]];
            Assert.Throws<InvalidDataException>(() => Resealed(noCells));
        }
        foreach (float bad in new[] { float.NaN, float.NegativeInfinity })
        {
            byte[] lie = [.. body];
            BitConverter.TryWriteBytes(lie.AsSpan(body.Length - 2 * States), bad);
            Assert.Throws<InvalidDataException>(() => Resealed(lie));
        }

        StepperState Resealed(byte[] content)
        {
            using var made = new MemoryStream();
            SealedPayload.Write(made, "SEQSTATE", 1, writer => writer.Write(content));
            made.Position = 0;
            return stepper.LoadState(made);
        }
    }

    [Fact]
    public void The_states_of_an_empty_buffer_are_not_taken_for_states()
    {
        var buffer = new SequenceModels.Kernels.FloatBuffer();
        buffer.Reserve(0);
        unsafe
        {
            Assert.True(buffer.Data is null);
        }
        SequenceStepper stepper = new NetworkRun(Spec("LSTM", 0)).Network.CreateStepper();
        StepperState state = stepper.CreateState();
        state.NumberOfSteps = 1; // claims states that it does not have
        Assert.Throws<InvalidOperationException>(() => stepper.Step(state, 1));
    }

    [Theory]
    [InlineData("GRU", 19, 5, SequencePooling.Last)]
    [InlineData("LSTM", 18, 5, SequencePooling.Last)]
    [InlineData("LSTM", 19, 4, SequencePooling.Last)]
    [InlineData("LSTM", 19, 5, SequencePooling.Mean)]
    public void A_state_of_a_network_of_another_shape_is_refused_with_both_shapes(string cell, int hidden, int vocabulary,
        SequencePooling pooling)
    {
        SequenceStepper stepper = new NetworkRun(Spec("LSTM", 0)).Network.CreateStepper();
        SequenceStepper other =
            new NetworkRun(Spec(cell, 0) with
            {
                HiddenSize = hidden,
                InputSize = vocabulary,
                Pooling = pooling
            }).Network.CreateStepper();
        string message = Assert.Throws<InvalidDataException>(() => SaveAndLoad(other.CreateState(), stepper)).Message;
        Assert.Contains("LSTM, 1 of 19 units, Tokens of 5, Softmax of 3, Last", message, StringComparison.Ordinal);
        Assert.Contains($"{cell}, 1 of {hidden} units, Tokens of {vocabulary}, Softmax of 3, {pooling}", message,
            StringComparison.Ordinal);
        Assert.DoesNotContain("Save it again", message, StringComparison.Ordinal);
    }

    private static StepperState SaveAndLoad(StepperState state, SequenceStepper stepper)
    {
        using var stream = new MemoryStream();
        state.Save(stream);
        stream.Position = 0;
        return stepper.LoadState(stream);
    }

    private static SequenceNetwork SaveAndLoad(SequenceNetwork network)
    {
        using var stream = new MemoryStream();
        network.Save(stream);
        stream.Position = 0;
        return SequenceNetwork.Load(stream);
    }

    private static NetworkShape Spec(string cell, int embedding) => new()
    {
        Input = StepFeatureKind.Tokens, InputSize = 5, EmbeddingSize = embedding, Cell = cell, HiddenSize = 19,
        Head = HeadKind.Softmax,
        NumberOfOutputs = 3,
    };
}
