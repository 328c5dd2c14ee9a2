namespace SequenceModels.Text;

/// <summary>How a text is cut into tokens. The numbers are stored in model files.</summary>
internal enum TokenKind
{
    /// <summary>Runs of letters, marks and digits; every other visible text element alone.</summary>
    Words = 0,

    /// <summary>What stands between white space.</summary>
    Whitespace = 1,

    /// <summary>Text elements (grapheme clusters).</summary>
    Characters = 2,

    /// <summary>Byte pairs, merged as Fit learned.</summary>
    Subwords = 3,

    /// <summary>Byte pairs, merged as files say.</summary>
    BytePair = 4,

    /// <summary>The longest pieces that a file lists.</summary>
    WordPiece = 5,

    /// <summary>As a model file of SentencePiece says.</summary>
    SentencePiece = 6,

    /// <summary>By a tokenizer of the user's.</summary>
    Tokenizer = 7,

    /// <summary>
    /// Code points of the decomposed text: letters and the marks upon them apart, the letters of a Hangul syllable too.
    /// </summary>
    CodePoints = 8,
}
