using SequenceModels.Sequences;

namespace SequenceModels;

/// <summary>The shape of a language model and how it is trained. Immutable; change a copy with <c>with</c>.</summary>
/// <remarks>
/// <para>
/// A language model reads forward, or with <see cref="Reversed"/> from the end, and learns to tell each step from those that it
/// has read.
/// </para>
/// <para>
/// Each row is a text of its own, which begins with a memory of nothing, unless <see cref="RowsFollowEachOther"/>. A row that
/// is longer than its share, all steps divided
/// by BatchSize, is cut into parts of equal length, which are read side by side: a single row of a million characters becomes
/// BatchSize streams. Only the first step of a part has no memory of the part before it. Rows that are set aside to measure on by
/// ValidationFraction are drawn from these parts; those of a validation set are read whole.
/// </para>
/// <para>
/// TruncatedBackpropagationSteps, 64 unless it is set, is how many steps are learned from at a time: after each such chunk the
/// weights are moved once, and the states are carried into the next chunk, so that the memory reaches further than the gradient
/// (Mikolov et al., "Extensions of Recurrent Neural Network Language Model", ICASSP 2011, section 3). With 0 whole rows are
/// learned from at once, which takes memory for every step of a batch.
/// </para>
/// <para>
/// <c>EmbeddingDeviation</c> is decided upon in Fit where it is not set: 1 for up to 512 different tokens, as characters are,
/// and 1/3 for more, as words are, most of which are seen seldom; 1 where <see cref="TiedEmbeddings"/>. Until then the
/// property gives 1.
/// </para>
/// </remarks>
public record LanguageModelOptions : SequenceInputOptions
{
    /// <summary>Tokens of which each is seen so often that the vector it began with is soon forgotten.</summary>
    private const int FewTokens = 512;

    /// <summary>
    /// The defaults: those of every trainer, but for TruncatedBackpropagationSteps = 64, and EmbeddingDeviation by the tokens.
    /// </summary>
    public LanguageModelOptions() => TruncatedBackpropagationSteps = 64;

    /// <summary>
    /// Whether the output layer has the embedding's weights, in place of as many of its own. EmbeddingSize must be equal to
    /// HiddenSize, and PretrainedVectors must not be frozen. Of tokens only. Default no.
    /// </summary>
    /// <remarks>Press and Wolf, "Using the Output Embedding to Improve Language Models", EACL 2017.</remarks>
    public bool TiedEmbeddings { get; init; }

    /// <summary>
    /// Whether rows are read, and predicted, from their last step to their first. Such a model gives each step a probability
    /// after those behind it, and cannot write texts; a bidirectional network takes over its layers for the direction that reads
    /// from the end. Default no.
    /// </summary>
    public bool Reversed { get; init; }

    /// <summary>
    /// Whether the rows are one text in their order, as the lines of a corpus are: the state is carried from the end of a row
    /// to the beginning of the next, and the first step of a row is predicted from the row before. The text is cut into
    /// <see cref="TrainingOptions.BatchSize"/> streams of equal length, which are read side by side,
    /// <see cref="TrainingOptions.TruncatedBackpropagationSteps"/> steps of each to an update; so an epoch has as many updates as
    /// there are steps, divided by the two. Only the first step of a stream has no memory. Validation rows, and those that the
    /// model is evaluated on, are read as one text too. Not with <see cref="Reversed"/>, and not with weights of rows. Default
    /// no.
    /// </summary>
    /// <remarks>
    /// Zaremba, Sutskever and Vinyals, "Recurrent Neural Network Regularization", arXiv:1409.2329, section 4.1. A tokenization
    /// with an end token tells where a row ends; a start token behind it says nothing more.
    /// </remarks>
    public bool RowsFollowEachOther { get; init; }

    internal override TrainingOptions For(StepFeatures inputs) => this with
    {
        EmbeddingDeviation = SetEmbeddingDeviation ?? (TiedEmbeddings || inputs[0].Size <= FewTokens ? 1 : 1f / 3),
    };

    internal override void Validate()
    {
        base.Validate();
        Require(!TiedEmbeddings || EmbeddingSize == HiddenSize, nameof(EmbeddingSize), EmbeddingSize,
            Invariant($"equal to {nameof(HiddenSize)}, {HiddenSize}, where {NameOf(nameof(TiedEmbeddings))} is true: ") +
            "the output layer multiplies the states with the embedding");
        Require(!RowsFollowEachOther || !Reversed, nameof(RowsFollowEachOther), RowsFollowEachOther,
            $"false where {nameof(Reversed)} is true: rows follow each other from first to last");
        Require(!RowsFollowEachOther || TruncatedBackpropagationSteps > 0, nameof(TruncatedBackpropagationSteps),
            TruncatedBackpropagationSteps, $"at least 1 where {nameof(RowsFollowEachOther)} is true: the text is as long as " +
            "all rows together");
        Require(!TiedEmbeddings || PretrainedVectors is not { Frozen: true }, nameof(TiedEmbeddings), TiedEmbeddings,
            $"false where {nameof(PretrainedVectors)} are frozen: the output layer has to learn");
    }
}
