using SequenceModels.Cells;
using SequenceModels.Heads;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using Xunit;

namespace SequenceModels.Tests;

/// <summary>A network that has scored much works with products computed beforehand. Nobody must be able to tell.</summary>
public class FoldedInputTests
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
    public void Folding_changes_no_bit_of_a_score(string cell, int embedding, bool bidirectional)
    {
        SequenceNetwork network = new NetworkRun(Spec(cell, embedding) with { Bidirectional = bidirectional }).Network;
        uint[][] sequences = [[], [5], [0, 3, Vocabulary + 7, 1], [.. Enumerable.Range(1, Vocabulary).Select(token => (uint)token)]];
        float[][] before = [.. sequences.Select(tokens => network.Score(tokens))];
        network.Layers.FoldInput();
        Assert.Equal(before, sequences.Select(tokens => network.Score(tokens)));
    }

    [Fact]
    public void A_network_folds_once_it_has_scored_as_many_tokens_as_it_knows()
    {
        SequenceNetwork network = new NetworkRun(Spec("LSTM", 6)).Network;
        network.Score(new uint[Vocabulary - 1]);
        Assert.False(network.Layers.IsFolded);
        network.Score([1u]);
        Assert.True(network.Layers.IsFolded);
    }

    [Fact]
    public void A_table_that_would_be_too_large_is_never_made()
    {
        var spec = new NetworkSpec
        {
            Input = SequenceInput.Tokens, InputSize = 270_000, EmbeddingSize = 1, Cell = "LSTM", HiddenSize = 16, Head = HeadKind.Sigmoid,
            NumberOfOutputs = 1,
        };
        var layers = new NetworkLayers(spec, FrameTransform.None, LabelTransform.None);
        layers.Parameters.Allocate();
        var network = new SequenceNetwork(layers);
        network.Score(new uint[spec.InputSize]);
        Assert.False(layers.IsFolded);
    }

    private static NetworkSpec Spec(string cell, int embedding) => new()
    {
        Input = SequenceInput.Tokens, InputSize = Vocabulary, EmbeddingSize = embedding, Cell = cell, HiddenSize = 20,
        Pooling = SequencePooling.Mean, Head = HeadKind.Softmax, NumberOfOutputs = 3,
    };
}
