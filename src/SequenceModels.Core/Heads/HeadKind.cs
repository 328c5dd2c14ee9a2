namespace SequenceModels.Heads;

/// <summary>What the network's outputs mean, and so which loss trains it.</summary>
internal enum HeadKind
{
    /// <summary>One logit; cross-entropy with a label of 0 or 1. Scores are the logit.</summary>
    Sigmoid,

    /// <summary>K logits; cross-entropy with a class 0..K-1. Scores are the K probabilities.</summary>
    Softmax,

    /// <summary>One number; squared error. Scores are in the label's own unit.</summary>
    Regression,

    /// <summary>
    /// A linear-chain conditional random field over the steps of a sequence, each of which has K outputs;
    /// the negative log-likelihood of the classes 0..K-1 of all steps together. Scores are each step's K marginal probabilities.
    /// See <see cref="CrfOutputLayer"/>.
    /// </summary>
    Crf,

    /// <summary>
    /// K - 1 tokens and the blank at each step, which together spell a label of any length up to that of the sequence; the
    /// negative log-likelihood of all ways to spell it. Scores are each step's K probabilities, the blank's first.
    /// See <see cref="CtcOutputLayer"/>.
    /// </summary>
    Ctc,

    /// <summary>
    /// K logits, each of a thing that is there or not; the sum of cross-entropies with K labels of 0 or 1.
    /// Scores are the K probabilities.
    /// </summary>
    MultiLabel,

    /// <summary>
    /// Several numbers, each a mean by squared error, with quantiles by pinball loss where the network has some.
    /// Scores are as the outputs.
    /// </summary>
    SquaredError,

    /// <summary>
    /// Several numbers, each a median by absolute error, with quantiles by pinball loss where the network has some.
    /// </summary>
    AbsoluteError,

    /// <summary>Several numbers, each by its quantiles, by pinball loss.</summary>
    Pinball,
}
