using System.Globalization;
using System.Text;

namespace SequenceModels.Text;

/// <summary>A file of text: a word a line, then its numbers; of lines that nobody asks for, none is parsed.</summary>
internal sealed class TextVectorFile : WordVectorFile
{
    private readonly string _path;
    private readonly LineReader _lines;
    private readonly long? _stated;
    private char[] _word = [];
    private int _wordLength;
    private long _read;
    private bool _isAtFirst;

    /// <exception cref="InvalidDataException">The file does not begin as one of word vectors.</exception>
    public TextVectorFile(string path)
    {
        _path = path;
        _lines = new LineReader(path);
        try
        {
            if (!_lines.MoveNext())
                throw Invalid("it is empty");
            ReadOnlySpan<byte> first = _lines.Line;
            List<Range> fields = Fields(first);
            if (fields.Count == 2 && long.TryParse(first[fields[0]], CultureInfo.InvariantCulture, out long count) &&
                int.TryParse(first[fields[1]], CultureInfo.InvariantCulture, out int size))
                (_stated, Size) = (count, size);
            else
                (_isAtFirst, Size) = (true, fields.Count - 1);
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

    public override int Size { get; }

    protected override ReadOnlySpan<char> Word => _word.AsSpan(0, _wordLength);

    public override void Dispose() => _lines.Dispose();

    protected override bool MoveNext()
    {
        // A first line that is no title has been read already.
        if (!_isAtFirst && !_lines.MoveNext())
            return _stated > _read
                ? throw Invalid(Invariant($"it ends after {_read} of {Counted.Of(_stated.Value, "word")}")) : false;
        _isAtFirst = false;
        _read++;
        ReadOnlySpan<byte> line = _lines.Line;
        int end = Math.Max(0, line.IndexOf((byte)' ') is >= 0 and var space ? space : line.IndexOf((byte)'\t'));
        if (_word.Length < end)
            _word = new char[2 * end];
        _wordLength = Encoding.UTF8.GetChars(line[..end], _word);
        return true;
    }

    protected override bool TryReadVector(Span<float> vector)
    {
        if (_wordLength == 0)
            return false;
        ReadOnlySpan<byte> line = _lines.Line;
        List<Range> fields = Fields(line);
        // Some files have words with spaces in them: then this is another word than it seemed.
        if (fields.Count > Size + 1)
            return false;
        if (fields.Count < Size + 1)
            throw Invalid(Invariant($"line {_lines.Number} has not {Counted.Of(Size, "number")} behind its word, but ") +
                Invariant($"{fields.Count - 1}"));
        if (FirstBadField(line, fields, vector) is >= 0 and var bad)
            throw Invalid(Invariant($"line {_lines.Number} has not {Counted.Of(Size, "number")} behind its word: ") +
                Describe(line[fields[bad]]));
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
