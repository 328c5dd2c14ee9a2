using SequenceModels.Cells;
using SequenceModels.Heads;
using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Networks;
using SequenceModels.Parameters;
using SequenceModels.Sequences;
using SequenceModels.Tests.Kernels;
using SequenceModels.Tests.Networks;
using SequenceModels.Tests.Reference;
using Xunit;

namespace SequenceModels.Tests;

/// <summary>
/// A network with 8-bit weights: nearly the scores of the network that it was made of, and all that a network keeps.
/// </summary>
[Collection(EveryWidth.Name)]
public class EightBitTests
{
    private const int Vocabulary = 40;
    private static readonly uint[][] s_sequences = [.. Enumerable.Range(0, 23).Select(i =>
        Enumerable.Range(0, i % 9).Select(t => (uint)((7 * i + 3 * t) % (Vocabulary + 2))).ToArray())];

    public static IEnumerable<TheoryDataRow<string, int, bool, int>> Shapes =>
        from cell in RecurrentCells.All
        from embeddingSize in new[] { 0, 36 }
        from bidirectional in new[] { false, true }
        from layers in new[] { 1, 2 }
        select new TheoryDataRow<string, int, bool, int>(cell.Name, embeddingSize, bidirectional, layers);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Scores_are_nearly_those_of_the_floats(string cell, int embeddingSize, bool bidirectional, int layers)
    {
        SequenceNetwork network = Network(Shape(cell) with
        {
            EmbeddingSize = embeddingSize,
            Bidirectional = bidirectional,
            NumberOfLayers = layers,
        });
        SequenceNetwork rounded = network.WithEightBitWeights();
        Assert.True(rounded.HasEightBitWeights);
        Assert.False(network.HasEightBitWeights);
        Assert.Same(rounded, rounded.WithEightBitWeights());
        foreach (uint[] tokens in s_sequences)
        {
            float[] expected = network.Score(tokens), scores = rounded.Score(tokens);
            for (int k = 0; k < scores.Length; k++)
                Assert.Equal(expected[k], scores[k], 0.02);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_sequence_scores_the_same_bits_alone_in_any_batch_saved_and_by_any_instructions(string cell, int embeddingSize,
        bool bidirectional, int layers)
    {
        SequenceNetwork network = Network(Shape(cell) with
        {
            EmbeddingSize = embeddingSize,
            Bidirectional = bidirectional,
            NumberOfLayers = layers,
        }).WithEightBitWeights();
        float[][] alone = [.. s_sequences.Select(tokens => network.Score(tokens))];
        Assert.Equal(alone, InBatch(network));
        network.Layers.PrecomputeInput();
        Assert.Equal(alone, s_sequences.Select(tokens => network.Score(tokens)));
        SequenceNetwork loaded = SequenceNetwork.Load(new MemoryStream(Bytes(network)));
        Assert.True(loaded.HasEightBitWeights);
        Assert.Equal(Bytes(network), Bytes(loaded));
        foreach (ByteInstructions instructions in ByteProduct.Available)
            ByteProductTests.With(instructions, () => Assert.Equal(alone, s_sequences.Select(tokens => loaded.Score(tokens))));
    }

    [Theory]
    [InlineData("LSTM", 0)]
    [InlineData("GRU", 36)]
    [InlineData("RNN", 36)]
    public void Each_step_of_a_stepper_has_the_score_of_the_sequence_so_far_to_the_bit(string cell, int embeddingSize)
    {
        foreach (SequencePooling pooling in Enum.GetValues<SequencePooling>())
        {
            SequenceNetwork network = Network(Shape(cell) with { EmbeddingSize = embeddingSize, Pooling = pooling })
                .WithEightBitWeights();
            SequenceStepper stepper = network.CreateStepper();
            StepperState state = stepper.CreateState();
            uint[] tokens = s_sequences[8];
            for (int t = 0; t < tokens.Length; t++)
                Assert.Equal(network.Score(tokens.AsSpan(0, t + 1)), stepper.Step(state, tokens[t]).ToArray());
            long before = GC.GetAllocatedBytesForCurrentThread();
            foreach (uint token in tokens)
                stepper.Step(state, token);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    [Theory]
    [InlineData(nameof(HeadKind.Softmax), false)]
    [InlineData(nameof(HeadKind.Softmax), true)]
    [InlineData(nameof(HeadKind.Crf), false)]
    [InlineData(nameof(HeadKind.Ctc), false)]
    public void Networks_with_an_output_for_every_step_score_nearly_the_same_too(string head, bool tied)
    {
        SequenceNetwork network = Network(Shape("LSTM") with
        {
            EmbeddingSize = tied ? 70 : 36,
            HiddenSize = 70,
            Head = Enum.Parse<HeadKind>(head),
            EveryStep = true,
            TiedEmbeddings = tied,
            NumberOfOutputs = tied ? Vocabulary + 1 : 5,
            Pooling = SequencePooling.Last,
        });
        SequenceNetwork rounded = network.WithEightBitWeights();
        foreach (uint[] tokens in s_sequences)
        {
            float[] expected = network.Score(tokens), scores = rounded.Score(tokens);
            for (int k = 0; k < scores.Length; k++)
                Assert.Equal(expected[k], scores[k], 0.03);
        }
        Assert.Equal(s_sequences.Select(tokens => rounded.Score(tokens)),
            s_sequences.Select(tokens => SequenceNetwork.Load(new MemoryStream(Bytes(rounded))).Score(tokens)));
    }

    /// <summary>Numbers as they were given may differ by any factor: only whole states and learned vectors are rounded.</summary>
    [Fact]
    public void A_small_number_of_a_frame_counts_beside_a_large_one()
    {
        EncoderNetwork layers = Network(Shape("LSTM") with { Input = StepFeatureKind.Frames }).Layers;
        Parameter weights = layers.Parameters.All.Single(parameter => parameter.Name == "layer1.forward.W");
        float[] row = new float[weights.Units];
        for (int gate = 0; gate < 4; gate++)
        {
            weights.Read(layers.Parameters.Values, 1, gate, row);
            weights.Write(layers.Parameters.Values, 1, gate, [.. row.Select(weight => weight * 1e-5f)]);
        }
        SequenceNetwork network = new(layers), rounded = network.WithEightBitWeights();
        foreach (float small in (float[])[-1, 0, 1, 2])
        {
            float[] frames = [.. Enumerable.Range(0, 3 * Vocabulary).Select(i => i % Vocabulary == 0 ? small
                : i % Vocabulary == 1 ? 1e5f : 0)];
            float[] expected = network.Score(frames), scores = rounded.Score(frames);
            for (int k = 0; k < scores.Length; k++)
                Assert.Equal(expected[k], scores[k], 0.003);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(36)]
    public void The_weights_take_at_most_27_percent_of_the_bytes(int embeddingSize)
    {
        foreach (string cell in (string[])["RNN", "GRU", "LSTM"])
        {
            SequenceNetwork network =
                Network(Shape(cell) with { HiddenSize = 128, EmbeddingSize = embeddingSize, NumberOfLayers = 2 });
            double share = Bytes(network.WithEightBitWeights()).Length / (double)Bytes(network).Length;
            Assert.InRange(share, 0.25, 0.27);
        }
    }

    [Fact]
    public void A_weight_is_a_whole_number_times_its_scale_exactly()
    {
        EncoderNetwork layers = Network(Shape("GRU")).WithEightBitWeights().Layers;
        var again = (EncoderNetwork)layers.Copy();
        Assert.Null(again.Parameters.EightBits);
        Assert.Equal(layers.Parameters.Values.Span, again.Parameters.Values.Span);
        float[] before = layers.Parameters.Values.Span.ToArray();
        SequenceNetwork loaded = SequenceNetwork.Load(new MemoryStream(Bytes(new SequenceNetwork(layers))));
        Assert.Equal(before, loaded.Layers.Parameters.Values.Span.ToArray());
    }

    [Fact]
    public void Weights_of_zero_and_very_small_ones_stay_or_become_zero()
    {
        EncoderNetwork layers = Network(Shape("LSTM")).Layers;
        Span<float> values = layers.Parameters.Values.Span;
        for (int i = 0; i < values.Length; i++)
            values[i] = i % 3 == 0 ? 0 : 1e-35f;
        SequenceNetwork rounded = new SequenceNetwork(layers).WithEightBitWeights();
        Assert.All(rounded.Score([1u, 2]), score => Assert.Equal(0.25f, score, 1e-6f));
        Assert.Equal(Bytes(rounded), Bytes(SequenceNetwork.Load(new MemoryStream(Bytes(rounded)))));
    }

    private static NetworkShape Shape(string cell) => new()
    {
        Input = StepFeatureKind.Tokens,
        InputSize = Vocabulary,
        Cell = cell,
        HiddenSize = 70, // several panels, the last one narrower
        Head = HeadKind.Softmax,
        NumberOfOutputs = 4,
        Pooling = SequencePooling.Mean,
    };

    /// <summary>With the first weights of a training.</summary>
    private static SequenceNetwork Network(NetworkShape shape)
    {
        var layers = new EncoderNetwork(shape, FrameTransform.None, LabelTransform.None);
        layers.Parameters.Allocate();
        layers.Initialize(seed: 1);
        return new SequenceNetwork(layers);
    }

    private static float[][] InBatch(SequenceNetwork network)
    {
        var data = new SequenceDataset(network.Spec.Inputs);
        foreach (uint[] tokens in s_sequences)
            data.Add(tokens, label: 0);
        float[] scores = new float[s_sequences.Length * network.NumberOfOutputs];
        int[] rows = [.. Enumerable.Range(0, s_sequences.Length).OrderByDescending(row => s_sequences[row].Length)];
        network.Score(data, rows, scores, network.CreatePass());
        return [.. scores.Chunk(network.NumberOfOutputs)];
    }

    private static byte[] Bytes(SequenceNetwork network)
    {
        using var stream = new MemoryStream();
        network.Save(stream);
        return stream.ToArray();
    }
}
