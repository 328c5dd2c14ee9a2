using System.Text;
using System.Text.Json;
using Microsoft.ML.Tokenizers;
using SequenceModels.Files;
using SequenceModels.Text;
using Xunit;

namespace SequenceModels.Tests.Sequences;

public sealed class TokenizerFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Models => ["unigram", "unigram-bytes", "bpe", "bpe-bytes"];

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Models))]
    public void A_SentencePiece_model_gives_the_ids_and_texts_that_SentencePiece_gives(string model)
    {
        SequenceTokenizer tokenizer = Fit(SequenceTokenization.SentencePiece(Pieces(model + ".model")));
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllText(Pieces("expected.json")));
        foreach (JsonElement row in expected.RootElement.GetProperty(model).EnumerateArray())
        {
            string text = row.GetProperty("text").GetString()!;
            uint[] keys = Keys(tokenizer, text);
            // Id 0 is SentencePiece's unknown token, and ours; key 1 stays unused.
            Assert.Equal(row.GetProperty("ids").EnumerateArray()
                .Select(id => id.GetUInt32() is > 0 and var known ? known + 1 : 0), keys);
            if (!keys.Contains(0u))
                Assert.Equal(row.GetProperty("decoded").GetString(), tokenizer.CreateDetokenizer().TextOf(keys));
        }
    }

    [Theory, MemberData(nameof(Models))]
    public void Pieces_stand_where_they_were_cut_from(string model)
    {
        SequenceTokenization tokenization = SequenceTokenization.SentencePiece(Pieces(model + ".model"));
        var preparation = new SentencePiecePreparation(tokenization.Files!.Load().Pieces!.Normalizer, lowercase: false);
        HoldsInPlace(tokenization, preparation, token => token.StartsWith("<0x", StringComparison.Ordinal) ? ""
            : token.Trim('\u2581'));
    }

    [Fact]
    public void Word_pieces_are_those_of_BERT()
    {
        SequenceTokenization tokenization =
            SequenceTokenization.WordPiece(
                Write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\nthe\nun\n##aff\n##able\n,\n$\n\u4eac\ncafe\n##s\n"));
        Assert.True(tokenization.Lowercase);
        SequenceTokenizer tokenizer = Fit(tokenization);
        Assert.Equal(["the", "un", "##aff", "##able", ",", "?", "$", "\u4eac", "cafe", "##s"],
            Shown(tokenizer, "The \u0000unaffable, zebra $\u4eac caf\u00e9s"));
        Assert.Equal("the unaffable , \ufffd $ \u4eac cafes", tokenizer.CreateDetokenizer()
            .TextOf(Keys(tokenizer, "The unaffable, zebra $\u4eac CAFE\u0301S")));
        Assert.Equal(["?", "un"], Shown(Fit(tokenization with { Lowercase = false }), "The un"));
        Assert.False(SequenceTokenization.WordPiece(Write("cased.txt", "[UNK]\nThe\n")).Lowercase);
        HoldsInPlace(tokenization, TextPreparation.For(TokenKind.WordPiece, true), token =>
            token.StartsWith("##", StringComparison.Ordinal) ? token[2..] : token);
    }

    [Fact]
    public void Byte_pair_files_of_bytes_give_what_was_learned()
    {
        BytePairMerges merges = BytePairLearner.Learn([new("the", 9), new("\u0120not a byte", 2), new(" cat", 5)], 300, 2);
        string vocabulary =
            Write("vocab.json", JsonSerializer.Serialize(merges.Tokens.Select((token, id) => (token, id))
                .ToDictionary(p => p.token, p => p.id)));
        SequenceTokenizer tokenizer =
            Fit(SequenceTokenization.BytePair(vocabulary,
                Write("merges.txt", "#version: 0.2\n" + string.Join('\n', MergeLines.Of(merges)) + "\n")));
        Assert.Equal(["the", "\u0120cat", "s"], Shown(tokenizer, "the cats"));
        foreach (string text in ScriptTexts.All)
            Assert.Equal(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)), tokenizer.CreateDetokenizer()
                .TextOf(Keys(tokenizer, text)));
    }

    [Fact]
    public void Byte_pair_files_of_characters_end_words_with_a_mark()
    {
        string vocabulary =
            Write("vocab.json",
                """{"l": 0, "o": 1, "w</w>": 2, "w": 3, "e": 4, "r</w>": 5, "lo": 7, "low</w>": 9, "er</w>": 11}""");
        SequenceTokenizer tokenizer =
            Fit(SequenceTokenization.BytePair(vocabulary, Write("merges.txt", "l o\nlo w</w>\ne r</w>\n")));
        Assert.Equal(["low</w>", "lo", "w", "er</w>"], Shown(tokenizer, "low lower"));
        Assert.Equal("low lower", tokenizer.CreateDetokenizer().TextOf(Keys(tokenizer, "low lower")));
        Assert.Contains(0u, Keys(tokenizer, "z"));
    }

    [Fact]
    public void Files_that_are_missing_or_broken_are_named()
    {
        string json = Write("v.json", """{"a": 0, "b": 1, "ab": 2}"""), merges = Write("m.txt", "a b\n");
        Assert.Contains("'no.model'",
            Assert.Throws<FileNotFoundException>(() => SequenceTokenization.SentencePiece("no.model")).Message);
        Invalid("x.model", () => SequenceTokenization.SentencePiece(Write("x.model", "no model")));
        Invalid("e.model", () => SequenceTokenization.SentencePiece(Write("e.model", "")));
        Invalid("x.txt", () => SequenceTokenization.WordPiece(Write("x.txt", "the\ncat\n")));
        Invalid("y.txt", () => SequenceTokenization.WordPiece(Write("y.txt", "[UNK]\ncat\ncat\n")));
        Invalid("x.json", () => SequenceTokenization.BytePair(Write("x.json", "a b\n"), merges));
        Invalid("y.json", () => SequenceTokenization.BytePair(Write("y.json", """{"a": 0, "b": 0}"""), merges));
        Invalid("z.json", () => SequenceTokenization.BytePair(Write("z.json", "[1]"), merges));
        Assert.Contains("line 2", Invalid("x.txt", () => SequenceTokenization.BytePair(json, Write("x.txt", "a b\na c\n"))));
        Assert.Contains("line 1", Invalid("y.txt", () => SequenceTokenization.BytePair(json, Write("y.txt", "a b c\n"))));
        byte[] model = File.ReadAllBytes(Pieces("bpe.model"));
        File.WriteAllBytes(Path.Combine(_folder.Name, "cut.model"), model[..(model.Length / 2)]);
        Invalid("cut.model", () => SequenceTokenization.SentencePiece(Path.Combine(_folder.Name, "cut.model")));
    }

    [Fact]
    public void A_vocabulary_of_files_has_the_files_size()
    {
        SequenceTokenization tokenization = SequenceTokenization.SentencePiece(Pieces("bpe.model"));
        Assert.Contains("MaximumVocabularySize", Assert.Throws<ArgumentOutOfRangeException>(() =>
            (tokenization with { MaximumVocabularySize = 9 }).Validated()).Message);
    }

    [Fact]
    public void Any_tokenizer_serves_and_its_tokens_are_learned()
    {
        var library =
            BpeTokenizer.Create(
                new BpeOptions(new Dictionary<string, int> { ["a"] = 4, ["b"] = 7, ["ab"] = 9 }) { Merges = ["a b"] });
        var learning = new TokenizerLearner(SequenceTokenization.From(library) with { EndToken = true });
        learning.Add("abab");
        learning.Add("ab b");
        SequenceTokenizer tokenizer = learning.Finish()!;
        Assert.Equal(["</s>", "ab", "b"], tokenizer.Vocabulary.Tokens);
        Assert.Equal<uint>([2, 3, 0, 1], Keys(tokenizer, "abba"));
        Assert.Contains("SentencePiece",
            Assert.Throws<NotSupportedException>(() => tokenizer.Write(new PayloadWriter(Stream.Null))).Message);
    }

    [Fact]
    public void Tokens_of_bytes_are_joined_as_such_whoever_made_the_tokenizer()
    {
        string[] tokens = [.. ByteAlphabet.All, "\u0120c", "<|endoftext|>"];
        using var vocabulary =
            new MemoryStream(Encoding.UTF8.GetBytes(
                JsonSerializer.Serialize(tokens.Select((token, id) => (token, id)).ToDictionary(p => p.token, p => p.id))));
        using var merges = new MemoryStream(Encoding.UTF8.GetBytes("#version: 0.2\n\u0120 c\n"));
        Tokenizer codeGen = CodeGenTokenizer.Create(vocabulary, merges);
        var learning = new TokenizerLearner(SequenceTokenization.From(codeGen));
        learning.Add("a c\u00e9\n");
        SequenceTokenizer tokenizer = learning.Finish()!;
        Assert.Equal(["a", "\u0120c", "\u00c3", "\u00a9", "\u010a"], Shown(tokenizer, "a c\u00e9\n"));
        Assert.Equal("a c\u00e9\n", tokenizer.CreateDetokenizer().TextOf(Keys(tokenizer, "a c\u00e9\n")));
    }

    /// <summary>Each token is part of what its place becomes when it is prepared.</summary>
    private static void HoldsInPlace(SequenceTokenization tokenization, TextPreparation preparation, Func<string, string> visible)
    {
        SequenceTokenizer tokenizer = Fit(tokenization);
        foreach (string text in ScriptTexts.All.Append("the cat, the UNAFFABLE caf\u00e9s \u4eac$"))
        {
            var keys = new List<uint>();
            var places = new List<TokenOffset>();
            tokenizer.Encode(text, tokenizer.CreateEncoder(), keys, places);
            Assert.Equal(keys, Keys(tokenizer, text));
            int start = 0;
            foreach ((uint key, TokenOffset place) in keys.Zip(places))
            {
                string slice = preparation.Prepare(text.AsSpan(place.Start, place.Length)).ToString();
                Assert.Contains(key == 0 ? "" : visible(tokenizer.Vocabulary.Tokens[(int)key - 1]), slice);
                Assert.True(place.Start >= start && place.End <= text.Length);
                start = place.Start;
            }
        }
    }

    private static SequenceTokenizer Fit(SequenceTokenization tokenization) =>
        new TokenizerLearner(tokenization.Validated()).Finish()!;

    private static uint[] Keys(SequenceTokenizer tokenizer, string text)
    {
        var keys = new List<uint>();
        tokenizer.Encode(text, tokenizer.CreateEncoder(), keys);
        return [.. keys];
    }

    private static IEnumerable<string> Shown(SequenceTokenizer tokenizer, string text) =>
        Keys(tokenizer, text).Select(key => key == 0 ? "?" : tokenizer.Vocabulary.Tokens[(int)key - 1]);

    private static string Pieces(string name) =>
        Repository.PathOf("tests", "SequenceModels.Core.Tests", "Sequences", "Pieces", name);

    private static string Invalid(string name, Action make)
    {
        string message = Assert.Throws<InvalidDataException>(make).Message;
        Assert.Contains(name, message);
        return message;
    }

    private string Write(string name, string content)
    {
        string path = Path.Combine(_folder.Name, name);
        File.WriteAllText(path, content);
        return path;
    }
}
