using SequenceModels.Files;

namespace SequenceModels.Text;

/// <summary>
/// The characters by which words are read, and their keys 1..V; 0 is every other. A character is a text element of the word in
/// its composed form (NFC), without invisible ones: what a reader sees as one character. Safe to share between threads.
/// Kept beside the network, not in its file.
/// </summary>
internal sealed class CharacterVocabulary : IWordParts
{
    private readonly Vocabulary _vocabulary;

    /// <param name="characters">At least one, all different, in the order of their keys.</param>
    public CharacterVocabulary(IReadOnlyList<string> characters)
        : this(new Vocabulary(hasStart: false, hasEnd: false, characters))
    {
        if (characters.Count == 0)
            throw new ArgumentException("There is no character in any word.", nameof(characters));
    }

    private CharacterVocabulary(Vocabulary vocabulary) => _vocabulary = vocabulary;

    public int Count => _vocabulary.Tokens.Count;

    /// <summary>The characters of keys 1, 2, ...</summary>
    public IReadOnlyList<string> Characters => _vocabulary.Tokens;

    /// <summary>Counts a word's characters; <see cref="TokenCounts.MostFrequent"/> then gives those of a vocabulary.</summary>
    /// <returns>False: it has none.</returns>
    public static bool CountCharacters(ReadOnlySpan<char> word, TokenCounts counts)
    {
        word = IWordParts.Normalize(word);
        var ranges = new TokenRanges(word, TokenKind.Characters);
        while (ranges.MoveNext())
            counts.Add(ranges.Current);
        return !word.IsEmpty;
    }

    public void Find(ReadOnlySpan<char> word, List<uint> keys)
    {
        keys.Clear();
        word = IWordParts.Normalize(word);
        var ranges = new TokenRanges(word, TokenKind.Characters);
        while (ranges.MoveNext())
            keys.Add(_vocabulary.Find(ranges.Current));
    }

    public void Write(PayloadWriter writer) => _vocabulary.Write(writer);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static CharacterVocabulary Read(PayloadReader reader) => new(Vocabulary.Read(reader, hasStart: false, hasEnd: false));
}
