namespace SequenceModels;

/// <summary>How tags of single tokens make up spans of several, as their names tell.</summary>
public enum TaggingScheme
{
    /// <summary>The names follow no scheme: each token is by itself.</summary>
    None,

    /// <summary>I-TYPE and O: neighbours of the same type are one span.</summary>
    IO,

    /// <summary>B-TYPE begins a span, I-TYPE goes on with it, O is outside (IOB2).</summary>
    /// <remarks>Ramshaw and Marcus, "Text Chunking using Transformation-Based Learning", 1995, in the form where every span has its B.</remarks>
    Bio,

    /// <summary>As <see cref="Bio"/>, and E-TYPE ends a span of several tokens, S-TYPE is a span of one.</summary>
    Bioes,
}
