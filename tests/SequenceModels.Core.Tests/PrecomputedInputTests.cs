using SequenceModels.Cells;
using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using SequenceModels.Text;
using Xunit;

namespace SequenceModels.Tests;

/// <summary>A network that has scored much works with products computed beforehand. Nobody must be able to tell.</summary>
public class PrecomputedInputTests
{
    private const int Vocabulary = 11;

    public static TheoryData<string, int, bool> Networks
    {
        get
        {
            var networks = new TheoryData<string, int, bool>();
            foreach (RecurrentCell cell in RecurrentCells.All)
                foreach (int embedding in new[] { 0, 6 })
                    foreach (bool bidirectional in new[] { false, true })
                        networks.Add(cell.Name, embedding, bidirectional);
            return networks;
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_precomputed_input_changes_no_bit_of_a_score(string cell, int embedding, bool bidirectional)
    {
        SequenceNetwork network = new NetworkRun(Spec(cell, embedding) with { Bidirectional = bidirectional }).Network;
        uint[][] sequences =
            [[], [5], [0, 3, Vocabulary + 7, 1], [.. Enumerable.Range(1, Vocabulary).Select(token => (uint)token)]];
        float[][] before = [.. sequences.Select(tokens => network.Score(tokens))];
        network.Layers.PrecomputeInput();
        Assert.Equal(before, sequences.Select(tokens => network.Score(tokens)));
    }

    /// <summary>Longer than what scoring keeps of a sequence at a time, in a batch with others and alone.</summary>
    [Theory]
    [MemberData(nameof(Networks))]
    public void Long_sequences_have_the_scores_of_the_textbook_before_and_after(string cell, int embedding, bool bidirectional)
    {
        var run = new NetworkRun(Spec(cell, embedding) with { Bidirectional = bidirectional });
        var textbook = new ReferenceNetwork(run.Network.Spec, run.Weights);
        var random = new Random(4);
        uint[][] sequences = [.. new[] { 401, 260, 3, 0 }.Select(length =>
            Enumerable.Range(0, length).Select(_ => (uint)random.Next(Vocabulary + 1)).ToArray())];
        var data = new SequenceDataset([StepFeature.Tokens(Vocabulary, 0)]);
        foreach (uint[] tokens in sequences)
            data.Add(tokens, label: 0);
        for (int again = 0; again < 2; again++)
        {
            SequenceNetwork network = new(run.Network.Layers);
            float[] together = new float[sequences.Length * 3];
            network.Score(data, [0, 1, 2, 3], together, network.CreatePass());
            for (int i = 0; i < sequences.Length; i++)
            {
                float[] alone = network.Score(sequences[i]);
                Assert.Equal(alone, together[(3 * i)..(3 * i + 3)]);
                // A plain RNN with random weights is chaotic: over hundreds of steps float and double go different ways.
                double[] expected = textbook.Scores(new Example(sequences[i], null, 0));
                for (int k = 0; k < 3 && (cell != RnnCell.CellName || sequences[i].Length < 10); k++)
                    Assert.Equal(expected[k], alone[k], 1e-5);
            }
            network.Layers.PrecomputeInput();
        }
    }

    [Fact]
    public void A_network_folds_once_it_has_scored_as_many_tokens_as_it_knows()
    {
        SequenceNetwork network = new NetworkRun(Spec("LSTM", 6)).Network;
        network.Score(new uint[Vocabulary - 1]);
        Assert.False(network.Layers.InputIsPrecomputed);
        network.Score([1u]);
        Assert.True(network.Layers.InputIsPrecomputed);
    }

    [Fact]
    public void A_table_that_would_be_too_large_is_never_made()
    {
        var spec = new NetworkShape
        {
            Input = StepFeatureKind.Tokens, InputSize = 270_000, EmbeddingSize = 1, Cell = "LSTM", HiddenSize = 16,
            Head = HeadKind.Sigmoid,
            NumberOfOutputs = 1,
        };
        var layers = new EncoderNetwork(spec, FrameTransform.None, LabelTransform.None);
        layers.Parameters.Allocate();
        var network = new SequenceNetwork(layers);
        network.Score(new uint[spec.InputSize]);
        Assert.False(layers.InputIsPrecomputed);
    }

    private static NetworkShape Spec(string cell, int embedding) => new()
    {
        Input = StepFeatureKind.Tokens, InputSize = Vocabulary, EmbeddingSize = embedding, Cell = cell, HiddenSize = 20,
        Pooling = SequencePooling.Mean, Head = HeadKind.Softmax, NumberOfOutputs = 3,
    };
}
