using System.Globalization;
using System.Text;

namespace SequenceModels.Text;

/// <summary>
/// A file of word vectors, read line by line: of gigabytes only the vectors that are asked for are kept, or even parsed.
/// </summary>
internal sealed class WordVectorFile : IDisposable
{
    private const int LinesBetweenChecks = 1 << 12;

    private readonly string _path;
    private readonly LineReader _lines;
    private readonly long? _stated;
    private byte[]? _first;

    /// <exception cref="InvalidDataException">The file does not begin as one of word vectors.</exception>
    public WordVectorFile(string path)
    {
        _path = path;
        _lines = new LineReader(path);
        try
        {
            if (!_lines.TryRead(out ReadOnlySpan<byte> first))
                throw Invalid("it is empty");
            List<Range> fields = Fields(first);
            if (fields.Count == 2 && long.TryParse(first[fields[0]], CultureInfo.InvariantCulture, out long count) &&
                int.TryParse(first[fields[1]], CultureInfo.InvariantCulture, out int size))
                (_stated, Size) = (count, size);
            else
                (_first, Size) = (first.ToArray(), fields.Count - 1);
            if (Size < 1)
                throw Invalid("its first line is no word with numbers behind it");
            if (_stated is null && FirstBadField(first, fields, new float[Size]) is >= 0 and var bad)
                throw Invalid($"its first line is no word with numbers behind it: {Describe(first[fields[bad]])}");
        }
        catch
        {
            _lines.Dispose();
            throw;
        }
    }

    /// <summary>Numbers in a vector.</summary>
    public int Size { get; }

    public void Dispose() => _lines.Dispose();

    /// <summary>Reads through the file for the vectors of tokens, or else those of their lower case.</summary>
    /// <param name="tokens">The texts of keys 1, 2, ...</param>
    /// <param name="throwIfCanceled">Asked now and then.</param>
    /// <param name="readings">
    /// The tokens as a reader sees them; empty where one is a part of a character. Null: as they are spelled.
    /// </param>
    /// <exception cref="InvalidDataException">The file is cut short, or the line of a token is no vector.</exception>
    public TokenVectors Find(IReadOnlyList<string> tokens, Action throwIfCanceled, IReadOnlyList<string>? readings = null)
    {
        readings ??= tokens;
        var vectors = new TokenVectors(tokens.Count, Size);
        var wanted = new Dictionary<string, List<(int Token, bool IsExact)>>(StringComparer.Ordinal);
        for (int i = 0; i < tokens.Count; i++)
        {
            Want(tokens[i], i, isExact: true);
            if (readings[i] != tokens[i] && readings[i] != "")
                Want(readings[i], i, isExact: true);
            if (LowerCase.Map(readings[i]) is var lowered && lowered != readings[i])
                Want(lowered, i, isExact: false);
        }
        int longest = wanted.Keys.Select(token => Encoding.UTF8.GetByteCount(token)).DefaultIfEmpty().Max();
        var lookup = wanted.GetAlternateLookup<ReadOnlySpan<char>>();
        char[] word = new char[longest + 1];
        float[] vector = new float[Size];
        long read = 0;
        for (; TryRead(out ReadOnlySpan<byte> line); read++)
        {
            if (read % LinesBetweenChecks == 0)
                throwIfCanceled();
            int end = line.IndexOf((byte)' ') is >= 0 and var space ? space : line.IndexOf((byte)'\t');
            if (end < 0 || end > longest ||
                !lookup.TryGetValue(word.AsSpan(0, Encoding.UTF8.GetChars(line[..end], word)), out var takers))
                continue;
            List<Range> fields = Fields(line);
            // Some files have words with spaces in them: then this is another word than it seemed.
            if (fields.Count > Size + 1)
                continue;
            if (!takers.Exists(taker => vectors.Wants(taker.Token, taker.IsExact)))
                continue;
            if (fields.Count < Size + 1)
                throw Invalid(
                    Invariant($"line {_lines.Number} has not {Counted.Of(Size, "number")} behind its word, but ") +
                    Invariant($"{fields.Count - 1}"));
            if (FirstBadField(line, fields, vector) is >= 0 and var bad)
                throw Invalid(Invariant($"line {_lines.Number} has not {Counted.Of(Size, "number")} behind its word: ") +
                    Describe(line[fields[bad]]));
            foreach ((int token, bool isExact) in takers)
                if (vectors.Wants(token, isExact))
                    vectors.Set(token, isExact, vector);
        }
        return _stated > read
            ? throw Invalid(Invariant($"it ends after {read} of {Counted.Of(_stated.Value, "word")}")) : vectors;

        void Want(string text, int token, bool isExact)
        {
            if (!wanted.TryGetValue(text, out var takers))
                wanted[text] = takers = [];
            takers.Add((token, isExact));
        }
    }

    /// <summary>A first line that is no title has been read already.</summary>
    private bool TryRead(out ReadOnlySpan<byte> line)
    {
        if (_first is null)
            return _lines.TryRead(out line);
        line = _first;
        _first = null;
        return true;
    }

    private static List<Range> Fields(ReadOnlySpan<byte> line)
    {
        var fields = new List<Range>();
        for (int start = 0; start < line.Length;)
        {
            int length = line[start..].IndexOfAny((byte)' ', (byte)'\t') is >= 0 and var end ? end : line.Length - start;
            if (length > 0)
                fields.Add(start..(start + length));
            start += length + 1;
        }
        return fields;
    }

    /// <summary>Fills a vector; gives the place of the field that is no finite number, or -1.</summary>
    private static int FirstBadField(ReadOnlySpan<byte> line, List<Range> fields, Span<float> vector)
    {
        for (int i = 0; i < vector.Length; i++)
            if (!float.TryParse(line[fields[1 + i]], NumberStyles.Float, CultureInfo.InvariantCulture, out vector[i]) ||
                !float.IsFinite(vector[i]))
                return 1 + i;
        return -1;
    }

    private static string Describe(ReadOnlySpan<byte> field)
    {
        const int MostShown = 40;
        string text = Encoding.UTF8.GetString(field), shown = text.Length <= MostShown ? text : text[..MostShown] + "...";
        return $"'{shown}' is no number" +
            (float.TryParse(text.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out _) && text.Contains(',')
            ? ", but would be one with a point in place of the comma" : "");
    }

    private InvalidDataException Invalid(string why) =>
        new($"'{_path}' is no usable file of word vectors: {why}. It must be text: a word a line, then its numbers, with " +
            "spaces between.");
}
