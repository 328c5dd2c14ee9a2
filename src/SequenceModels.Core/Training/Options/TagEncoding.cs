namespace SequenceModels;

/// <summary>Which tags a network learns.</summary>
public enum TagEncoding
{
    /// <summary>Those that the labels have.</summary>
    AsGiven,

    /// <summary>
    /// Labels in BIO are learned as BIOES, which also tells the last token of a span (E) and a span of one token (S), and are
    /// given back as BIO. The probability of B is then that of B and S, and that of I is that of I and E.
    /// </summary>
    /// <remarks>
    /// Ratinov and Roth, "Design Challenges and Misconceptions in Named Entity Recognition", CoNLL 2009, who call it BILOU.
    /// </remarks>
    Bioes,
}
