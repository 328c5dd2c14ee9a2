namespace SequenceModels.Text;

/// <summary>How tokens become a text again. The names are stored in columns and model files.</summary>
internal enum DetokenizationKind
{
    /// <summary>With a space between each two.</summary>
    Words,

    /// <summary>As they are.</summary>
    Characters,

    /// <summary>Each character of a token is a byte, as <see cref="ByteAlphabet"/> shows it; the bytes are UTF-8.</summary>
    Bytes,

    /// <summary>With spaces between words; "##" begins a piece that continues a word.</summary>
    WordPiece,

    /// <summary>U+2581 is a space, the first one is none; "&lt;0x41&gt;" is a byte of UTF-8.</summary>
    SentencePiece,

    /// <summary>"&lt;/w&gt;" ends a word; spaces stand between words.</summary>
    EndOfWord,

    /// <summary>As they are; the whole text is then composed.</summary>
    CodePoints,
}
