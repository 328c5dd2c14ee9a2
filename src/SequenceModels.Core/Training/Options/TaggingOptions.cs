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

    internal override void Validate()
    {
        base.Validate();
        Require(Enum.IsDefined(TagDecoding), nameof(TagDecoding), TagDecoding, "Softmax or Crf");
    }
}
