namespace SequenceModels;

/// <summary>
/// The shape of a network that gives each step of a sequence a label, and how it is trained. Immutable; change a copy with
/// <c>with</c>.
/// </summary>
/// <remarks>
/// <see cref="LabeledSequenceOptions.Bidirectional"/> networks see what follows a step too, and mostly tag better. With
/// <see cref="TagDecoding.Crf"/> whole sequences of tags are learned: LabelSmoothing and ClassWeights, which are of single
/// steps, are refused.
/// </remarks>
public record TaggingOptions : LabeledSequenceOptions
{
    /// <summary>How the tags of a sequence are decided upon. Default: each step by itself.</summary>
    public TagDecoding TagDecoding { get; init; } = TagDecoding.Softmax;

    /// <summary>Which tags are learned. Default: those that the labels have.</summary>
    public TagEncoding TagEncoding { get; init; } = TagEncoding.AsGiven;

    /// <summary>
    /// Whether the shape of each word is read beside its characters, as a learned vector of <see
    /// cref="LabeledSequenceOptions.CharacterEmbeddingSize"/> numbers: "Paris" and "Rome" have one shape, "NASA" another, "3-1"
    /// a third. Only where a column of text is among the features. Default no.
    /// </summary>
    /// <remarks>
    /// Collobert et al., "Natural Language Processing (Almost) from Scratch", JMLR 12, 2011, section 3.2.3, with more shapes.
    /// </remarks>
    public bool WordShapes { get; init; }

    internal override void Validate()
    {
        base.Validate();
        Require(Enum.IsDefined(TagDecoding), nameof(TagDecoding), TagDecoding, "Softmax or Crf");
        Require(Enum.IsDefined(TagEncoding), nameof(TagEncoding), TagEncoding, "AsGiven or Bioes");
        Require(TagEncoding == TagEncoding.AsGiven || ClassWeights is null or { IsBalanced: true }, nameof(ClassWeights),
            ClassWeights, "null or Balanced where TagEncoding is Bioes, whose tags are not those of the labels");
    }
}
