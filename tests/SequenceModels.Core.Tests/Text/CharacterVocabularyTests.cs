using SequenceModels.Files;
using SequenceModels.Text;
using Xunit;

namespace SequenceModels.Tests.Sequences;

public class CharacterVocabularyTests
{
    [Fact]
    public void A_character_is_what_a_reader_takes_for_one()
    {
        CharacterVocabulary vocabulary = Learn("ab", "bé", "b👨‍👩‍👧");
        Assert.Equal("b", vocabulary.Characters[0]); // the most frequent
        Assert.Equal(4, vocabulary.Count);
        Assert.Equal(["a", "b", "é", "👨‍👩‍👧"], vocabulary.Characters.Order(StringComparer.Ordinal));
        Assert.Equal(Keys(vocabulary, "bé"), Keys(vocabulary, "be\u0301")); // composed and decomposed
        Assert.Equal(Keys(vocabulary, "bé"), Keys(vocabulary, "\ufeffbe\u00ad\u0301\u200b")); // and with what is not seen
        Assert.Equal([Key("b"), 0, Key("a")], Keys(vocabulary, "bxa"));
        Assert.Empty(Keys(vocabulary, ""));

        uint Key(string character) => (uint)vocabulary.Characters.ToList().IndexOf(character) + 1;
    }

    [Fact]
    public void It_is_saved_whole()
    {
        CharacterVocabulary vocabulary = Learn("Zürich", "\ud83d", "x\ude00", "語");
        using var stream = new MemoryStream();
        SealedPayload.Write(stream, "TESTCHAR", 1, vocabulary.Write);
        stream.Position = 0;
        CharacterVocabulary loaded = SealedPayload.Read(stream, "TESTCHAR", 1, CharacterVocabulary.Read);
        Assert.Equal(vocabulary.Characters, loaded.Characters);
        Assert.Equal(Keys(vocabulary, "Züx\ud83d語"), Keys(loaded, "Züx\ud83d語"));
    }

    [Fact]
    public void Rare_characters_may_be_left_out()
    {
        var counts = new TokenCounts();
        foreach (string word in (string[])["aab", "abc"])
            CharacterVocabulary.CountCharacters(word, counts);
        var vocabulary = new CharacterVocabulary(counts.MostFrequent(maximumSize: 0, minimumCount: 2));
        Assert.Equal([1u, 2, 0], Keys(vocabulary, "abc"));
        Assert.Throws<ArgumentException>(() => new CharacterVocabulary([]));
    }

    private static CharacterVocabulary Learn(params string[] words)
    {
        var counts = new TokenCounts();
        foreach (string word in words)
            CharacterVocabulary.CountCharacters(word, counts);
        return new CharacterVocabulary(counts.MostFrequent(maximumSize: 0, minimumCount: 1));
    }

    private static uint[] Keys(CharacterVocabulary vocabulary, string word)
    {
        List<uint> keys = [99];
        vocabulary.Find(word, keys);
        return [.. keys];
    }
}
