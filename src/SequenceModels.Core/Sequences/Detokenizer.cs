using System.Globalization;
using System.Text;

namespace SequenceModels.Sequences;

/// <summary>
/// Makes a text of keys, one key at a time, in whole characters: the bytes of one that is not complete yet are kept until it is. One for
/// each text, or one after another.
/// </summary>
/// <param name="rule">How the tokens are joined.</param>
/// <param name="tokens">The texts of keys 1, 2, ...</param>
internal sealed class Detokenizer(Detokenization rule, IReadOnlyList<string> tokens)
{
    /// <summary>What stands for an unknown token.</summary>
    public const string Unknown = "\ufffd";

    private const char PieceSpace = '\u2581';
    private const string EndOfWord = "</w>", Continuation = "##";

    private readonly Decoder _decoder = new UTF8Encoding(false, throwOnInvalidBytes: false).GetDecoder();
    private bool _begun, _wordEnded;

    /// <summary>The text that a key completes; often that of its token, sometimes none.</summary>
    /// <param name="key">0, or a key without a token, is the unknown token, "\ufffd".</param>
    public string Append(uint key)
    {
        if (key > 0 && key <= rule.SpecialTokens)
            return "";
        bool known = key > 0 && key <= tokens.Count;
        string token = known ? tokens[(int)key - 1] : Unknown;
        byte[]? bytes = known ? BytesOf(token) : null;
        string text = bytes is not null ? Decode(bytes, flush: false) : Decode([], flush: true) + Piece(token, known);
        _begun = true;
        return text;
    }

    /// <summary>Ends the text: what is left of an incomplete character becomes "\ufffd". The next key begins another text.</summary>
    public string Finish()
    {
        (_begun, _wordEnded) = (false, false);
        return Decode([], flush: true);
    }

    /// <summary>The whole text of keys.</summary>
    public string TextOf(ReadOnlySpan<uint> keys)
    {
        var text = new StringBuilder();
        foreach (uint key in keys)
            text.Append(Append(key));
        return text.Append(Finish()).ToString();
    }

    /// <summary>The text of a token that is no run of bytes, with the space before it where one belongs there.</summary>
    private string Piece(string token, bool known)
    {
        switch (rule.Joining)
        {
            case TokenJoining.Words:
                return _begun ? " " + token : token;
            case TokenJoining.WordPiece when known && token.StartsWith(Continuation, StringComparison.Ordinal) && token.Length > Continuation.Length:
                return token[Continuation.Length..];
            case TokenJoining.WordPiece:
                return _begun ? " " + token : token;
            case TokenJoining.SentencePiece when known:
                string spaced = token.Replace(PieceSpace, ' ');
                return !_begun && spaced.StartsWith(' ') ? spaced[1..] : spaced;
            case TokenJoining.EndOfWord:
                string before = _wordEnded ? " " : "";
                _wordEnded = known && token.EndsWith(EndOfWord, StringComparison.Ordinal);
                return before + (_wordEnded ? token[..^EndOfWord.Length] : token);
            default:
                return token;
        }
    }

    private byte[]? BytesOf(string token)
    {
        if (rule.Joining == TokenJoining.Bytes)
            return ByteLetters.BytesOf(token);
        return rule.Joining == TokenJoining.SentencePiece && token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>' &&
            byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value) ? [value] : null;
    }

    private string Decode(ReadOnlySpan<byte> bytes, bool flush)
    {
        char[] units = new char[_decoder.GetCharCount(bytes, flush)];
        int count = _decoder.GetChars(bytes, units, flush);
        return new string(units, 0, count);
    }
}
