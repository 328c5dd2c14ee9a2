using SequenceModels.Sequences;
using SequenceModels.Training;

namespace SequenceModels;

/// <summary>
/// The shape of a network that gives each sequence one answer, and how it is trained. Immutable; change a copy with <c>with</c>.
/// </summary>
/// <remarks>
/// <para>
/// The defaults were chosen by cross-validation on several sets, so that no option has to be set, and differ from those of other
/// trainings: <c>Pooling = Max</c>, <c>LearningRateSchedule = Cosine(0.1)</c>, <c>WordDropout = 0.1</c>,
/// <c>FrameScaling = Standard</c>, and by the number of rows <c>NumberOfEpochs = 0</c> and <c>BatchSize = 0</c>.
/// </para>
/// <para>
/// Two depend on the kind of the steps, and are decided upon in Fit where they are not set: of tokens, or tokens with other
/// features beside them, <c>Dropout = 0.3</c> and <c>LearningRate = 0.002</c>; of frames alone <c>Dropout = 0</c> and
/// <c>LearningRate = 0.003</c>. Until then their properties give the values of tokens.
/// </para>
/// </remarks>
public record SequenceTrainerOptions : SequenceInputOptions
{
    private static readonly TrainingDefaults s_tokens = new(Dropout: 0.3f, LearningRate: 2e-3f);
    private static readonly TrainingDefaults s_frames = new(Dropout: 0, LearningRate: 3e-3f);

    /// <summary>The defaults.</summary>
    public SequenceTrainerOptions()
    {
        (NumberOfEpochs, BatchSize) = (0, 0);
        LearningRateSchedule = LearningRateSchedule.Cosine(0.1f);
        WordDropout = 0.1f;
        FrameScaling = FrameScaling.Standard;
    }

    /// <summary>
    /// Whether each layer also reads the sequence from its end, its states beside the forward ones. Default no.
    /// </summary>
    public bool Bidirectional { get; init; }

    /// <summary>How the states of all steps become one vector. Default <see cref="SequencePooling.Max"/>.</summary>
    public SequencePooling Pooling { get; init; } = SequencePooling.Max;

    /// <summary>
    /// How many steps of frames the network reads as one, their numbers side by side, 0 to 65,536. 1: each alone. 0: so many that
    /// rows have some 40 steps left, but never so many that a frame has more than 64 numbers. Default 0. Where a row's last steps
    /// are fewer, its very last one stands in place of those that are missing. No effect on tokens, and where steps have several
    /// features.
    /// </summary>
    /// <remarks>
    /// A network that reads several steps as one cannot be fed step by step: set 1 for <see cref="SequenceStepper"/>. Known as
    /// frame stacking: Sak et al., "Fast and Accurate Recurrent Neural Network Acoustic Models for Speech Recognition",
    /// Interspeech 2015.
    /// </remarks>
    public int FrameStacking { get; init; }

    /// <summary>What each class counts in the training loss. Of classification only. Default null: all alike.</summary>
    public ClassWeights? ClassWeights { get; init; }

    internal override TaskOptions TaskOptions =>
        base.TaskOptions with { ClassWeights = ClassWeights, FrameStacking = FrameStacking };

    private protected override TrainingDefaults Defaults => s_tokens;

    internal override TrainingOptions For(StepFeatures inputs) => With(inputs.AreFrames ? s_frames : s_tokens);

    internal override void Validate()
    {
        base.Validate();
        Require(Enum.IsDefined(Pooling), nameof(Pooling), Pooling, "Last, Mean or Max");
        Require(FrameStacking is >= 0 and <= 65_536, nameof(FrameStacking), FrameStacking, "between 0 and 65536 (0 = automatic)");
    }
}
