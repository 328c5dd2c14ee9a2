using SequenceModels.Files;
using SequenceModels.Text;
using Xunit;

namespace SequenceModels.Tests.Sequences;

public sealed class TensorVectorFileTests : IDisposable
{
    private const string Glove =
        "the 1 2.5 -3e-2\nCat 4 5 6\nThe 7 8 9\nCat 0 0 0\n\u00e9t\u00e9 1 1 1\n. . . 3 3 3\n\"<\\ud83d\\ude00 2 2 2\n";

    private static readonly string[] s_tokens = ["the", "cat", "Cat", "\u00c9T\u00c9", "dog", ".", "\"<\\ud83d\\ude00"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_of_text_is_the_same_as_tensors()
    {
        string text = In("glove.txt"), first = In("1.safetensors"), second = In("2.safetensors");
        File.WriteAllText(text, Glove);
        WordVectors.FromFile(text).SaveSafetensors(first);
        WordVectors.FromFile(first).SaveSafetensors(second);
        Assert.Equal(File.ReadAllBytes(first), File.ReadAllBytes(second));
        Assert.Equal(Find(text).Fingerprint(), Find(first).Fingerprint());
        Assert.Equal(4, Find(first).Found);
    }

    [Theory]
    [InlineData("vocab.txt", "the\r\ncat\r\nsea\r\n")]
    [InlineData("vocab.json", """{ "sea": 2, "the": 0, "cat": 1 }""")]
    [InlineData("tokenizer.json",
        """{ "model": { "vocab": { "sea": 2, "the": 0 } }, "added_tokens": [{ "id": 1, "content": "cat" }] }""")]
    [InlineData("tokenizer.json", """{ "model": { "vocab": [["the", -1.5], ["cat", 0], ["sea", 0]] } }""")]
    [InlineData("words.txt", "the\ncat\nsea")]
    [InlineData("words.json", """["the", "cat", "sea"]""")]
    public void Words_stand_in_a_file_beside(string name, string content)
    {
        File.WriteAllText(In(name), content);
        string path = WriteTables(("embedding.weight", 3), ("bias", 0));
        TokenVectors found = Find(path, vocabulary: name.StartsWith("words", StringComparison.Ordinal) ? In(name) : null);
        Assert.True(found.TryGet(1, out ReadOnlySpan<float> vector));
        Assert.Equal([10, 11], vector.ToArray());
        Assert.Equal(3, found.Found); // the third is "Cat"
    }

    [Fact]
    public void A_row_without_a_word_is_nobodys()
    {
        File.WriteAllText(In("vocab.json"), """{ "cat": 2 }""");
        Assert.Equal(2, Find(WriteTables(("a", 4))).Found);
    }

    [Fact]
    public void One_of_several_tensors_is_named()
    {
        File.WriteAllText(In("vocab.txt"), "the\ncat\nsea\n");
        string path = WriteTables(("a", 2), ("b", 3));
        Invalid(path, "it has 2 tensors that could be the vectors' table, [words, numbers] of floats, among 'a' [2, 2] of F32");
        Invalid(path, "it has no tensor 'c'", tensor: "c");
        Invalid(path, "has 3 words for 2 rows", tensor: "a");
        Assert.Equal(3, Find(path, "b").Found);
    }

    [Theory]
    [InlineData("vocab.txt", "the\n", "vocab.txt' has 1 word for 3 rows of the table")]
    [InlineData("vocab.json", "{", "are no list of texts")]
    [InlineData("vocab.json", "3", "are no list of texts")]
    [InlineData("vocab.json", """["a", 1, "b"]""", "are no list of texts")]
    [InlineData("vocab.json", """{ "a": 3 }""", "are no list of texts")]
    [InlineData("vocab.json", """{ "a": -1 }""", "are no list of texts")]
    [InlineData("tokenizer.json", """{ "model": { } }""", "are no list of texts")]
    [InlineData("other.txt", "the\ncat\nsea\n", "it does not say its words")]
    public void Words_that_do_not_fit_are_named(string name, string content, string message)
    {
        File.WriteAllText(In(name), content);
        Invalid(WriteTables(("a", 3)), message);
    }

    [Fact]
    public void What_is_no_table_is_refused()
    {
        File.WriteAllText(In("vocab.txt"), "the\ncat\nsea\n");
        string path = WriteTables(("a", 3));
        byte[] content = File.ReadAllBytes(path);
        BitConverter.TryWriteBytes(content.AsSpan(content.Length - 4 * sizeof(float)), float.NaN);
        File.WriteAllBytes(path, content);
        Invalid(path, "'a' has a number that is NaN");
        File.WriteAllBytes(path, content[..^1]);
        Invalid(path, "its tensors take 24 bytes where the file has 23");
        File.WriteAllText(path, "the 1 2\n");
        Invalid(path, "is no safetensors file", tensor: "a");
        Invalid(path, "is no safetensors file", vocabulary: In("vocab.txt"));
    }

    private static TokenVectors Find(string path, string? tensor = null, string? vocabulary = null)
    {
        using var file = WordVectorFile.Open(path, tensor, vocabulary);
        return file.Find(s_tokens, () => { });
    }

    private static void Invalid(string path, string why, string? tensor = null, string? vocabulary = null)
    {
        string message = Assert.Throws<InvalidDataException>(() => Find(path, tensor, vocabulary)).Message;
        Assert.Contains(why, message, StringComparison.Ordinal);
        Assert.Contains($"'{path}'", message, StringComparison.Ordinal);
    }

    /// <summary>Tables of two columns, whose row r is 10 r, 10 r + 1; of no rows: a vector of three.</summary>
    private string WriteTables(params (string Name, int Rows)[] tables)
    {
        string path = In("model.safetensors");
        using FileStream stream = File.Create(path);
        SafetensorsWriter.Write(stream, [.. tables.Select(table =>
            new SafetensorsSource(table.Name, table.Rows == 0 ? [3] : [table.Rows, 2], (row, values) =>
            {
                for (int i = 0; i < values.Length; i++)
                    values[i] = 10 * row + i;
            }))], []);
        return path;
    }

    private string In(string name) => Path.Combine(_folder.Name, name);
}
