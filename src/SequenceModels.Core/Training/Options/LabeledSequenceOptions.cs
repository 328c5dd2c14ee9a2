using SequenceModels.Training;

namespace SequenceModels;

/// <summary>
/// What every training has that learns labels of sequences, or of their steps, from one or several features at each step.
/// </summary>
public abstract record LabeledSequenceOptions : SequenceInputOptions
{
    private protected LabeledSequenceOptions() { }

    /// <summary>
    /// Whether each layer also reads the sequence from its end, its states beside the forward ones. Default no.
    /// </summary>
    public bool Bidirectional { get; init; }

    /// <summary>What each class counts in the training loss. Of classification only. Default null: all alike.</summary>
    public ClassWeights? ClassWeights { get; init; }

    /// <summary>
    /// Units in each direction of the LSTM that reads the characters of each token, 0 to 65,536. Only where a column of text is
    /// among the features. 0: none, and such a column is refused. Default 25.
    /// </summary>
    /// <remarks>Lample et al., "Neural Architectures for Named Entity Recognition", NAACL 2016, section 4.1.</remarks>
    public int CharacterHiddenSize { get; init; } = 25;

    /// <summary>
    /// Length of the learned vector of each character, 1 to 65,536. Only where a column of text is among the features. Default
    /// 25.
    /// </summary>
    public int CharacterEmbeddingSize { get; init; } = 25;

    internal override TaskOptions TaskOptions => base.TaskOptions with { ClassWeights = ClassWeights };

    internal override void Validate()
    {
        base.Validate();
        Require(CharacterHiddenSize is >= 0 and <= 65_536, nameof(CharacterHiddenSize), CharacterHiddenSize,
            "between 0 and 65536 (0 = no characters)");
        Require(CharacterEmbeddingSize is >= 1 and <= 65_536, nameof(CharacterEmbeddingSize), CharacterEmbeddingSize,
            "between 1 and 65536");
    }
}
