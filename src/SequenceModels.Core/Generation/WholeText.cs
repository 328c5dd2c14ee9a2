namespace SequenceModels.Generation;

/// <summary>
/// The text of tokens that come one by one. A token may be a part of a character, and what it adds may depend on the token before it: each
/// time the last piece that was whole is decoded again together with what has come since, and the difference is the new text.
/// </summary>
internal sealed class WholeText
{
    private const char PartOfCharacter = '\ufffd';

    /// <summary>Tokens of a prompt that are enough to tell what stands before the text.</summary>
    private const int MostContext = 8;

    private readonly List<uint> _keys;
    private int _known;
    private bool _isBehindPrompt;

    private WholeText(List<uint> keys, int known, bool isBehindPrompt) => (_keys, _known, _isBehindPrompt) = (keys, known, isBehindPrompt);

    /// <summary>What comes after some keys.</summary>
    public static WholeText After(ReadOnlySpan<uint> keys)
    {
        var last = new List<uint>(keys[Math.Max(0, keys.Length - MostContext)..].ToArray());
        return new WholeText(last, last.Count, isBehindPrompt: true);
    }

    public WholeText Copy() => new([.. _keys], _known, _isBehindPrompt);

    /// <summary>What a key adds; empty as long as a character is not complete.</summary>
    public string Append(uint key, Func<IReadOnlyList<uint>, string> decode)
    {
        _keys.Add(key);
        string text = decode(_keys);
        if (text.EndsWith(PartOfCharacter))
            return "";
        string before = decode(_keys[.._known]);
        if (_isBehindPrompt && _known > 0 && _keys[_known - 1] != 0) // its last key may be a part of a character that is complete now
            before = before.TrimEnd(PartOfCharacter);
        _isBehindPrompt = false;
        _keys.RemoveRange(0, _known);
        _known = _keys.Count;
        return text.Length > before.Length ? text[before.Length..] : "";
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(_isBehindPrompt);
        writer.Write(_known);
        writer.Write(_keys.Count);
        foreach (uint key in _keys)
            writer.Write(key);
    }

    public static WholeText Read(PayloadReader reader, uint largestKey)
    {
        bool isBehindPrompt = reader.ReadBoolean();
        int known = reader.ReadInt32("the number of tokens whose text is known", 0, int.MaxValue);
        uint[] keys = GeneratorState.ReadKeys(reader, "tokens without a text", largestKey);
        return known <= keys.Length ? new WholeText([.. keys], known, isBehindPrompt)
            : throw reader.Bad(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"of {keys.Length} tokens it knows the text of {known}"));
    }
}
