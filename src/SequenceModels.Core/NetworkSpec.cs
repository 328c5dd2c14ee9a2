using SequenceModels.Heads;
using SequenceModels.Sequences;

namespace SequenceModels;

/// <summary>Everything that decides the shape of a network, and so the number and meaning of its weights.</summary>
internal sealed record NetworkSpec
{
    /// <summary>Tokens (also one-hot steps) or frames.</summary>
    public required SequenceInput Input { get; init; }

    /// <summary>V, the number of tokens (keys 1..V; 0 is unknown), or F, the numbers in a frame.</summary>
    public required int InputSize { get; init; }

    /// <summary>Length of a token's learned vector; 0: the token selects a row of the first layer's weights.</summary>
    public int EmbeddingSize { get; init; }

    /// <summary>Whether the output layer's weights are the embedding: K is V + 1, and the states have the vectors' length.</summary>
    public bool TiedEmbeddings { get; init; }

    /// <summary>Name of the cell in the registry: RNN, GRU, LSTM.</summary>
    public required string Cell { get; init; }

    public required int HiddenSize { get; init; }

    public int NumberOfLayers { get; init; } = 1;

    public bool Bidirectional { get; init; }

    /// <summary>How the states of all steps become one vector; not read where <see cref="EveryStep"/>.</summary>
    public SequencePooling Pooling { get; init; }

    /// <summary>Whether each step has an output of its own, instead of one for the sequence.</summary>
    public bool EveryStep { get; init; }

    public required HeadKind Head { get; init; }

    /// <summary>K: number of classes, or 1 for binary classification and regression.</summary>
    public required int NumberOfOutputs { get; init; }
}
