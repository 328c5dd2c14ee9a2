namespace SequenceModels;

/// <summary>What each step of a sequence adds to a score of it.</summary>
/// <remarks>
/// Integrated gradients: Sundararajan, Taly and Yan, "Axiomatic Attribution for Deep Networks", ICML 2017. The numbers that enter
/// grow together from zero to what they are, and each gets the integral of its gradient on the way. Zero is a vector of zeros for
/// a token, a step without an active value for one-hot input, and for frames what the scaling makes zero: the mean.
/// </remarks>
public sealed class SequenceExplanation
{
    internal SequenceExplanation(float[] shares, double score, double baselineScore, int numberOfPoints) =>
        (Shares, Score, BaselineScore, NumberOfPoints) = (shares, score, baselineScore, numberOfPoints);

    /// <summary>
    /// [T] of tokens, or where steps have several features: what each step adds to the score, less than 0 where it speaks against
    /// it. [T, F] of frames: what each number adds.
    /// </summary>
    public IReadOnlyList<float> Shares { get; }

    /// <summary>
    /// The score that is shared out: of a class its log-odds, log(p / (1 - p)); for binary classification the logit; for
    /// regression the value in the label's own unit.
    /// </summary>
    public double Score { get; }

    /// <summary>What the numbers that the row has as a whole, beside its steps, add together; 0 where it has none.</summary>
    public float RowFeatureShare { get; internal init; }

    /// <summary>[K] the integral of the score's gradient by the outputs: what a number that goes there straight counts.</summary>
    internal double[] OutputGradient { get; init; } = [];

    /// <summary>
    /// The same score of a sequence as long, of zeros, and with nothing beside it: what the shares are added to.
    /// </summary>
    public double BaselineScore { get; }

    /// <summary>
    /// Points of the way at which gradients were taken: 8, or more where the score bends, until the shares add up to the
    /// difference of the scores to half a per cent of it, or there are 2,048.
    /// </summary>
    public int NumberOfPoints { get; }

    /// <summary>
    /// The same with as many shares: those behind them, of a last frame that was filled up with its last step, are that step's.
    /// </summary>
    internal SequenceExplanation Over(int numbers, int stepSize)
    {
        if (Shares.Count <= numbers)
            return this;
        float[] shares = [.. Shares.Take(numbers)];
        for (int i = numbers; i < Shares.Count; i++)
            shares[numbers - stepSize + (i - numbers) % stepSize] += Shares[i];
        return new SequenceExplanation(shares, Score, BaselineScore, NumberOfPoints)
        {
            RowFeatureShare = RowFeatureShare, OutputGradient = OutputGradient,
        };
    }
}
