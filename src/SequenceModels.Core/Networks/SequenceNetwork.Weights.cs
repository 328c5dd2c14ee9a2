using SequenceModels.Files;
using SequenceModels.Networks;

namespace SequenceModels;

public sealed partial class SequenceNetwork
{
    /// <summary>Whether the network scores with 8-bit weights (<see cref="WithEightBitWeights"/>).</summary>
    public bool HasEightBitWeights => _layers.Parameters.EightBits is not null;

    /// <summary>
    /// A network that scores with 8-bit weights: its file is about a quarter as large, and it is faster, most of all with one
    /// sequence at a time. Its scores differ a little.
    /// </summary>
    /// <returns>A new network, and the same one where its weights are 8-bit already; this one is left as it is.</returns>
    /// <remarks>
    /// <para>
    /// Each weight of a matrix becomes a whole number from -127 to 127 times a scale of its output, and what is multiplied with
    /// it is rounded the same way, row by row, while it scores. The sums are whole numbers, and the same on every machine.
    /// Numbers as they were given, of frames and of rows, are multiplied as floats; biases and other vectors, a CRF's
    /// transitions, the path from the numbers of all steps to a forecast, and the weights of up to 1,024 numbers of the row stay
    /// floats in the file too.
    /// </para>
    /// <para>
    /// It saves and loads, and scores in steppers, pipelines and engines as any other; a sequence's scores are, to the bit, the
    /// same alone and among others. What learns, explains or is written for others (<c>Fit</c> with it as initial model,
    /// <see cref="SaveSafetensors"/>, <c>ExportOnnx</c>) has the rounded weights as floats.
    /// </para>
    /// </remarks>
    public SequenceNetwork WithEightBitWeights() => HasEightBitWeights ? this : Of(_layers.WithEightBitWeights());

    /// <summary>
    /// Makes a network of weights that were trained elsewhere, from a safetensors file. It gives the scores that the other
    /// library's network gives, to rounding.
    /// </summary>
    /// <param name="path">The file. Its tensors are F32, F64, F16 or BF16.</param>
    /// <param name="shape">What the file does not say.</param>
    /// <param name="names">
    /// What its tensors are called and how they are laid out; null: as in PyTorch, whose names are found by themselves.
    /// </param>
    /// <exception cref="InvalidDataException">
    /// The file is no safetensors file, or damaged, or has not the weights of such a network; the message names the tensor.
    /// </exception>
    /// <exception cref="ArgumentException">There is no network of this shape.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static SequenceNetwork FromSafetensors(string path, SequenceNetworkShape shape, TensorNames? names = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(shape);
        EncoderNetworkSpec spec = shape.ToSpec();
        return SafetensorsFile.Read(path, file => new SequenceNetwork(
            NetworkWeightsFile.Read(file, spec, names ?? new PyTorchNames())));
    }

    /// <summary>Writes the network's weights to a safetensors file, which PyTorch or Keras can read.</summary>
    /// <param name="path">The file; replaced if it is there.</param>
    /// <param name="names">What to call the tensors, and how to lay them out; null: as in PyTorch.</param>
    /// <exception cref="NotSupportedException">The network has parts that a file of weights has no place for.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <remarks>The same network makes the same bytes.</remarks>
    public void SaveSafetensors(string path, TensorNames? names = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var content = new MemoryStream();
        NetworkWeightsFile.Write(_layers, content, names ?? new PyTorchNames());
        AtomicFile.Write(path, stream => content.WriteTo(stream));
    }

    /// <summary>
    /// Writes the vectors of the network's tokens as a safetensors file, which <see cref="WordVectors.FromFile"/> reads: the
    /// tensor <c>embeddings</c> [V, E], and the tokens as a JSON array in the metadata, under <c>vocabulary</c>.
    /// </summary>
    /// <param name="path">The file; replaced if it is there.</param>
    /// <param name="vocabulary">The tokens of the keys 1 to V.</param>
    /// <exception cref="ArgumentException">The network reads another number of tokens.</exception>
    /// <exception cref="InvalidOperationException">
    /// The network's tokens have no vectors, or the vocabulary takes more than such a file has room for.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveWordVectors(string path, IReadOnlyList<string> vocabulary)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(vocabulary);
        TokenVectorsFile.Write(_layers, path, vocabulary);
    }
}
