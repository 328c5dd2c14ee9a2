namespace SequenceModels.Sequences;

/// <summary>How a text is cut into tokens. The numbers are stored in model files.</summary>
internal enum TokenKind
{
    /// <summary>Runs of letters, marks and digits; every other visible text element alone.</summary>
    Words = 0,

    /// <summary>What stands between white space.</summary>
    Whitespace = 1,

    /// <summary>Text elements (grapheme clusters).</summary>
    Characters = 2,
}
