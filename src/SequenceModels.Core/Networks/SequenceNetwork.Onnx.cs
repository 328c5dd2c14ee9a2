using SequenceModels.Files;
using SequenceModels.Networks;
using SequenceModels.Onnx;

namespace SequenceModels;

public sealed partial class SequenceNetwork
{
    /// <summary>
    /// Writes the network as an ONNX model (opset 14), which ONNX Runtime, a browser or a GPU can run. It reads batches of any
    /// number of sequences of any lengths, 0 included; each gets the scores that it would get alone.
    /// </summary>
    /// <param name="path">The file; replaced if it is there.</param>
    /// <param name="options">What to write; null: the defaults.</param>
    /// <exception cref="NotSupportedException">A part of the network cannot be written as ONNX; the message names it.</exception>
    /// <exception cref="ArgumentException">An option does not fit the network.</exception>
    /// <exception cref="ArithmeticException">A weight is NaN or infinite.</exception>
    /// <exception cref="InvalidOperationException">The model would be larger than 2 GB.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <remarks>
    /// <para>
    /// Inputs: <c>tokens</c> [B, T] int64 keys from 1, or <c>frames</c> [B, T, F] numbers as they were for training, or
    /// <c>characters</c> or <c>subwords</c> [B, T, C] int64 keys with -1 behind a word's last; of several features each with its
    /// number, counted from 1 (<c>tokens1</c>, <c>characters2</c>); <c>lengths</c> [B] int64; and <c>row_features</c> [B,
    /// F] where the network reads numbers of whole rows. A forecaster with a linear path takes as many steps as that has.
    /// </para>
    /// <para>
    /// Outputs: <c>scores</c> [B, K] as <see cref="Score(ReadOnlySpan{uint}, ReadOnlySpan{float})"/> gives them, or [B, T,
    /// K] of a network with an output for every step, 0 beyond a sequence's length; of classes also <c>labels</c> [B] or [B,
    /// T] int64 counted from 0, by Viterbi's algorithm where the network has a CRF; of binary classification also
    /// <c>probabilities</c> [B, 1]. Metadata: <c>cell</c>, <c>task</c>, <c>labels</c>, <c>vocabulary</c>.
    /// </para>
    /// </remarks>
    public void ExportOnnx(string path, OnnxExportOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ProtobufMessage model = NetworkExport.Write(_layers, options ?? new OnnxExportOptions());
        AtomicFile.Write(path, model.WriteTo);
    }

    /// <summary>Writes the network as an ONNX model to a stream, which stays open.</summary>
    /// <param name="stream">Where to write.</param>
    /// <param name="options">What to write; null: the defaults.</param>
    /// <exception cref="NotSupportedException">A part of the network cannot be written as ONNX; the message names it.</exception>
    /// <exception cref="ArgumentException">An option does not fit the network.</exception>
    /// <exception cref="ArithmeticException">A weight is NaN or infinite.</exception>
    /// <exception cref="InvalidOperationException">The model would be larger than 2 GB.</exception>
    public void ExportOnnx(Stream stream, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        NetworkExport.Write(_layers, options ?? new OnnxExportOptions()).WriteTo(stream);
    }
}
