using System.Text.Json;

namespace SequenceModels.Text;

/// <summary>
/// The words of a table's rows. A table in a safetensors file does not say them; they are a JSON array in the file's metadata, or
/// in a file beside it: a word a line, or JSON as tokenizers have it.
/// </summary>
internal static class TensorVocabulary
{
    /// <summary>Where the metadata have them.</summary>
    public const string MetadataName = "vocabulary";

    /// <summary>Files that are looked for beside a table.</summary>
    private static readonly string[] s_besides = ["vocab.txt", "vocab.json", "tokenizer.json"];

    /// <summary>The word of each row; null: it has none.</summary>
    /// <param name="tablePath">The file of the table.</param>
    /// <param name="metadata">Of that file.</param>
    /// <param name="path">The file of words; null: the metadata, or a file beside the table.</param>
    /// <param name="rows">Of the table.</param>
    /// <exception cref="InvalidDataException">There are no words, or they do not fit.</exception>
    public static string?[] Read(string tablePath, IReadOnlyDictionary<string, string> metadata, string? path, int rows)
    {
        if (path is null && metadata.TryGetValue(MetadataName, out string? texts))
            return Parse("its metadata", () => FromJson(texts, rows), rows);
        string folder = Path.GetDirectoryName(tablePath)!;
        path ??= s_besides.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new InvalidDataException($"it does not say its words: its metadata have no '{MetadataName}', and beside " +
                $"it is no {string.Join(", ", s_besides)}. Name their file by WordVectors.VocabularyPath");
        if (!File.Exists(path))
            throw new InvalidDataException($"there is no file '{path}' of its words");
        return Parse($"'{path}'", () => Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase)
            ? FromJson(File.ReadAllText(path), rows) : [.. File.ReadLines(path)], rows);
    }

    private static string?[] Parse(string place, Func<string?[]> parse, int rows)
    {
        string?[] words;
        try
        {
            words = parse();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new InvalidDataException($"the words in {place} are no list of texts, and none with their rows", e);
        }
        return words.Length == rows ? words : throw new InvalidDataException(
            Invariant($"{place} has {Counted.Of(words.Length, "word")} for {Counted.Of(rows, "row")} of the table"));
    }

    /// <summary>An array of words; words with their rows; or a tokenizer whose model has either.</summary>
    private static string?[] FromJson(string text, int rows)
    {
        using var document = JsonDocument.Parse(text);
        JsonElement root = document.RootElement;
        if (root.ValueKind == JsonValueKind.Array)
            return [.. root.EnumerateArray().Select(TextOf)];
        var words = new string?[rows];
        if (!root.TryGetProperty("model", out JsonElement model) || model.ValueKind != JsonValueKind.Object)
            return Put(words, root.EnumerateObject().Select(word => (word.Name, word.Value.GetInt32())));
        JsonElement own = model.GetProperty("vocab");
        Put(words, own.ValueKind == JsonValueKind.Array
            ? own.EnumerateArray().Select((piece, row) => (TextOf(piece[0]), row))
            : own.EnumerateObject().Select(word => (word.Name, word.Value.GetInt32())));
        return !root.TryGetProperty("added_tokens", out JsonElement added) || added.ValueKind != JsonValueKind.Array ? words
            : Put(words, added.EnumerateArray().Select(token =>
                (TextOf(token.GetProperty("content")), token.GetProperty("id").GetInt32())));
    }

    private static string?[] Put(string?[] words, IEnumerable<(string Word, int Row)> pairs)
    {
        foreach ((string word, int row) in pairs)
            words[row >= 0 && row < words.Length ? row : throw new FormatException()] = word;
        return words;
    }

    private static string TextOf(JsonElement element) => element.GetString() ?? throw new FormatException();
}
