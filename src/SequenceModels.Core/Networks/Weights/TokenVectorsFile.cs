using SequenceModels.Layers;
using SequenceModels.Parameters;
using SequenceModels.Sequences;
using SequenceModels.Text;

namespace SequenceModels.Networks;

/// <summary>The vectors of a network's tokens as a file of word vectors.</summary>
internal static class TokenVectorsFile
{
    /// <param name="network">The network.</param>
    /// <param name="path">The file.</param>
    /// <param name="vocabulary">The tokens of the keys 1 to V.</param>
    /// <exception cref="ArgumentException">The network reads another number of tokens.</exception>
    /// <exception cref="InvalidOperationException">Its tokens have no vectors.</exception>
    public static void Write(EncoderNetwork network, string path, IReadOnlyList<string> vocabulary)
    {
        StepFeatures inputs = network.Spec.Inputs;
        if (inputs.FirstTokens is not (>= 0 and var place) || inputs[place].IsOneHot)
            throw new InvalidOperationException("The network reads no tokens that have vectors: there are none to write.");
        StepFeature tokens = inputs[place];
        if (vocabulary.Count != tokens.Size)
            throw new ArgumentException(
                Invariant($"The vocabulary has {Counted.Of(vocabulary.Count, "token")}; the network reads {tokens.Size}."),
                nameof(vocabulary));
        Parameter table = new WeightPlaces(network.Parameters).Find(Embedding.TableName);
        VectorTensor.Write(path, vocabulary, tokens.EmbeddingSize, (row, values) =>
            table.Read(network.Parameters.Values, row + 1, 0, values));
    }
}
