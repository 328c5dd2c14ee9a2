namespace SequenceModels;

/// <summary>How BLEU cuts a text into tokens, by sacreBLEU's names.</summary>
public enum BleuTokenization
{
    /// <summary>
    /// sacreBLEU's default, 13a: the rules of mteval-v13a, which cut ASCII punctuation marks off words. For texts as people write
    /// them.
    /// </summary>
    Mteval13a,

    /// <summary>
    /// At white space alone: for texts that are tokenized already, as those of Multi30k are. Such figures cannot be compared with
    /// those of 13a.
    /// </summary>
    None,
}
