namespace SequenceModels;

/// <summary>
/// How a decoder looks back at the source: each state h of the encoder gets a score by the decoder's new state s, and what the
/// decoder sees is the mean of all h, weighted by the softmax of the scores.
/// </summary>
/// <remarks>
/// Luong, Pham and Manning, "Effective Approaches to Attention-based Neural Machine Translation", EMNLP 2015,
/// sections 3.1 and 3.3.
/// </remarks>
public enum AttentionKind
{
    /// <summary>s W h, with a learned matrix W.</summary>
    General,

    /// <summary>s · h: nothing is learned. The decoder's states must have the length of the encoder's.</summary>
    Dot,

    /// <summary>
    /// v · tanh(W s + U h): the score of Bahdanau, Cho and Bengio, "Neural Machine Translation by Jointly Learning to Align and
    /// Translate", ICLR 2015, by the new state of the decoder as with the other kinds (theirs is by the state before it).
    /// Takes more time: the work is a tanh for each pair of steps and unit.
    /// </summary>
    Additive,

    /// <summary>The decoder knows of the source what its first state says, and nothing else.</summary>
    None,
}
