using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace SequenceModels.Text;

/// <summary>
/// Makes a text of keys, one key at a time, in whole characters: the bytes of one that is not complete yet are kept until it is.
/// One for each text, or one after another.
/// </summary>
/// <param name="rule">How the tokens are joined.</param>
/// <param name="tokens">The texts of keys 1, 2, ...</param>
internal sealed class Detokenizer(Detokenization rule, IReadOnlyList<string> tokens)
{
    /// <summary>What stands for an unknown token.</summary>
    public const string Unknown = "\ufffd";

    /// <summary>Bytes of a token that need no memory of their own.</summary>
    private const int MostOnStack = 256;

    private const char PieceSpace = '\u2581';
    private const string EndOfWord = "</w>", Continuation = "##";

    /// <summary>Where the text stands. Set it to continue a text; the default begins one.</summary>
    public DetokenizerState State { get; set; }

    /// <summary>The text that a key completes; often that of its token, sometimes none.</summary>
    /// <param name="key">0, or a key without a token, is the unknown token, "\ufffd".</param>
    public string Append(uint key)
    {
        if (key > 0 && key <= rule.SpecialTokens)
            return "";
        bool known = key > 0 && key <= tokens.Count;
        string token = known ? tokens[(int)key - 1] : Unknown;
        byte[]? bytes = known ? BytesOf(token) : null;
        string text = bytes is not null ? Decode(bytes) : EndCharacter() + Piece(token, known);
        State = State with { Begun = true };
        return text;
    }

    /// <summary>
    /// Ends the text: what is left of an incomplete character becomes "\ufffd". The next key begins another text.
    /// </summary>
    public string Finish()
    {
        string text = EndCharacter();
        State = default;
        return text;
    }

    /// <summary>The whole text of keys.</summary>
    public string TextOf(ReadOnlySpan<uint> keys)
    {
        var text = new StringBuilder();
        foreach (uint key in keys)
            text.Append(Append(key));
        return Compose(text.Append(Finish()).ToString());
    }

    /// <summary>The whole text of pieces that <see cref="Append"/> gave.</summary>
    public string TextOf(IEnumerable<string> pieces) => Compose(string.Concat(pieces));

    /// <summary>
    /// What a reader sees of a token by itself within a text, with the space before it where one belongs there;
    /// empty where it is a special token, or has only a part of a character.
    /// </summary>
    public static string ReadingOf(Detokenization rule, IReadOnlyList<string> tokens, uint key) =>
        new Detokenizer(rule, tokens) { State = new DetokenizerState(Begun: true, WordEnded: false, 0, 0) }.Append(key);

    /// <summary>Whether texts may be made of single bytes, so that a character may need several tokens.</summary>
    public static bool HasBytes(Detokenization rule, IReadOnlyList<string> tokens)
    {
        var detokenizer = new Detokenizer(rule, tokens);
        return tokens.Any(token => detokenizer.BytesOf(token) is [>= 0x80]);
    }

    /// <summary>What code points are upon each other, only their whole text tells.</summary>
    private string Compose(string text) => rule.Kind != DetokenizationKind.CodePoints ? text
        : TextNormalizer.Normalize(text, TextForm.Composed).ToString();

    /// <summary>The text of a token that is no run of bytes, with the space before it where one belongs there.</summary>
    private string Piece(string token, bool known)
    {
        switch (rule.Kind)
        {
            case DetokenizationKind.Words:
                return State.Begun ? " " + token : token;
            case DetokenizationKind.WordPiece when known && token.StartsWith(Continuation, StringComparison.Ordinal) &&
                token.Length > Continuation.Length:
                return token[Continuation.Length..];
            case DetokenizationKind.WordPiece:
                return State.Begun ? " " + token : token;
            case DetokenizationKind.SentencePiece when known:
                string spaced = token.Replace(PieceSpace, ' ');
                return !State.Begun && spaced.StartsWith(' ') ? spaced[1..] : spaced;
            case DetokenizationKind.EndOfWord:
                string before = State.WordEnded ? " " : "";
                State = State with { WordEnded = known && token.EndsWith(EndOfWord, StringComparison.Ordinal) };
                return before + (State.WordEnded ? token[..^EndOfWord.Length] : token);
            default:
                return token;
        }
    }

    private byte[]? BytesOf(string token)
    {
        if (rule.Kind == DetokenizationKind.Bytes)
            return ByteAlphabet.ToBytes(token);
        return rule.Kind == DetokenizationKind.SentencePiece && token.Length == 6 &&
            token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>' &&
            byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value)
            ? [value] : null;
    }

    /// <summary>The whole characters of the bytes that were kept and of these; an incomplete one at the end is kept.</summary>
    private string Decode(ReadOnlySpan<byte> bytes)
    {
        if (State.NumberOfBytes == 0 && Utf8.IsValid(bytes))
            return Encoding.UTF8.GetString(bytes);
        int before = State.NumberOfBytes, length = before + bytes.Length;
        Span<byte> all = length <= MostOnStack ? stackalloc byte[length] : new byte[length];
        for (int i = 0; i < before; i++)
            all[i] = (byte)(State.Bytes >> 8 * (before - 1 - i));
        bytes.CopyTo(all[before..]);
        var text = new StringBuilder(length);
        int at = 0;
        for (int read; at < length; at += read)
        {
            OperationStatus status = Rune.DecodeFromUtf8(all[at..], out Rune rune, out read);
            if (status == OperationStatus.NeedMoreData)
                break;
            text.Append(rune.ToString()); // what is no UTF-8 is U+FFFD
        }
        uint left = 0;
        foreach (byte value in all[at..])
            left = left << 8 | value;
        State = State with { Bytes = left, NumberOfBytes = length - at };
        return text.ToString();
    }

    /// <summary>Ends a character of which bytes are missing: another text follows, or none.</summary>
    private string EndCharacter()
    {
        string text = State.NumberOfBytes > 0 ? Unknown : "";
        State = State with { Bytes = 0, NumberOfBytes = 0 };
        return text;
    }
}
