using SequenceModels.Cells;

namespace SequenceModels.Layers;

/// <summary>The size of a <see cref="Decoder"/>.</summary>
/// <param name="Cell">The memory.</param>
/// <param name="Source">Of the encoder.</param>
/// <param name="Tokens">Tokens that enter: the vocabulary and the boundary.</param>
/// <param name="EmbeddingSize">E.</param>
/// <param name="HiddenSize">H.</param>
/// <param name="Layers">How many.</param>
/// <param name="Attention">How it looks at the source.</param>
/// <param name="FeedsInput">Whether what attention found at a step enters at the next, beside the token.</param>
/// <param name="IsTied">Whether the output layer has the weights of the embedding.</param>
internal readonly record struct DecoderShape(RecurrentCell Cell, SourceShape Source, int Tokens, int EmbeddingSize,
    int HiddenSize, int Layers, AttentionKind Attention, bool FeedsInput, bool IsTied)
{
    /// <summary>A: numbers of what the output layer reads.</summary>
    public int OutputSize => Attention == AttentionKind.None ? HiddenSize : IsTied ? EmbeddingSize : HiddenSize;
}
