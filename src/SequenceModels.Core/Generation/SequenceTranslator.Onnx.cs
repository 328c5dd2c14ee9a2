using SequenceModels.Files;
using SequenceModels.Networks;
using SequenceModels.Onnx;

namespace SequenceModels;

public sealed partial class SequenceTranslator
{
    /// <summary>
    /// Writes the network as two ONNX models (opset 14): an encoder, which reads sources once, and a step of the decoder, which
    /// is called for each token of their translations. The host chooses the tokens, by a loop of a few lines for greedy search.
    /// </summary>
    /// <param name="encoderPath">The encoder's file; replaced if it is there.</param>
    /// <param name="decoderPath">The decoder's file; replaced if it is there.</param>
    /// <param name="options">What to write; null: the defaults.</param>
    /// <exception cref="NotSupportedException">A part of the network cannot be written as ONNX; the message names it.</exception>
    /// <exception cref="ArgumentException">An option does not fit the network, or both paths are one.</exception>
    /// <exception cref="ArithmeticException">A weight is NaN or infinite.</exception>
    /// <exception cref="InvalidOperationException">A model would be larger than 2 GB.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <remarks>
    /// <para>
    /// The encoder's inputs: <c>tokens</c> [B, S] int64 keys from 1, or <c>frames</c> [B, S, F]; <c>lengths</c> [B] int64. Its
    /// outputs: <c>states</c> [B, S, D], D being HiddenSize of all directions; with additive attention <c>keys</c> [B, S, H]; and
    /// of each layer i of the decoder <c>hidden_i</c> and, of an LSTM, <c>cell_i</c> [B, H], H being DecoderHiddenSize.
    /// </para>
    /// <para>
    /// The decoder's inputs: <c>tokens</c> [B] int64, the last token of each translation, at the first step TargetSize + 1; the
    /// encoder's <c>states</c>, <c>keys</c> and <c>lengths</c>, where there is attention; <c>hidden_i</c> and <c>cell_i</c>; and
    /// with input feeding <c>fed</c> [B, A], zero at the first step. Its outputs: <c>probabilities</c> [B, TargetSize + 2] of the
    /// next token, the last one being the end's; <c>attention</c> [B, S]; and the states under their names with <c>_next</c>.
    /// Metadata of both: <c>cell</c>, <c>task</c>, <c>boundary</c> (TargetSize + 1), <c>vocabulary</c>.
    /// </para>
    /// </remarks>
    public void ExportOnnx(string encoderPath, string decoderPath, OnnxTranslatorOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(encoderPath);
        ArgumentException.ThrowIfNullOrEmpty(decoderPath);
        if (Path.GetFullPath(encoderPath) == Path.GetFullPath(decoderPath))
            throw new ArgumentException($"Encoder and decoder are two files; both paths are '{encoderPath}'.",
                nameof(decoderPath));
        (ProtobufMessage encoder, ProtobufMessage decoder) = Models(options);
        AtomicFile.Write(encoderPath, encoder.WriteTo);
        AtomicFile.Write(decoderPath, decoder.WriteTo);
    }

    /// <summary>Writes the network as two ONNX models to streams, which stay open.</summary>
    /// <param name="encoder">Where to write the encoder.</param>
    /// <param name="decoder">Where to write the step of the decoder.</param>
    /// <param name="options">What to write; null: the defaults.</param>
    /// <exception cref="NotSupportedException">A part of the network cannot be written as ONNX; the message names it.</exception>
    /// <exception cref="ArgumentException">An option does not fit the network.</exception>
    /// <exception cref="ArithmeticException">A weight is NaN or infinite.</exception>
    /// <exception cref="InvalidOperationException">A model would be larger than 2 GB.</exception>
    public void ExportOnnx(Stream encoder, Stream decoder, OnnxTranslatorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(decoder);
        (ProtobufMessage ofEncoder, ProtobufMessage ofDecoder) = Models(options);
        ofEncoder.WriteTo(encoder);
        ofDecoder.WriteTo(decoder);
    }

    private (ProtobufMessage Encoder, ProtobufMessage Decoder) Models(OnnxTranslatorOptions? options)
    {
        options ??= new OnnxTranslatorOptions();
        return (TranslationExport.Encoder(Network, options), TranslationExport.DecoderStep(Network, options));
    }
}
