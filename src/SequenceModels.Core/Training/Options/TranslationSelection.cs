namespace SequenceModels;

/// <summary>Which figure of the validation rows tells that one epoch of a translation is better than another.</summary>
public enum TranslationSelection
{
    /// <summary>The mean loss of a token, the tokens before it being given: the smallest is the best.</summary>
    Loss,

    /// <summary><see cref="ValidationMetrics.SequenceErrorRate"/> of the likeliest tokens: the smallest is the best.</summary>
    SequenceErrorRate,

    /// <summary><see cref="ValidationMetrics.Bleu"/> of the likeliest tokens: the largest is the best.</summary>
    Bleu,
}
