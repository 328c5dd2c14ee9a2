namespace SequenceModels;

/// <summary>
/// The rule that turns gradients into new weights. Made by <see cref="Adam"/>, <see cref="AdamW"/>, <see cref="RmsProp"/> or
/// <see cref="Sgd"/>.
/// </summary>
public abstract record SequenceOptimizer
{
    private protected SequenceOptimizer() { }

    /// <summary>Adam: steps scaled by running means of the gradient and of its square.</summary>
    /// <param name="beta1">Decay of the gradient's running mean, in [0, 1).</param>
    /// <param name="beta2">Decay of the squared gradient's running mean, in [0, 1).</param>
    /// <param name="epsilon">Added to the denominator; positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    /// <remarks>Kingma and Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015, algorithm 1.</remarks>
    public static SequenceOptimizer Adam(float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-8f) => new AdamOptimizer(
        InUnitInterval(beta1, nameof(beta1)), InUnitInterval(beta2, nameof(beta2)), Positive(epsilon, nameof(epsilon)),
        WeightDecay: 0);

    /// <summary>
    /// Adam with decoupled weight decay: besides Adam's step, weight -= rate * weightDecay * weight, for every weight but the
    /// biases.
    /// </summary>
    /// <param name="weightDecay">
    /// What each weight loses in an update, as a share of it and of the learning rate; at least 0. Default 0.01.
    /// </param>
    /// <param name="beta1">Decay of the gradient's running mean, in [0, 1).</param>
    /// <param name="beta2">Decay of the squared gradient's running mean, in [0, 1).</param>
    /// <param name="epsilon">Added to the denominator; positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    /// <remarks>
    /// Loshchilov and Hutter, "Decoupled Weight Decay Regularization", ICLR 2019, algorithm 2;
    /// the learning rate is what multiplies both the step and the decay. Embeddings decay too, also those of tokens that a batch
    /// does not hold.
    /// </remarks>
    public static SequenceOptimizer AdamW(float weightDecay = 0.01f, float beta1 = 0.9f, float beta2 = 0.999f,
        float epsilon = 1e-8f) =>
        new AdamOptimizer(InUnitInterval(beta1, nameof(beta1)), InUnitInterval(beta2, nameof(beta2)),
            Positive(epsilon, nameof(epsilon)),
            weightDecay >= 0 && float.IsFinite(weightDecay) ? weightDecay
                : throw OutOfRange(nameof(weightDecay), weightDecay, "a number of at least 0"));

    /// <summary>
    /// RMSProp: steps divided by the root of the gradient's running mean square. s = decay * s + (1 - decay) * gradient²;
    /// v = momentum * v + gradient / (√s + epsilon); weight -= rate * v.
    /// </summary>
    /// <param name="decay">Decay of the squared gradient's running mean, in [0, 1).</param>
    /// <param name="epsilon">Added to the root, not under it; positive.</param>
    /// <param name="momentum">Share of the last step carried into the next, in [0, 1). Default 0: none.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    /// <remarks>
    /// Tieleman and Hinton, "Neural Networks for Machine Learning", Coursera, 2012, lecture 6e. The mean square begins at 0 and
    /// is not corrected for it: the first steps are larger, at the default decay about three times the learning rate.
    /// </remarks>
    public static SequenceOptimizer RmsProp(float decay = 0.9f, float epsilon = 1e-8f, float momentum = 0) =>
        new RmsPropOptimizer(
        InUnitInterval(decay, nameof(decay)), Positive(epsilon, nameof(epsilon)), InUnitInterval(momentum, nameof(momentum)));

    /// <summary>Stochastic gradient descent, with momentum: v = momentum * v + gradient; weight -= rate * v.</summary>
    /// <param name="momentum">Share of the last step carried into the next, in [0, 1). 0 is plain gradient descent.</param>
    /// <param name="nesterov">
    /// Whether to look ahead along the momentum: weight -= rate * (gradient + momentum * v). No effect without momentum.
    /// Default no.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="momentum"/> is outside [0, 1).</exception>
    /// <remarks>
    /// Sutskever et al., "On the importance of initialization and momentum in deep learning", ICML 2013, section 2.
    /// Of Nesterov's momentum the weights are the points looked ahead to, where the gradient is taken.
    /// </remarks>
    public static SequenceOptimizer Sgd(float momentum = 0.9f, bool nesterov = false) =>
        new SgdOptimizer(InUnitInterval(momentum, nameof(momentum)), nesterov);

    private static float Positive(float value, string name) =>
        value > 0 && float.IsFinite(value) ? value : throw OutOfRange(name, value, "a positive number");

    private static float InUnitInterval(float value, string name) =>
        value is >= 0 and < 1 ? value : throw OutOfRange(name, value, "at least 0 and less than 1");

    private static ArgumentOutOfRangeException OutOfRange(string name, float value, string expected) =>
        new(name, InvariantText.Of(value), $"{name} must be {expected}.");
}

internal sealed record AdamOptimizer(float Beta1, float Beta2, float Epsilon, float WeightDecay) : SequenceOptimizer
{
    public override string ToString() => Invariant(
        $"{(WeightDecay == 0 ? "Adam" : "AdamW")} (beta1 {Beta1}, beta2 {Beta2}, epsilon {Epsilon}, weight decay {WeightDecay})");
}

internal sealed record RmsPropOptimizer(float Decay, float Epsilon, float Momentum) : SequenceOptimizer
{
    public override string ToString() => Invariant(
        $"RMSProp (decay {Decay}, epsilon {Epsilon}, momentum {Momentum})");
}

internal sealed record SgdOptimizer(float Momentum, bool Nesterov) : SequenceOptimizer
{
    public override string ToString() => Invariant($"SGD (momentum {Momentum}, Nesterov {(Nesterov ? "yes" : "no")})");
}
