using System.IO.Compression;
using System.Text;
using SequenceModels.Text;
using Xunit;

namespace SequenceModels.Tests.Sequences;

public sealed class WordVectorFileTests : IDisposable
{
    private const string Glove = "the 1 2.5 -3e-2\ncat 4 5 6\nThe 7 8 9\ncat 0 0 0\n\u00e9t\u00e9 1 1 1\n. . . 3 3 3\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("GloVe")]
    [InlineData("fastText")]
    [InlineData("packed")]
    [InlineData("line ends of Windows")]
    [InlineData("a byte order mark")]
    [InlineData("no last line end")]
    public void Vectors_are_found_as_they_are_then_in_lower_case(string form)
    {
        string text = form switch
        {
            "fastText" => "6 3\n" + Glove.Replace("\n", " \n"),
            "line ends of Windows" => Glove.Replace("\n", "\r\n"),
            "a byte order mark" => "\ufeff" + Glove,
            "no last line end" => Glove.TrimEnd('\n'),
            _ => Glove,
        };
        using var file = WordVectorFile.Open(form == "packed" ? Pack(Encoding.UTF8.GetBytes(text)) : Write(text));
        Assert.Equal(3, file.Size);
        TokenVectors found = file.Find(["CAT", "The", "the", "dog", "THE", "\u00c9T\u00c9", "."], () => { });
        Assert.Equal(["4 5 6", "7 8 9", "1 2.5 -0.03", "", "1 2.5 -0.03", "1 1 1", ""], Enumerable.Range(0, 7)
            .Select(token => Show(found, token)));
        Assert.Equal(5, found.Found);
    }

    [Fact]
    public void A_token_is_found_by_what_a_reader_sees_of_it_too()
    {
        using var file = WordVectorFile.Open(Write("film 1\n\u2581sea 2\n\u00e9t\u00e9 3\n\u03bf\u03c2 4\n"));
        TokenVectors found =
            file.Find(["\u0120film", "\u0120Film", "\u2581sea", "\u00c3\u00a9t\u00c3\u00a9", "\u00c3",
                "\u0120\u00ce\u0141\u00ce\u00a3"], () => { },
            ["film", "Film", "sea", "\u00e9t\u00e9", "", "\u039f\u03a3"]);
        Assert.Equal(["1", "1", "2", "3", "", "4"], Enumerable.Range(0, 6).Select(token => Show(found, token)));
    }

    [Fact]
    public void Of_a_token_in_lower_case_the_exact_one_wins_wherever_it_stands()
    {
        foreach (string text in new[] { "a 1\nA 2\n", "A 2\na 1\n" })
        {
            using var file = WordVectorFile.Open(Write(text));
            Assert.Equal("2", Show(file.Find(["A"], () => { }), 0));
        }
    }

    [Theory]
    [InlineData("2 2\nthe 1 2\nsea 0,25 1\n",
        "line 3 has not 2 numbers behind its word: '0,25' is no number, but would be one with a point in place of the comma.")]
    [InlineData("2 2\nthe 1 2\nsea 1 none\n", "line 3 has not 2 numbers behind its word: 'none' is no number.")]
    [InlineData("2 2\nthe 1 2\nsea 1\n", "line 3 has not 2 numbers behind its word, but 1.")]
    [InlineData("sea 1 0,5\n", "its first line is no word with numbers behind it: '0,5' is no number, but would be one")]
    public void A_field_that_is_no_number_is_quoted_with_its_line(string text, string message) =>
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() =>
    {
        using var file = WordVectorFile.Open(Write(text));
        file.Find(["sea"], () => { });
    }).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_larger_than_the_buffer_is_read_to_its_end()
    {
        string numbers = string.Join(' ', Enumerable.Repeat("0.123456", 50));
        string path = Write(string.Concat(Enumerable.Range(0, 12_000).Select(i => $"w{i} {i} {numbers}\n")));
        using var file = WordVectorFile.Open(path);
        int[] asked = [0, 1, 2047, 5000, 11_999];
        TokenVectors found = file.Find([.. asked.Select(i => $"w{i}")], () => { });
        for (int i = 0; i < asked.Length; i++)
            Assert.True(found.TryGet(i, out ReadOnlySpan<float> vector) && vector[0] == asked[i] && vector[50] == 0.123456f);
        using var again = WordVectorFile.Open(path);
        Assert.Throws<OperationCanceledException>(() => again.Find(["x"], () => throw new OperationCanceledException()));
    }

    [Fact]
    public void What_is_no_file_of_vectors_is_named()
    {
        Invalid("", "it is empty");
        Invalid("hello\n", "its first line");
        Invalid("a b c\n", "its first line");
        Invalid("a NaN 1\n", "its first line");
        Invalid("3 2\na 1 2\nb 3 4\n", "ends after 2 of 3 words");
        Invalid("a 1 2\nb 3\n", "line 2 has not 2 numbers");
        Invalid("a 1 2\nb 3 x\n", "line 2 has not 2 numbers");
        Invalid("2 2\na 1 2\nb 3 Infinity\n", "line 3 has not 2 numbers");
    }

    [Fact]
    public void The_fingerprint_is_of_what_was_found()
    {
        byte[] Of(string text)
        {
            using var file = WordVectorFile.Open(Write(text));
            return file.Find(["a", "b"], () => { }).Fingerprint();
        }
        Assert.Equal(Of("a 1\nb 2\n"), Of("b 2\nz 9\na 1\n"));
        Assert.NotEqual(Of("a 1\nb 2\n"), Of("a 1\nb 3\n"));
        Assert.NotEqual(Of("a 0\n"), Of("b 0\n"));
    }

    private void Invalid(string text, string why)
    {
        string path = Write(text);
        string message = Assert.Throws<InvalidDataException>(() =>
        {
            using var file = WordVectorFile.Open(path);
            file.Find(["b"], () => { });
        }).Message;
        Assert.Contains(why, message);
        Assert.Contains($"'{path}'", message);
    }

    private static string Show(TokenVectors vectors, int token) => vectors.TryGet(token, out ReadOnlySpan<float> vector)
        ? string.Join(' ', vector.ToArray().Select(value => value.ToString(System.Globalization.CultureInfo.InvariantCulture)))
        : "";

    private string Write(string text)
    {
        string path = Path.Combine(_folder.Name, "vectors.txt");
        File.WriteAllText(path, text);
        return path;
    }

    private string Pack(byte[] content)
    {
        string path = Path.Combine(_folder.Name, "vectors.txt.gz");
        using var packed = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        packed.Write(content);
        return path;
    }
}
