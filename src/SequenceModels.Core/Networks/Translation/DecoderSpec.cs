using SequenceModels.Files;

namespace SequenceModels.Networks;

/// <summary>The shape of what writes a translation: its tokens, the recurrent layers over them, and the attention.</summary>
internal sealed record DecoderSpec
{
    /// <summary>A bound on sizes that no real network reaches, so that products of sizes can't overflow.</summary>
    private const int LargestSize = 1 << 24;

    /// <summary>V: tokens are keys 1..V, 0 = unknown.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>E: length of a token's vector, at least 1.</summary>
    public required int EmbeddingSize { get; init; }

    /// <summary>H: units in each layer.</summary>
    public required int HiddenSize { get; init; }

    public int NumberOfLayers { get; init; } = 1;

    /// <summary>How it looks at the source.</summary>
    public AttentionKind Attention { get; init; }

    /// <summary>Whether what attention found at a step enters at the next, beside the token.</summary>
    public bool InputFeeding { get; init; }

    /// <summary>K: each key, the unknown token, and the boundary behind the last token.</summary>
    public int NumberOfOutputs => VocabularySize + 2;

    /// <summary>What is wrong with the shape; null: nothing.</summary>
    /// <param name="source">Numbers of the encoder's states.</param>
    public string? Validate(int source) =>
        VocabularySize is < 1 or > LargestSize - 2 ? Invariant($"its vocabulary has {VocabularySize} tokens")
        : EmbeddingSize < 1 ? "its target tokens have no vectors"
        : HiddenSize < 1 ? Invariant($"its decoder has {HiddenSize} units")
        : NumberOfLayers is < 1 or > 64 ? Invariant($"its decoder has {NumberOfLayers} layers")
        : Attention == AttentionKind.Dot && HiddenSize != source
        ? Invariant($"Dot attention needs states of equal length: the encoder's have {source} numbers, the decoder's ") +
            Invariant($"{HiddenSize}")
        : InputFeeding && Attention == AttentionKind.None ? "there is no attention whose result could enter at the next step"
        : null;

    /// <summary>All that decides the shape, as names and texts.</summary>
    public IEnumerable<(string Name, string Value)> Settings() =>
    [
        ("TargetSize", InvariantText.Of(VocabularySize)),
        ("TargetEmbeddingSize", InvariantText.Of(EmbeddingSize)),
        ("DecoderHiddenSize", InvariantText.Of(HiddenSize)),
        ("DecoderLayers", InvariantText.Of(NumberOfLayers)),
        (nameof(Attention), InvariantText.Of(Attention)),
        (nameof(InputFeeding), InvariantText.Of(InputFeeding)),
    ];

    public void Write(PayloadWriter writer)
    {
        writer.Write(VocabularySize);
        writer.Write(EmbeddingSize);
        writer.Write(HiddenSize);
        writer.Write(NumberOfLayers);
        writer.Write((int)Attention);
        writer.Write(InputFeeding);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static DecoderSpec Read(PayloadReader reader) => new()
    {
        VocabularySize = reader.ReadInt32("size of the target vocabulary", 1, LargestSize - 2),
        EmbeddingSize = reader.ReadInt32("vector size of target tokens", 1, LargestSize),
        HiddenSize = reader.ReadInt32("DecoderHiddenSize", 1, LargestSize),
        NumberOfLayers = reader.ReadInt32("number of the decoder's layers", 1, 64),
        Attention = reader.ReadEnum<AttentionKind>("attention"),
        InputFeeding = reader.ReadBoolean(),
    };
}
