using SequenceModels.Training;

namespace SequenceModels;

/// <summary>
/// The shape of a network that turns each sequence into another one of another length, how it is trained, and how it looks for
/// the likeliest sequence. Immutable; change a copy with <c>with</c>.
/// </summary>
/// <remarks>
/// <para>
/// An encoder reads the source; its last states, through a layer with tanh, are the first ones of a decoder, which reads the
/// target's tokens so far and gives the next one. At each of its steps the decoder looks at all states of the encoder
/// (<see cref="Attention"/>). <see cref="TrainingOptions.HiddenSize"/> is that of each direction of the encoder;
/// <see cref="TrainingOptions.NumberOfLayers"/>, the cell, <see cref="SequenceInputOptions.EmbeddingSize"/> and dropout are those
/// of both.
/// </para>
/// <para>
/// These differ from the defaults of <see cref="SequenceTrainerOptions"/>: <c>Bidirectional = true</c>,
/// <c>EmbeddingSize = 128</c>, <c>Dropout = 0.3</c>, <c>LabelSmoothing = 0.1</c>, <c>WordDropout = 0</c>,
/// <c>LearningRate = 0.003</c>, <c>LearningRateSchedule = Cosine(0.05)</c>, <c>GradientClipNorm = 1</c>,
/// <c>EmbeddingDeviation = 0.25</c>, and by the number of rows <c>NumberOfEpochs</c>: some 3,400 updates, but at least 10 epochs
/// and at most 60. With label smoothing a model is never sure: probabilities of right answers are small too.
/// </para>
/// <para>
/// Options of one answer a row, and of other inputs, must stay as they are: Pooling, RowFeatureColumnName, ClassWeights,
/// FrameStacking, FrozenEpochs, TruncatedBackpropagationSteps, and those of words by their characters and subwords.
/// </para>
/// </remarks>
public record TranslationOptions : SequenceTrainerOptions
{
    private static readonly TrainingDefaults s_translation = new()
    {
        Dropout = 0.3f, LearningRate = 3e-3f, Updates = 3_400, Epochs = (10, 60),
    };

    /// <summary>What the options are that have no effect on translations.</summary>
    private static readonly SequenceTrainerOptions s_unset = new();

    private readonly TranslationSelection _selectBy;

    /// <summary>The defaults of translations.</summary>
    public TranslationOptions()
    {
        Bidirectional = true;
        EmbeddingSize = 128;
        LabelSmoothing = 0.1f;
        WordDropout = 0;
        EmbeddingDeviation = 0.25f;
        LearningRateSchedule = LearningRateSchedule.Cosine(0.05f);
        GradientClipNorm = 1;
        Dropout = s_translation.Dropout;
        LearningRate = s_translation.LearningRate;
    }

    /// <summary>How the decoder looks back at the source. Default <see cref="AttentionKind.General"/>.</summary>
    public AttentionKind Attention { get; init; } = AttentionKind.General;

    /// <summary>
    /// Whether what attention found at a step enters the decoder at the next, beside the token. The decoder then knows what it
    /// has looked at, but must be learned step by step, which takes more time; without it all steps of a batch are learned at
    /// once. Not where there is no attention. Default no.
    /// </summary>
    /// <remarks>Luong, Pham and Manning, EMNLP 2015, section 3.3.</remarks>
    public bool InputFeeding { get; init; }

    /// <summary>
    /// Units in each layer of the decoder, 0 to 65,536. 0: as many as a state of the encoder has numbers, which is HiddenSize, of
    /// a bidirectional encoder twice that. <see cref="AttentionKind.Dot"/> needs that many. Default 0.
    /// </summary>
    public int DecoderHiddenSize { get; init; }

    /// <summary>
    /// Hypotheses that the search keeps at each step, 1 to 1,000. With 1 it takes the likeliest token each time. Default 4.
    /// Training does not depend on it.
    /// </summary>
    public int BeamSize { get; init; } = 4;

    /// <summary>
    /// α of the length penalty, at least 0: hypotheses are ranked by log P / ((5 + |Y|) / 6)^α, |Y| being their number of tokens,
    /// the end included. With 0 short ones win, for each token makes a sequence less likely. Default 0.6.
    /// </summary>
    /// <remarks>Wu et al., "Google's Neural Machine Translation System", 2016, equation 14.</remarks>
    public float LengthPenalty { get; init; } = 0.6f;

    /// <summary>
    /// β of the coverage penalty, at least 0: β Σ_i log min(Σ_t a_ti, 1) is added to what hypotheses are ranked by, a_ti being
    /// what the i-th step of the source counted at the t-th token. It ranks those lower that have not looked at all of the
    /// source. Default 0: none.
    /// </summary>
    /// <remarks>Wu et al., 2016, equation 14.</remarks>
    public float CoveragePenalty { get; init; }

    /// <summary>
    /// Tokens that a translation has at most, at least 0; longer ones are cut. 0: by the source's length S, 10 or 1.5 r S,
    /// whichever is more, r being the largest number of tokens to a step that a training row has. Default 0.
    /// </summary>
    public int MaximumLength { get; init; }

    /// <summary>
    /// Whether the output layer has the weights of the target tokens' vectors, in place of as many of its own. Without attention
    /// EmbeddingSize must then be that of the decoder's states; and EmbeddingDeviation is of the source's vectors only, those of
    /// the target begin as output weights do. Default no.
    /// </summary>
    /// <remarks>Press and Wolf, "Using the Output Embedding to Improve Language Models", EACL 2017.</remarks>
    public bool TiedEmbeddings { get; init; }

    /// <summary>
    /// Whether a translation may have the unknown token (key 0), which then becomes the text of the source step that was looked
    /// at most: names and numbers are copied. Texts are copied by a <see cref="Translator"/>; in the column PredictedLabel the
    /// key is 0. Needs attention. Default no: the unknown token is never given.
    /// </summary>
    /// <remarks>
    /// Luong et al., "Addressing the Rare Word Problem in Neural Machine Translation", ACL 2015, with attention for alignment.
    /// </remarks>
    public bool ReplaceUnknown { get; init; }

    /// <summary>
    /// Whether the transformer adds the column Attention, of dimensions [*, S]: what each step of the source counted at each
    /// token. Needs attention. Default no.
    /// </summary>
    public bool OutputAttention { get; init; }

    /// <summary>
    /// Which figure of the validation rows is watched: by EarlyStoppingPatience, by ReduceOnPlateau, and for the best model so
    /// far. Another than the loss is of what the network gives by itself, the likeliest token each time, over all validation
    /// rows. Default <see cref="TranslationSelection.Loss"/>.
    /// </summary>
    public new TranslationSelection SelectBy
    {
        get => _selectBy;
        init
        {
            _selectBy = value;
            base.SelectBy = value switch
            {
                TranslationSelection.SequenceErrorRate => TrainingSelection.SequenceErrorRate,
                TranslationSelection.Bleu => TrainingSelection.Bleu,
                _ => TrainingSelection.Loss,
            };
        }
    }

    /// <summary>H of the decoder.</summary>
    internal int DecoderSize => DecoderHiddenSize > 0 ? DecoderHiddenSize : Bidirectional ? 2 * HiddenSize : HiddenSize;

    private protected override TrainingDefaults Defaults => s_translation;

    internal override TrainingOptions For(Sequences.StepFeatures inputs) => Filled(s_translation);

    internal override void Validate()
    {
        base.Validate();
        bool attends = Attention != AttentionKind.None;
        int source = Bidirectional ? 2 * HiddenSize : HiddenSize;
        Require(Enum.IsDefined(Attention), nameof(Attention), Attention, "General, Dot, Additive or None");
        Require(!InputFeeding || attends, nameof(InputFeeding), InputFeeding, "false where Attention is None");
        Require(DecoderHiddenSize is >= 0 and <= 65_536, nameof(DecoderHiddenSize), DecoderHiddenSize,
            "between 0 and 65536 (0 = as long as the encoder's states)");
        Require(Attention != AttentionKind.Dot || DecoderSize == source, nameof(DecoderHiddenSize), DecoderHiddenSize,
            Invariant($"0 or {source}, as long as the encoder's states, where Attention is Dot"));
        Require(BeamSize is >= 1 and <= 1_000, nameof(BeamSize), BeamSize,
            "between 1 and 1000 (1 = the likeliest token each time)");
        RequirePenalty(LengthPenalty, nameof(LengthPenalty));
        RequirePenalty(CoveragePenalty, nameof(CoveragePenalty));
        Require(MaximumLength >= 0, nameof(MaximumLength), MaximumLength, "at least 0 (0 = by the length of the source)");
        Require(EmbeddingSize > 0, nameof(EmbeddingSize), EmbeddingSize, "at least 1: tokens enter a decoder as learned vectors");
        Require(!TiedEmbeddings || attends || EmbeddingSize == DecoderSize, nameof(EmbeddingSize), EmbeddingSize,
            Invariant($"{DecoderSize}, as long as the decoder's states, where TiedEmbeddings is true and Attention is None"));
        Require(!ReplaceUnknown || attends, nameof(ReplaceUnknown), ReplaceUnknown, "false where Attention is None");
        Require(!OutputAttention || attends, nameof(OutputAttention), OutputAttention, "false where Attention is None");
        Require(Enum.IsDefined(SelectBy), nameof(SelectBy), SelectBy, "Loss, SequenceErrorRate or Bleu");
        RequireOthersUnset();
    }

    private void RequirePenalty(float value, string name) =>
        Require(value >= 0 && float.IsFinite(value), name, value, "at least 0 (0 = no penalty)");

    private void RequireOthersUnset()
    {
        const string Of = "translations";
        RequireUnset(nameof(Pooling), Pooling, s_unset.Pooling, Of);
        RequireUnset(nameof(RowFeatureColumnName), RowFeatureColumnName, s_unset.RowFeatureColumnName, Of);
        RequireUnset(nameof(ClassWeights), ClassWeights, s_unset.ClassWeights, Of);
        RequireUnset(nameof(FrameStacking), FrameStacking, s_unset.FrameStacking, Of);
        RequireUnset(nameof(FrozenEpochs), FrozenEpochs, s_unset.FrozenEpochs, Of);
        RequireUnset(nameof(TruncatedBackpropagationSteps), TruncatedBackpropagationSteps, s_unset.TruncatedBackpropagationSteps,
            Of);
        RequireUnset(nameof(CharacterHiddenSize), CharacterHiddenSize, s_unset.CharacterHiddenSize, Of);
        RequireUnset(nameof(CharacterEmbeddingSize), CharacterEmbeddingSize, s_unset.CharacterEmbeddingSize, Of);
        RequireUnset(nameof(SubwordEmbeddingSize), SubwordEmbeddingSize, s_unset.SubwordEmbeddingSize, Of);
        RequireUnset(nameof(NumberOfSubwordBuckets), NumberOfSubwordBuckets, s_unset.NumberOfSubwordBuckets, Of);
    }
}
