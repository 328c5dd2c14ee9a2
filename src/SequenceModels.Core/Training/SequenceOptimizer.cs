namespace SequenceModels;

/// <summary>The rule that turns gradients into new weights. Made by <see cref="Adam"/> or <see cref="Sgd"/>.</summary>
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
        InUnitInterval(beta1, nameof(beta1)), InUnitInterval(beta2, nameof(beta2)),
        epsilon > 0 && float.IsFinite(epsilon) ? epsilon : throw OutOfRange(nameof(epsilon), epsilon, "a positive number"));

    /// <summary>Stochastic gradient descent, with momentum: v = momentum * v + gradient; weight -= rate * v.</summary>
    /// <param name="momentum">Share of the last step carried into the next, in [0, 1). 0 is plain gradient descent.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="momentum"/> is outside [0, 1).</exception>
    /// <remarks>Sutskever et al., "On the importance of initialization and momentum in deep learning", ICML 2013.</remarks>
    public static SequenceOptimizer Sgd(float momentum = 0.9f) => new SgdOptimizer(InUnitInterval(momentum, nameof(momentum)));

    private static float InUnitInterval(float value, string name) =>
        value is >= 0 and < 1 ? value : throw OutOfRange(name, value, "at least 0 and less than 1");

    private static ArgumentOutOfRangeException OutOfRange(string name, float value, string expected) =>
        new(name, value, $"{name} must be {expected}.");
}

internal sealed record AdamOptimizer(float Beta1, float Beta2, float Epsilon) : SequenceOptimizer;

internal sealed record SgdOptimizer(float Momentum) : SequenceOptimizer;
