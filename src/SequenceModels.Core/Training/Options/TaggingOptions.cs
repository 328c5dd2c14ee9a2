namespace SequenceModels;

/// <summary>
/// The shape of a network that gives each step of a sequence a label, and how it is trained. Immutable; change a copy with <c>with</c>.
/// </summary>
/// <remarks>
/// <see cref="SequenceTrainerOptions.Pooling"/> has no effect: each step's own state is read. Bidirectional networks see what follows a
/// step too, and mostly tag better.
/// </remarks>
public record TaggingOptions : SequenceTrainerOptions
{
    /// <summary>How the tags of a sequence are decided upon. Default: each step by itself.</summary>
    public TagDecoding TagDecoding { get; init; } = TagDecoding.Softmax;

    /// <summary>
    /// Units in each direction of the LSTM that reads the characters of each token, 0 to 65,536. Only where a column of text is among the
    /// features. 0: none, and such a column is refused. Default 25.
    /// </summary>
    /// <remarks>Lample et al., "Neural Architectures for Named Entity Recognition", NAACL 2016, section 4.1.</remarks>
    public int CharacterHiddenSize { get; init; } = 25;

    /// <summary>
    /// Length of the learned vector of each character, 1 to 65,536. Only where a column of text is among the features. Default 25.
    /// </summary>
    public int CharacterEmbeddingSize { get; init; } = 25;

    internal override void Validate()
    {
        base.Validate();
        Require(Enum.IsDefined(TagDecoding), nameof(TagDecoding), TagDecoding, "Softmax or Crf");
        Require(CharacterHiddenSize is >= 0 and <= 65_536, nameof(CharacterHiddenSize), CharacterHiddenSize, "between 0 and 65536 (0 = no characters)");
        Require(CharacterEmbeddingSize is >= 1 and <= 65_536, nameof(CharacterEmbeddingSize), CharacterEmbeddingSize, "between 1 and 65536");
    }

    /// <summary>The values, in the invariant culture.</summary>
    public override string ToString() => InvariantText.OfRecord(nameof(TaggingOptions), PrintMembers);
}
