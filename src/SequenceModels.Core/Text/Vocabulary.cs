using SequenceModels.Files;

namespace SequenceModels.Text;

/// <summary>Tokens and their keys 1..V. Key 0 is every token that is not among them.</summary>
internal sealed class Vocabulary
{
    /// <summary>How the start token is shown. A literal "&lt;s&gt;" in a text is another token with another key.</summary>
    public const string StartText = "<s>";

    /// <summary>How the end token is shown.</summary>
    public const string EndText = "</s>";

    private readonly Dictionary<string, uint>.AlternateLookup<ReadOnlySpan<char>> _keys;

    /// <param name="hasStart">Whether the start token takes the first key.</param>
    /// <param name="hasEnd">Whether the end token takes the next one.</param>
    /// <param name="tokens">The ordinary tokens in the order of their keys. Of some that read alike, the first is found.</param>
    public Vocabulary(bool hasStart, bool hasEnd, IReadOnlyList<string> tokens)
    {
        var all = new List<string>(tokens.Count + 2);
        if (hasStart)
            all.Add(StartText);
        if (hasEnd)
            all.Add(EndText);
        StartKey = hasStart ? 1u : 0;
        EndKey = hasEnd ? (uint)all.Count : 0;
        var keys = new Dictionary<string, uint>(tokens.Count, StringComparer.Ordinal);
        foreach (string token in tokens)
        {
            all.Add(token);
            keys.TryAdd(token, (uint)all.Count);
        }

        Tokens = all;
        _keys = keys.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The texts of keys 1, 2, ..., special tokens first.</summary>
    public IReadOnlyList<string> Tokens { get; }

    /// <summary>Key of the start token; 0 without one.</summary>
    public uint StartKey { get; }

    /// <summary>Key of the end token; 0 without one.</summary>
    public uint EndKey { get; }

    /// <summary>The key of an ordinary token; 0 if it is unknown.</summary>
    public uint Find(ReadOnlySpan<char> token) => _keys.TryGetValue(token, out uint key) ? key : 0;

    /// <summary>Writes the ordinary tokens; which special ones there are, the tokenization tells.</summary>
    public void Write(PayloadWriter writer)
    {
        int special = (StartKey > 0 ? 1 : 0) + (EndKey > 0 ? 1 : 0);
        writer.WriteArray([.. Tokens.Skip(special)]);
    }

    public static Vocabulary Read(PayloadReader reader, bool hasStart, bool hasEnd)
    {
        string[] tokens = reader.ReadStringArray("tokens");
        if (tokens.Length == 0)
            throw reader.Invalid("its vocabulary is empty");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string token in tokens)
            if (!seen.Add(token))
                throw reader.Invalid($"the token '{token}' stands in it twice");
        return new Vocabulary(hasStart, hasEnd, tokens);
    }
}
