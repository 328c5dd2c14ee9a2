using SequenceModels.Training;

namespace SequenceModels;

/// <summary>
/// The shape of a network that gives each step of a sequence a label, and how it is trained. Immutable; change a copy with
/// <c>with</c>.
/// </summary>
/// <remarks>
/// <see cref="Bidirectional"/> networks see what follows a step too, and mostly tag better. With <see cref="TagDecoding.Crf"/>
/// whole sequences of tags are learned: LabelSmoothing and ClassWeights, which are of single steps, are refused.
/// </remarks>
public record TaggingOptions : SequenceInputOptions
{
    /// <inheritdoc cref="SequenceTrainerOptions.Bidirectional"/>
    public bool Bidirectional { get; init; }

    /// <inheritdoc cref="SequenceTrainerOptions.ClassWeights"/>
    /// <remarks>Not with <see cref="TagDecoding.Crf"/>.</remarks>
    public ClassWeights? ClassWeights { get; init; }

    /// <summary>How the tags of a sequence are decided upon. Default: each step by itself.</summary>
    public TagDecoding TagDecoding { get; init; } = TagDecoding.Softmax;

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
        Require(Enum.IsDefined(TagDecoding), nameof(TagDecoding), TagDecoding, "Softmax or Crf");
        Require(CharacterHiddenSize is >= 0 and <= 65_536, nameof(CharacterHiddenSize), CharacterHiddenSize,
            "between 0 and 65536 (0 = no characters)");
        Require(CharacterEmbeddingSize is >= 1 and <= 65_536, nameof(CharacterEmbeddingSize), CharacterEmbeddingSize,
            "between 1 and 65536");
    }
}
