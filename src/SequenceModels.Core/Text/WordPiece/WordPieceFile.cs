using System.Text;
using Microsoft.ML.Tokenizers;

namespace SequenceModels.Text;

/// <summary>Makes a tokenizer of a file such as "vocab.txt": a token a line.</summary>
internal static class WordPieceFile
{
    /// <param name="content">The file's bytes.</param>
    /// <exception cref="InvalidDataException">There is no unknown token, or a token stands there twice.</exception>
    public static TokenizerModel Load(byte[] content)
    {
        string[] lines = Encoding.UTF8.GetString(content).TrimStart('\ufeff').Split('\n');
        string[] tokens = [.. lines.Select(line => line.TrimEnd('\r'))];
        if (tokens[^1] == "")
            tokens = tokens[..^1];
        string unknown = TokenizerFiles.FindUnknownToken(tokens.Contains)
            ?? throw new InvalidDataException("it has no token [UNK], so it is no WordPiece vocabulary: one token a line");
        if (tokens.GroupBy(token => token, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new InvalidDataException($"the token '{twice.Key}' stands in it twice");
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', tokens)));
        var tokenizer = WordPieceTokenizer.Create(stream, new WordPieceOptions
        {
            PreTokenizer = new WordPiecePreTokenizer(),
            UnknownToken = unknown,
            ContinuingSubwordPrefix = "##",
        });
        return new TokenizerModel(tokens, DetokenizationKind.WordPiece)
        {
            Tokenizer = tokenizer,
            Keys = TokenizerModel.KeysOfIds(tokens.Length, tokenizer.UnknownTokenId),
        };
    }
}
