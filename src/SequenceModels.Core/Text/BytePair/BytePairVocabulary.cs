using System.Text.Json;

namespace SequenceModels.Text;

/// <summary>The tokens of a file such as "vocab.json": a JSON object from tokens to ids.</summary>
internal sealed class BytePairVocabulary
{
    /// <param name="content">The file's bytes.</param>
    /// <exception cref="InvalidDataException">There are no tokens, or two have one id.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public BytePairVocabulary(byte[] content)
    {
        using JsonDocument json = JsonDocument.Parse(content);
        (string Text, int Id)[] tokens =
            [.. json.RootElement.EnumerateObject().Select(token => (token.Name, token.Value.GetInt32()))
                .OrderBy(token => token.Item2)];
        if (tokens.Length == 0)
            throw new InvalidDataException("it has no tokens");
        for (int i = 1; i < tokens.Length; i++)
            if (tokens[i].Id == tokens[i - 1].Id)
                throw new InvalidDataException($"'{tokens[i - 1].Text}' and '{tokens[i].Text}' have the same id");
        Tokens = [.. tokens.Select(token => token.Text)];
        Indices = tokens.Select((token, index) => (token.Text, index))
            .ToDictionary(pair => pair.Text, pair => pair.index, StringComparer.Ordinal);
    }

    /// <summary>In the order of their ids, which may have gaps.</summary>
    public string[] Tokens { get; }

    /// <summary>Where each token stands in <see cref="Tokens"/>.</summary>
    public IReadOnlyDictionary<string, int> Indices { get; }
}
