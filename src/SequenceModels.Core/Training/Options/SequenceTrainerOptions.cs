using SequenceModels.Sequences;
using SequenceModels.Training;

namespace SequenceModels;

/// <summary>
/// The shape of a network that gives each sequence one answer, and how it is trained. Immutable; change a copy with <c>with</c>.
/// </summary>
/// <remarks>
/// <para>
/// The defaults were chosen by cross-validation on several sets, so that no option has to be set, and differ from those of other
/// trainings: <c>LearningRateSchedule = Cosine(0.1)</c>, <c>WordDropout = 0.05</c>, <c>FrameScaling = Standard</c>, and by the
/// number of rows <c>NumberOfEpochs = AutomaticEpochs</c> and <c>BatchSize = 0</c>.
/// </para>
/// <para>
/// Three depend on the kind of the steps, and are decided upon in Fit where they are not set: of tokens, or tokens with other
/// features beside them, <c>Pooling = Max</c>, <c>Dropout = 0.2</c> and <c>LearningRate = 0.002</c>; of frames alone
/// <c>Pooling = Last</c>, <c>Dropout = 0</c> and <c>LearningRate = 0.003</c>. Until then their properties give the values of
/// tokens.
/// </para>
/// </remarks>
public record SequenceTrainerOptions : LabeledSequenceOptions
{
    private static readonly TrainingDefaults s_tokens = new() { Dropout = 0.2f, LearningRate = 2e-3f };
    private static readonly TrainingDefaults s_frames = new() { LearningRate = 3e-3f };

    /// <summary>What was set; null: nothing.</summary>
    private readonly SequencePooling? _pooling;

    /// <summary>The defaults.</summary>
    public SequenceTrainerOptions()
    {
        (NumberOfEpochs, BatchSize) = (AutomaticEpochs, 0);
        LearningRateSchedule = LearningRateSchedule.Cosine(0.1f);
        WordDropout = 0.05f;
        EmbeddingDeviation = 1f / 3;
        FrameScaling = FrameScaling.Standard;
    }

    /// <summary>
    /// How the states of all steps become one vector. Default <see cref="SequencePooling.Max"/> of tokens and
    /// <see cref="SequencePooling.Last"/> of frames.
    /// </summary>
    public SequencePooling Pooling { get => _pooling ?? SequencePooling.Max; init => _pooling = value; }

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

    /// <summary>
    /// A column of numbers of the whole row, which go straight into the output layer beside the pooled states: prices, counts,
    /// categories as indicators, or what FeaturizeText makes of the same text. A Single, or a vector of Single of known size;
    /// sparse vectors stay sparse, so that 50,000 slots cost what a row has of them. Default null: none.
    /// </summary>
    /// <remarks>
    /// <para>
    /// What a row's numbers x [F] add to its K outputs is x U, with a matrix U [F, K] that begins at zero: a linear model that
    /// is learned together with the network (Cheng et al., "Wide and Deep Learning for Recommender Systems", DLRS 2016).
    /// Dropout leaves them alone. They are not scaled: numbers far from 1, such as prices, need NormalizeMeanVariance or
    /// NormalizeMinMax before.
    /// </para>
    /// <para>
    /// An update moves the rows of U whose slots its batch has, and leaves all others, with the optimizer's sums and AdamW's
    /// decay, as they are: what is known as lazy Adam. Missing and infinite values are an error.
    /// </para>
    /// </remarks>
    public string? RowFeatureColumnName { get; init; }

    internal override TaskOptions TaskOptions => base.TaskOptions with { FrameStacking = FrameStacking };

    private protected override TrainingDefaults Defaults => s_tokens;

    internal override TrainingOptions For(StepFeatures inputs) => inputs.AreFrames
        ? With(s_frames) with { Pooling = _pooling ?? SequencePooling.Last }
        : With(s_tokens) with { Pooling = _pooling ?? SequencePooling.Max };

    internal override void Validate()
    {
        base.Validate();
        Require(Enum.IsDefined(Pooling), nameof(Pooling), Pooling, "Last, Mean, Max, Attention or MaxMeanLast");
        Require(FrameStacking is >= 0 and <= 65_536, nameof(FrameStacking), FrameStacking, "between 0 and 65536 (0 = automatic)");
        Require(RowFeatureColumnName is not "", nameof(RowFeatureColumnName), RowFeatureColumnName,
            "the name of a column, or null");
    }

    private SequenceTrainerOptions With(TrainingDefaults defaults) => (SequenceTrainerOptions)Filled(defaults);
}
