namespace SequenceModels;

/// <summary>
/// How the learning rate changes in the course of training. Made by <see cref="Constant"/>, <see cref="StepDecay"/>,
/// <see cref="Cosine"/> or <see cref="ReduceOnPlateau"/>; the option LearningRate is where it begins, or what it warms up to.
/// </summary>
public abstract record LearningRateSchedule
{
    private protected LearningRateSchedule() { }

    /// <summary>The rate stays as it is.</summary>
    public static LearningRateSchedule Constant { get; } = new ConstantSchedule();

    /// <summary>From epoch <paramref name="afterEpoch"/> + 1 on, each epoch's rate is the one before times a factor.</summary>
    /// <param name="factor">Greater than 0 and less than 1.</param>
    /// <param name="afterEpoch">
    /// The last epoch with the full rate, at least 0. Default 1: every epoch but the first is slower.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    /// <remarks>
    /// Zaremba, Sutskever and Vinyals, "Recurrent Neural Network Regularization", arXiv:1409.2329, section 4.1.
    /// </remarks>
    public static LearningRateSchedule StepDecay(float factor = 0.5f, int afterEpoch = 1) => new StepDecaySchedule(
        Factor(factor), afterEpoch >= 0 ? afterEpoch : throw OutOfRange(nameof(afterEpoch), afterEpoch, "at least 0"));

    /// <summary>
    /// The rate rises in a straight line over the first batches and then falls along half a cosine towards 0 at the end of the
    /// last epoch. Where a batch is learned from in pieces, as by language models, each piece is a part of a batch: the rate
    /// moves with every update, also where all rows make up one batch.
    /// </summary>
    /// <remarks>
    /// With n batches in all epochs and w = <paramref name="warmupFraction"/> * n, rounded, batch u of them has LearningRate * u
    /// / w where u is at most w, and LearningRate * (1 + cos(π * (u - w - 1) / (n - w))) / 2 after that:
    /// the first one after the rise has the full rate, the last one a little more than 0. Loshchilov and Hutter, "SGDR:
    /// Stochastic Gradient Descent with Warm Restarts", ICLR 2017, equation 5, without restarts.
    /// </remarks>
    /// <param name="warmupFraction">Share of all batches in which it rises, at least 0 and less than 1. Default 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="warmupFraction"/> is outside [0, 1).</exception>
    public static LearningRateSchedule Cosine(float warmupFraction = 0) => new CosineSchedule(
        warmupFraction is >= 0 and < 1 ? warmupFraction
            : throw OutOfRange(nameof(warmupFraction), warmupFraction, "at least 0 and less than 1"));

    /// <summary>
    /// The rate is multiplied with a factor each time that the figure of the validation rows that the option SelectBy names, or
    /// without validation rows the training loss, has not become better for more than some epochs.
    /// </summary>
    /// <param name="factor">Greater than 0 and less than 1.</param>
    /// <param name="patience">Epochs without a better figure that are borne, at least 0; one more, and the rate is cut.</param>
    /// <param name="minimumRate">No cut takes it below this; at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public static LearningRateSchedule ReduceOnPlateau(float factor = 0.5f, int patience = 2, float minimumRate = 0) =>
        new PlateauSchedule(
        Factor(factor),
        patience >= 0 ? patience : throw OutOfRange(nameof(patience), patience, "at least 0"),
        minimumRate >= 0 && float.IsFinite(minimumRate) ? minimumRate
            : throw OutOfRange(nameof(minimumRate), minimumRate, "a number of at least 0"));

    /// <summary>Whether another number of epochs changes the rate of the first ones.</summary>
    internal virtual bool DependsOnNumberOfEpochs => false;

    private static float Factor(float factor) =>
        factor is > 0 and < 1 ? factor : throw OutOfRange(nameof(factor), factor, "greater than 0 and less than 1");

    private static ArgumentOutOfRangeException OutOfRange(string name, object value, string expected) =>
        new(name, InvariantText.Of(value), $"{name} must be {expected}.");
}

internal sealed record ConstantSchedule : LearningRateSchedule
{
    public override string ToString() => "constant";
}

internal sealed record StepDecaySchedule(float Factor, int AfterEpoch) : LearningRateSchedule
{
    public override string ToString() => Invariant($"step decay (factor {Factor}, after epoch {AfterEpoch})");
}

internal sealed record CosineSchedule(float WarmupFraction) : LearningRateSchedule
{
    internal override bool DependsOnNumberOfEpochs => true;

    public override string ToString() => Invariant($"cosine (warm-up fraction {WarmupFraction})");
}

internal sealed record PlateauSchedule(float Factor, int Patience, float MinimumRate) : LearningRateSchedule
{
    public override string ToString() => Invariant(
        $"reduce on plateau (factor {Factor}, patience {Patience}, minimum rate {MinimumRate})");
}
