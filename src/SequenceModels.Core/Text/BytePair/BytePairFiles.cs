using System.Text;
using Microsoft.ML.Tokenizers;

namespace SequenceModels.Text;

/// <summary>Makes a tokenizer of a vocabulary and a file of merges, such as "merges.txt".</summary>
internal static class BytePairFiles
{
    private const string EndOfWord = "</w>";

    /// <summary>ML.NET's tokenizer must have an unknown token: this one is for vocabularies without any.</summary>
    private const string NoToken = "\u0000unknown";

    /// <param name="vocabulary">The tokens.</param>
    /// <param name="merges">The bytes of the file of merges.</param>
    /// <param name="vocabularyName">What the vocabulary is called in errors.</param>
    /// <exception cref="InvalidDataException">A line cannot be understood.</exception>
    public static TokenizerModel Load(BytePairVocabulary vocabulary, byte[] merges, string vocabularyName)
    {
        string[] tokens = vocabulary.Tokens;
        List<(int Left, int Right)> pairs = ReadMerges(merges, vocabulary, vocabularyName);
        bool hasSuffix = tokens.Any(token => token.EndsWith(EndOfWord, StringComparison.Ordinal));
        if (!hasSuffix && ByteAlphabet.All.All(vocabulary.Indices.ContainsKey))
        {
            var bytes = new BytePairMerges(tokens, pairs, marksInWords: false);
            return new TokenizerModel(tokens, DetokenizationKind.Bytes) { Merges = bytes };
        }

        string? unknown = TokenizerFiles.FindUnknownToken(vocabulary.Indices.ContainsKey);
        var all = new Dictionary<string, int>(vocabulary.Indices, StringComparer.Ordinal);
        if (unknown is null)
            all.Add(NoToken, tokens.Length);
        var tokenizer = BpeTokenizer.Create(new BpeOptions(all)
        {
            Merges = pairs.Select(pair => $"{tokens[pair.Left]} {tokens[pair.Right]}"),
            PreTokenizer = hasSuffix ? new WordPiecePreTokenizer() : PreTokenizer.CreateWordOrNonWord(),
            UnknownToken = unknown ?? NoToken,
            EndOfWordSuffix = hasSuffix ? EndOfWord : null,
        });
        return new TokenizerModel(tokens, hasSuffix ? DetokenizationKind.EndOfWord : DetokenizationKind.Characters)
        {
            Tokenizer = tokenizer,
            Keys = TokenizerModel.KeysOfIds(tokens.Length, unknown is null ? tokens.Length : vocabulary.Indices[unknown]),
        };
    }

    /// <summary>A merge a line. What stands twice counts once.</summary>
    private static List<(int Left, int Right)> ReadMerges(byte[] merges, BytePairVocabulary vocabulary, string vocabularyName)
    {
        var pairs = new List<(int, int)>();
        var seen = new HashSet<(int, int)>();
        int number = 0;
        foreach (string line in Encoding.UTF8.GetString(merges).Split('\n'))
        {
            number++;
            string text = line.TrimEnd('\r');
            if (text.Length == 0 || (number == 1 && text.StartsWith("#version", StringComparison.Ordinal)))
                continue;
            string[] halves = text.Split(' ');
            if (halves.Length != 2)
                throw new InvalidDataException(Invariant($"line {number} is not two tokens with a space between"));
            foreach (string token in (string[])[.. halves, string.Concat(halves)])
                if (!vocabulary.Indices.ContainsKey(token))
                    throw new InvalidDataException(
                        Invariant($"line {number} needs the token '{token}', which the vocabulary '{vocabularyName}' does ") +
                        "not have");
            (int, int) pair = (vocabulary.Indices[halves[0]], vocabulary.Indices[halves[1]]);
            if (seen.Add(pair))
                pairs.Add(pair);
        }
        return pairs;
    }
}
