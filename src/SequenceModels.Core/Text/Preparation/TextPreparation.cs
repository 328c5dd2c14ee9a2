namespace SequenceModels.Text;

/// <summary>
/// Brings a text into the form in which its tokens are counted and looked up. Holds buffers: one per cursor or thread.
/// </summary>
internal abstract class TextPreparation
{
    /// <summary>How texts are prepared for a kind of tokens.</summary>
    /// <param name="kind">Any; a model of SentencePiece has a <see cref="SentencePiecePreparation"/> of its own.</param>
    /// <param name="lowercase">Whether upper and lower case are one.</param>
    public static TextPreparation For(TokenKind kind, bool lowercase) => kind == TokenKind.WordPiece
        ? new WordPiecePreparation(lowercase)
        : new UnicodePreparation(FormOf(kind, lowercase), trimsTokens: kind is TokenKind.Words or TokenKind.Whitespace);

    /// <summary>The form of the text to be cut; valid until the next call.</summary>
    public abstract ReadOnlySpan<char> Prepare(ReadOnlySpan<char> text);

    /// <summary>
    /// The form of a token that was cut elsewhere; without white space around it, where white space is part of no token.
    /// </summary>
    public virtual ReadOnlySpan<char> PrepareToken(ReadOnlySpan<char> token) => Prepare(token);

    /// <summary>Which part of the text that was given to <see cref="Prepare"/> a part of the prepared one comes from.</summary>
    public abstract TokenOffset SourceOf(int start, int length);

    /// <summary>
    /// Tokenizers that come from elsewhere normalize texts themselves. But lower case is defined for normalized texts only.
    /// </summary>
    private static TextForm FormOf(TokenKind kind, bool lowercase)
    {
        TextForm form = kind switch
        {
            TokenKind.Words or TokenKind.Whitespace or TokenKind.Characters => TextForm.Composed | TextForm.Visible,
            TokenKind.CodePoints => TextForm.Decomposed | TextForm.Visible,
            TokenKind.Subwords => TextForm.Composed,
            _ => TextForm.AsItIs,
        };
        if (!lowercase)
            return form;
        return ((form & TextForm.Decomposed) != 0 ? form : form | TextForm.Composed) | TextForm.Lowered;
    }
}
