namespace SequenceModels;

/// <summary>
/// How tags of single tokens make up spans of several. It is told from the names of the tags: a letter and a type with - or _
/// between them, such as B-PER or PER_B, in upper or lower case; O is outside of all spans.
/// </summary>
public enum TaggingScheme
{
    /// <summary>The names follow no scheme, as those of parts of speech: each token is by itself.</summary>
    None,

    /// <summary>I-TYPE and O: neighbours of the same type are one span.</summary>
    IO,

    /// <summary>B-TYPE begins a span, I-TYPE goes on with it, O is outside (IOB2).</summary>
    /// <remarks>
    /// Ramshaw and Marcus, "Text Chunking using Transformation-Based Learning", 1995, in the form where every span has its B.
    /// </remarks>
    Bio,

    /// <summary>As <see cref="Bio"/>, and E-TYPE ends a span of several tokens, S-TYPE is a span of one.</summary>
    Bioes,

    /// <summary>
    /// I-TYPE begins a span and goes on with it; B-TYPE begins one that stands right behind another of the same type. Told from
    /// <see cref="Bio"/> by a type that has an I and no B; spans are counted alike in both.
    /// </summary>
    /// <remarks>Ramshaw and Marcus, "Text Chunking using Transformation-Based Learning", 1995.</remarks>
    Iob1,

    /// <summary>As <see cref="Bioes"/>, with L-TYPE (last) for E and U-TYPE (unit) for S.</summary>
    /// <remarks>Ratinov and Roth, "Design Challenges and Misconceptions in Named Entity Recognition", CoNLL 2009.</remarks>
    Bilou,

    /// <summary>
    /// As <see cref="Bioes"/>, with M-TYPE (middle) for I; W-TYPE (whole) may stand for S. With O also called BMEO or BMESO.
    /// </summary>
    Bmes,
}
