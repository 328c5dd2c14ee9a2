using SequenceModels.Layers;
using SequenceModels.Training;

namespace SequenceModels;

/// <summary>
/// The shape of a network that writes down what is said in a sequence, how it is trained, and how it looks for what was said.
/// Immutable; change a copy with <c>with</c>.
/// </summary>
/// <remarks>
/// <para>
/// These differ from the defaults of other trainings: <c>Bidirectional = true</c>, <c>FrameScaling = Standard</c>,
/// <c>Dropout = 0.2</c>, <c>LearningRate = 0.002</c>, <c>LearningRateSchedule = Cosine(0.1)</c>, <c>BatchSize = 0</c>, and by the
/// number of rows <c>NumberOfEpochs</c>: some 3,000 updates, but at least 10 epochs and at most 100. A network that is to tell
/// what it hears while it is said (<see cref="TranscriptionStepper"/>) needs <c>Bidirectional = false</c>.
/// </para>
/// <para>
/// Options of single steps and of words must stay as they are: ClassWeights, LabelSmoothing, and those of words by their
/// characters and subwords.
/// </para>
/// </remarks>
public record TranscriptionOptions : LabeledSequenceOptions
{
    private static readonly TrainingDefaults s_transcription = new()
    {
        Dropout = 0.2f, LearningRate = 2e-3f, Updates = 3_000, Epochs = (10, 100),
    };

    /// <summary>What the options are that have no effect on transcription.</summary>
    private static readonly TaggingOptions s_unset = new();

    private readonly TranscriptionSelection _selectBy;

    /// <summary>The defaults of transcription.</summary>
    public TranscriptionOptions()
    {
        Bidirectional = true;
        FrameScaling = FrameScaling.Standard;
        (NumberOfEpochs, BatchSize) = (AutomaticEpochs, 0);
        LearningRateSchedule = LearningRateSchedule.Cosine(0.1f);
    }

    /// <summary>
    /// Hypotheses that the search keeps at each step, 1 to 1,000. With 1 the likeliest output of each step is taken, which is
    /// mostly as good, and much quicker. Default 1. Training does not depend on it.
    /// </summary>
    public int BeamSize { get; init; } = 1;

    /// <summary>
    /// A language model over the same tokens, such as one that was trained on many more texts, which then tells the search what
    /// is likely to be said. Needs a <see cref="BeamSize"/> of at least 2. It is saved with the model. Default null: none.
    /// </summary>
    /// <remarks>
    /// Where its texts had a start and an end token (SequenceTokenization.StartToken), it knows what they begin and end with; so
    /// the label is best tokenized with both. Transcription itself says neither.
    /// </remarks>
    public LanguageModelTransformer? LanguageModel { get; init; }

    /// <summary>
    /// α, what the language model counts, at least 0: hypotheses are ranked by log p(tokens | steps) + α log p(tokens) + β L, L
    /// being how many tokens they have. Default 0.5. No effect without <see cref="LanguageModel"/>.
    /// </summary>
    public float LanguageModelWeight { get; init; } = 0.5f;

    /// <summary>
    /// β, what is added for each token, for each makes a text less likely to the language model. No effect with a
    /// <see cref="BeamSize"/> of 1. Default 0.
    /// </summary>
    public float LengthBonus { get; init; }

    /// <summary>Runs of steps that training hides of the frames of each sequence, anew each time, 0 to 100. Default 0.</summary>
    /// <remarks>
    /// Hidden numbers become 0, the mean of frames with <see cref="FrameScaling.Standard"/>. Park et al., "SpecAugment",
    /// Interspeech 2019. No effect on tokens.
    /// </remarks>
    public int TimeMasks { get; init; }

    /// <summary>Steps of each of these runs at most, at least 1; each length up to it is as likely. Default 10.</summary>
    public int TimeMaskSteps { get; init; } = 10;

    /// <summary>
    /// Runs of neighbouring numbers of frames, such as bands of a spectrum, that training hides at all steps of a sequence, anew
    /// each time, 0 to 100. No effect on tokens. Default 0.
    /// </summary>
    public int FrequencyMasks { get; init; }

    /// <summary>Numbers of each of these runs at most, at least 1; each length up to it is as likely. Default 8.</summary>
    public int FrequencyMaskSize { get; init; } = 8;

    /// <summary>
    /// Which figure of the validation rows is watched: by EarlyStoppingPatience, by ReduceOnPlateau, and for the best model so
    /// far. Error rates are those of the likeliest output of each step. Default <see cref="TranscriptionSelection.Loss"/>.
    /// </summary>
    public new TranscriptionSelection SelectBy
    {
        get => _selectBy;
        init
        {
            _selectBy = value;
            base.SelectBy = value switch
            {
                TranscriptionSelection.TokenErrorRate => TrainingSelection.TokenErrorRate,
                TranscriptionSelection.SequenceErrorRate => TrainingSelection.SequenceErrorRate,
                _ => TrainingSelection.Loss,
            };
        }
    }

    private protected override TrainingDefaults Defaults => s_transcription;

    internal override TaskOptions TaskOptions => base.TaskOptions with
    {
        FrameMasks = new FrameMasks(TimeMasks, TimeMaskSteps, FrequencyMasks, FrequencyMaskSize),
    };

    internal override TrainingOptions For(Sequences.StepFeatures inputs) => Filled(s_transcription);

    internal override void Validate()
    {
        base.Validate();
        Require(BeamSize is >= 1 and <= 1_000, nameof(BeamSize), BeamSize,
            "between 1 and 1000 (1 = the likeliest output of each step)");
        Require(LanguageModel is null || BeamSize > 1, nameof(BeamSize), BeamSize,
            $"at least 2 where there is a {nameof(LanguageModel)}, which chooses among hypotheses");
        Require(LanguageModelWeight >= 0 && float.IsFinite(LanguageModelWeight), nameof(LanguageModelWeight), LanguageModelWeight,
            "at least 0 (0 = it is not asked)");
        Require(float.IsFinite(LengthBonus), nameof(LengthBonus), LengthBonus, "a finite number (0 = none)");
        Require(TimeMasks is >= 0 and <= 100, nameof(TimeMasks), TimeMasks, "between 0 and 100 (0 = none)");
        Require(TimeMaskSteps is >= 1 and <= 1_000_000, nameof(TimeMaskSteps), TimeMaskSteps, "between 1 and 1000000");
        Require(FrequencyMasks is >= 0 and <= 100, nameof(FrequencyMasks), FrequencyMasks, "between 0 and 100 (0 = none)");
        Require(FrequencyMaskSize is >= 1 and <= 1_000_000, nameof(FrequencyMaskSize), FrequencyMaskSize,
            "between 1 and 1000000");
        Require(Enum.IsDefined(SelectBy), nameof(SelectBy), SelectBy, "Loss, TokenErrorRate or SequenceErrorRate");
        RequireOthersUnset();
    }

    private void RequireOthersUnset()
    {
        const string Of = "transcription";
        RequireUnset(nameof(ClassWeights), ClassWeights, s_unset.ClassWeights, Of);
        RequireUnset(nameof(LabelSmoothing), LabelSmoothing, s_unset.LabelSmoothing, Of);
        RequireUnset(nameof(CharacterHiddenSize), CharacterHiddenSize, s_unset.CharacterHiddenSize, Of);
        RequireUnset(nameof(CharacterEmbeddingSize), CharacterEmbeddingSize, s_unset.CharacterEmbeddingSize, Of);
        RequireUnset(nameof(SubwordEmbeddingSize), SubwordEmbeddingSize, s_unset.SubwordEmbeddingSize, Of);
        RequireUnset(nameof(NumberOfSubwordBuckets), NumberOfSubwordBuckets, s_unset.NumberOfSubwordBuckets, Of);
    }
}
