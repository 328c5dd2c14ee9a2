using SequenceModels.Training;

namespace SequenceModels;

/// <summary>
/// What every training has whose sequences come from columns of tokens or frames and whose outputs are classes or probabilities:
/// how the tokens and frames enter the network, and what is made of the classes.
/// </summary>
public abstract record SequenceInputOptions : TrainingOptions
{
    private protected SequenceInputOptions() { }

    /// <summary>What was set of <see cref="EmbeddingDeviation"/>; null: nothing.</summary>
    private protected float? SetEmbeddingDeviation { get; private init; }

    /// <summary>
    /// Length of the learned vector of each token, 0 to 65,536. Default 64. With 0 tokens enter as one-hot vectors. The vector of
    /// a token that no training row has starts at zero, and stays there unless <see cref="PretrainedVectors"/> has it or the
    /// output layer shares the embedding. Frames of numbers have no embedding: the option has no effect on them.
    /// </summary>
    public int EmbeddingSize { get; init; } = 64;

    /// <summary>
    /// Standard deviation of the random numbers that the tokens' vectors begin with, more than 0; of an output layer that shares
    /// the embedding, divided by the square root of their length. Small ones let what is learned outweigh the chance of the
    /// beginning, which few rows never do. No effect on frames, one-hot tokens and words by their characters or subwords.
    /// Default 1; of <see cref="SequenceTrainerOptions"/> 1/3, of <see cref="TranslationOptions"/> 1/4, of
    /// <see cref="LanguageModelOptions"/> by the number of tokens.
    /// </summary>
    public float EmbeddingDeviation { get => SetEmbeddingDeviation ?? 1; init => SetEmbeddingDeviation = value; }

    /// <summary>
    /// Vectors of words that the embedding starts from, instead of random ones; as long as <see cref="EmbeddingSize"/>. The
    /// tokens' texts are the KeyValues of their column. With an initial model its own vectors stay, and only
    /// <see cref="WordVectors.Frozen"/> has an effect. Default null.
    /// </summary>
    public WordVectors? PretrainedVectors { get; init; }

    /// <summary>
    /// Share of tokens that training replaces by the unknown token, drawn anew each time, at least 0 and less than 1: so the
    /// model learns to do without any one word, and what to make of words it does not know. No effect on frames. Default 0.
    /// </summary>
    /// <remarks>Iyyer et al., "Deep Unordered Composition Rivals Syntactic Methods for Text Classification", ACL 2015.</remarks>
    public float WordDropout { get; init; }

    /// <summary>Scaling of numeric frames, fitted on the training rows. No effect on tokens. Default none.</summary>
    public FrameScaling FrameScaling { get; init; } = FrameScaling.None;

    /// <summary>
    /// Share of the true class's probability that training spreads evenly over all classes, at least 0 and less than 1. Of
    /// classification only. Default 0.
    /// </summary>
    /// <remarks>Szegedy et al., "Rethinking the Inception Architecture for Computer Vision", CVPR 2016, section 7.</remarks>
    public float LabelSmoothing { get; init; }

    /// <summary>
    /// For so many first epochs only the output layer learns; the layers below it stay as the initial model has them, which Fit
    /// must then be given. At least 0. Default 0: all layers learn from the first epoch on.
    /// </summary>
    /// <remarks>Howard and Ruder, "Universal Language Model Fine-tuning for Text Classification", ACL 2018.</remarks>
    public int FrozenEpochs { get; init; }

    /// <summary>
    /// Share of a layer's learning rate with which the layer below it learns, more than 0 and at most 1: the output layer has
    /// <see cref="TrainingOptions.LearningRate"/>, the embedding below L recurrent layers that times this to the power of L + 1.
    /// What was learned before, from texts without labels, is then moved less than what is new. Default 1: all layers alike.
    /// </summary>
    /// <remarks>
    /// Discriminative fine-tuning: Howard and Ruder, "Universal Language Model Fine-tuning for Text Classification", ACL 2018,
    /// section 3.2, with 1 / 2.6.
    /// </remarks>
    public float LayerRateDecay { get; init; } = 1;

    internal override TaskOptions TaskOptions => new()
    {
        EmbeddingDeviation = EmbeddingDeviation,
        PretrainedVectors = PretrainedVectors,
        WordDropout = WordDropout,
        FrameScaling = FrameScaling,
        LabelSmoothing = LabelSmoothing,
        FrozenEpochs = FrozenEpochs,
        LayerRateDecay = LayerRateDecay,
    };

    internal override void Validate()
    {
        base.Validate();
        Require(EmbeddingSize is >= 0 and <= 65_536, nameof(EmbeddingSize), EmbeddingSize, "between 0 and 65536 (0 = one-hot)");
        Require(EmbeddingDeviation > 0 && float.IsFinite(EmbeddingDeviation), nameof(EmbeddingDeviation), EmbeddingDeviation,
            "more than 0 (1 = vectors of a standard normal distribution)");
        Require(PretrainedVectors is null || EmbeddingSize > 0, nameof(EmbeddingSize), EmbeddingSize,
            $"the length of the vectors in {nameof(PretrainedVectors)}, not 0, which means one-hot input");
        RequireShare(WordDropout, nameof(WordDropout));
        Require(Enum.IsDefined(FrameScaling), nameof(FrameScaling), FrameScaling, "None or Standard");
        RequireShare(LabelSmoothing, nameof(LabelSmoothing));
        Require(FrozenEpochs >= 0, nameof(FrozenEpochs), FrozenEpochs,
            "at least 0 (0 = all layers learn from the first epoch on)");
        Require(LayerRateDecay is > 0 and <= 1, nameof(LayerRateDecay), LayerRateDecay,
            "more than 0 and at most 1 (1 = all layers learn at the same rate)");
    }
}
