using SequenceModels.Cells;
using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Parameters;
using SequenceModels.Sequences;
using SequenceModels.Tests.Layers;
using SequenceModels.Tests.Reference;
using SequenceModels.Text;
using Xunit;

namespace SequenceModels.Tests;

/// <summary>What a user may rely on when a network scores, whatever its shape.</summary>
public class SequenceNetworkTests
{
    private const int Vocabulary = 5;
    private static readonly uint[][] s_sequences = [[1, 2, 3], [], [5, 4, 0, 1, 2, 2, 3], [0, 0], [3], [Vocabulary + 1, 4, 1]];

    public static IEnumerable<TheoryDataRow<string, int, bool>> Shapes =>
        from cell in RecurrentCells.All
        from embeddingSize in new[] { 0, 6 }
        from bidirectional in new[] { false, true }
        select new TheoryDataRow<string, int, bool>(cell.Name, embeddingSize, bidirectional);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Scores_are_those_of_the_textbook(string cell, int embeddingSize, bool bidirectional)
    {
        foreach (HeadKind head in GradientCheck.HeadsOf(everyStep: false))
            foreach (SequencePooling pooling in Enum.GetValues<SequencePooling>())
            {
                NetworkShape spec = Spec(cell, embeddingSize, bidirectional, head, pooling);
                var run = new NetworkRun(spec);
                var textbook = new ReferenceNetwork(spec, run.Weights);
                foreach (uint[] tokens in s_sequences)
                {
                    float[] scores = run.Network.Score(tokens);
                    double[] expected = textbook.Scores(new Example(tokens, null, 0));
                    Assert.Equal(expected.Length, scores.Length);
                    for (int k = 0; k < scores.Length; k++)
                        Assert.Equal(expected[k], scores[k], 1e-5);
                }
            }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_sequence_scores_the_same_bits_alone_and_in_any_batch(string cell, int embeddingSize, bool bidirectional)
    {
        foreach (SequencePooling pooling in Enum.GetValues<SequencePooling>())
        {
            // Wide enough for several panels, long enough for several register tiles of sequences.
            NetworkShape spec = Spec(cell, embeddingSize, bidirectional, HeadKind.Softmax, pooling) with { HiddenSize = 70 };
            EncoderNetwork layers = new NetworkRun(spec).Network.Layers;
            var random = new Random(1);
            uint[][] sequences =
                [.. Enumerable.Range(0, 23).Select(i => Enumerable.Range(0, i % 9).Select(_ => (uint)random.Next(7)).ToArray())];
            float[][] alone = [.. sequences.Select(tokens => new SequenceNetwork(layers).Score(tokens))];
            Assert.Equal(alone, InBatch(layers, sequences));
            Assert.Equal(alone.Reverse(), InBatch(layers, [.. sequences.Reverse()]));
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void One_workspace_forgets_what_it_scored_before(string cell, int embeddingSize, bool bidirectional)
    {
        NetworkShape spec = Spec(cell, embeddingSize, bidirectional, HeadKind.Softmax, SequencePooling.Max);
        SequenceNetwork network = new NetworkRun(spec).Network;
        float[][] first = [.. s_sequences.Select(tokens => new NetworkRun(spec).Network.Score(tokens))];
        for (int round = 0; round < 2; round++)
            Assert.Equal(first, s_sequences.Select(tokens => network.Score(tokens)));
    }

    [Fact]
    public void An_empty_sequence_has_the_zero_state()
    {
        foreach (SequencePooling pooling in Enum.GetValues<SequencePooling>())
        {
            var run = new NetworkRun(Spec(LstmCell.CellName, 6, bidirectional: true, HeadKind.Sigmoid, pooling));
            Assert.Equal((float)run.Weights[ReferenceWeights.OutputB][0, 0], run.Network.Score(ReadOnlySpan<uint>.Empty)[0]);
        }
    }

    /// <summary>Without an embedding an unknown token is a step of zeros, which still is a step.</summary>
    [Fact]
    public void An_unknown_token_is_a_step_of_its_own()
    {
        SequenceNetwork network =
            new NetworkRun(Spec(LstmCell.CellName, 0, bidirectional: false, HeadKind.Sigmoid, SequencePooling.Last)).Network;
        Assert.NotEqual(network.Score([1u]), network.Score([1u, 0]));
        Assert.Equal(network.Score([1u, 0]), network.Score([1u, Vocabulary + 1]));
        Assert.Equal(network.Score([1u, 0]), network.Score([1u, uint.MaxValue]));
    }

    [Fact]
    public void Picking_a_row_of_weights_is_multiplying_with_a_one_hot_vector()
    {
        foreach (RecurrentCell cell in RecurrentCells.All)
        {
            NetworkShape tokens = Spec(cell.Name, 0, bidirectional: true, HeadKind.Softmax, SequencePooling.Mean);
            SequenceNetwork picks = new NetworkRun(tokens).Network;
            var frames = new EncoderNetwork(tokens with { Input = StepFeatureKind.Frames }, FrameTransform.None,
                LabelTransform.None);
            frames.Parameters.Allocate();
            Parameter[] from = [.. picks.Layers.Parameters.All];
            foreach (Parameter parameter in frames.Parameters.All)
                Matrices.Write(parameter, frames.Parameters.Values,
                    Matrices.Read(from.Single(p => p.Name == parameter.Name), picks.Layers.Parameters.Values));
            var multiplies = new SequenceNetwork(frames);
            foreach (uint[] sequence in s_sequences)
            {
                float[] oneHot =
                    [.. sequence.SelectMany(token => Enumerable.Range(1, Vocabulary).Select(v => v == token ? 1f : 0))];
                Assert.Equal(picks.Score(sequence), multiplies.Score(oneHot));
            }
        }
    }

    [Fact]
    public void Many_threads_share_one_network()
    {
        SequenceNetwork network =
            new NetworkRun(Spec(GruCell.CellName, 6, bidirectional: true, HeadKind.Softmax, SequencePooling.Max)).Network;
        float[][] expected = [.. s_sequences.Select(tokens => network.Score(tokens))];
        Parallel.For(0, 2000, new ParallelOptions { MaxDegreeOfParallelism = 8 },
            i => Assert.Equal(expected[i % expected.Length], network.Score(s_sequences[i % expected.Length])));
    }

    [Fact]
    public void Ten_thousand_steps_are_scored()
    {
        SequenceNetwork network =
            new NetworkRun(Spec(LstmCell.CellName, 6, bidirectional: true, HeadKind.Softmax, SequencePooling.Mean)).Network;
        uint[] tokens = [.. Enumerable.Range(0, 10_000).Select(i => (uint)(i % 6))];
        Assert.Equal(1, network.Score(tokens).Sum(), 1e-5);
    }

    [Fact]
    public void The_wrong_kind_of_input_is_refused()
    {
        SequenceNetwork tokens = new NetworkRun(Spec(RnnCell.CellName, 0, false, HeadKind.Sigmoid, SequencePooling.Last)).Network;
        Assert.Contains("reads tokens of a vocabulary of 5",
            Assert.Throws<InvalidOperationException>(() => tokens.Score([1f, 2])).Message, StringComparison.Ordinal);

        SequenceNetwork frames = new NetworkRun(Spec(RnnCell.CellName, 0, false, HeadKind.Sigmoid, SequencePooling.Last) with
        {
            Input = StepFeatureKind.Frames,
            InputSize = 2,
        }).Network;
        Assert.Contains("reads frames of 2 numbers",
            Assert.Throws<InvalidOperationException>(() => frames.Score([1u, 2])).Message, StringComparison.Ordinal);
        Assert.Contains("3 numbers cannot be cut into frames of 2",
            Assert.Throws<ArgumentException>(() => frames.Score([1f, 2, 3])).Message, StringComparison.Ordinal);
        foreach (float bad in new[] { float.NaN, float.PositiveInfinity })
        {
            Assert.Contains("NaN or infinite", Assert.Throws<ArgumentException>(() => frames.Score([1, bad])).Message,
                StringComparison.Ordinal);
            var data = new SequenceDataset([StepFeature.Frames(2)]);
            data.Add([1, 2, 3, bad], label: 0);
            data.Add([1f, 2], label: 0);
            float[] scores = new float[2];
            frames.Score(data, [1], scores, frames.CreatePass());
            Assert.Equal([0, frames.Score([1f, 2])[0]], scores); // of the rows asked for, and no others
            Assert.Contains("NaN or infinite", Assert.Throws<ArgumentException>(
                () => frames.Score(data, [0, 1], scores, frames.CreatePass())).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void It_describes_itself()
    {
        SequenceNetwork network =
            new NetworkRun(Spec(GruCell.CellName, 6, bidirectional: true, HeadKind.Softmax, SequencePooling.Mean)).Network;
        Assert.Equal(("GRU", true, 5, 6, 3, 1, true, SequencePooling.Mean, 3),
            (network.Cell, network.TakesTokens, network.InputSize,
            network.EmbeddingSize, network.HiddenSize, network.NumberOfLayers, network.Bidirectional, network.Pooling,
            network.NumberOfOutputs));
        Assert.Equal(6 * 6 + 2 * (6 * 9 + 3 * 9 + 9 + 9) + 6 * 3 + 3, network.NumberOfParameters);
    }

    private static float[][] InBatch(EncoderNetwork layers, uint[][] sequences)
    {
        var data = new SequenceDataset([StepFeature.Tokens(Vocabulary, 0)]);
        foreach (uint[] tokens in sequences)
            data.Add(tokens, label: 0);
        EncoderPass workspace = layers.CreatePass();
        int[] rows = [.. Enumerable.Range(0, sequences.Length).OrderByDescending(data.Length)];
        float[] scores = new float[rows.Length * layers.Spec.Output.NumberOfOutputs];
        new SequenceNetwork(layers).Score(data, rows, scores, workspace);
        return [.. scores.Chunk(layers.Spec.Output.NumberOfOutputs)];
    }

    private static NetworkShape Spec(string cell, int embeddingSize, bool bidirectional, HeadKind head,
        SequencePooling pooling) => new()
        {
            Input = StepFeatureKind.Tokens, InputSize = Vocabulary, EmbeddingSize = embeddingSize, Cell = cell, HiddenSize = 3,
            Bidirectional = bidirectional, Pooling = pooling, Head = head, Quantiles = Layers.GradientCheck.QuantilesOf(head),
            NumberOfOutputs = head == HeadKind.Softmax || QuantileHead.Is(head) ? 3 : 1,
        };
}
