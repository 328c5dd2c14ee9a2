using SequenceModels.Files;

namespace SequenceModels.Text;

/// <summary>The content of the files that describe a tokenizer. It is kept, so that a saved model needs no other file.</summary>
/// <param name="Kind">Which tokenizer: byte pairs, word pieces or SentencePiece.</param>
/// <param name="Names">The paths that they were read from, for error messages; a saved model does not keep them.</param>
/// <param name="Contents">The bytes of each file: of byte pairs the vocabulary and the merges, otherwise of one file.</param>
internal sealed record TokenizerFiles(TokenKind Kind, string[] Names, byte[][] Contents)
{
    private static readonly string[] UnknownTokens = ["[UNK]", "<unk>", "<UNK>"];

    /// <summary>Reads the files and checks that they describe a tokenizer.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A file cannot be understood; the message names it.</exception>
    public static TokenizerFiles Read(TokenKind kind, params string[] paths)
    {
        foreach (string path in paths)
            if (!File.Exists(path))
                throw new FileNotFoundException(
                    $"There is no file '{path}' to read the {kind} tokenization from. Give the path of one.", path);
        var files = new TokenizerFiles(kind, paths, [.. paths.Select(File.ReadAllBytes)]);
        files.Load();
        return files;
    }

    /// <summary>Makes the tokenizer that the files describe.</summary>
    /// <exception cref="InvalidDataException">A file cannot be understood; the message names it.</exception>
    public TokenizerModel Load() => Kind switch
    {
        TokenKind.BytePair => LoadBytePair(),
        TokenKind.WordPiece => Parse(0, WordPieceFile.Load),
        _ => Parse(0, LoadSentencePiece),
    };

    /// <summary>Whether the vocabulary has no letter in upper case, so that texts should be lowered first.</summary>
    public bool IsUncased() => Kind == TokenKind.WordPiece && !Load().Tokens
        .Any(token => !(token.StartsWith('[') && token.EndsWith(']')) && token.Any(char.IsUpper));

    /// <summary>The name of the unknown token, of those in use; null if there is none.</summary>
    public static string? FindUnknownToken(Predicate<string> hasToken) => Array.Find(UnknownTokens, hasToken);

    public void Write(PayloadWriter writer)
    {
        foreach (byte[] content in Contents)
            writer.WriteBlock(content);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static TokenizerFiles Read(PayloadReader reader, TokenKind kind)
    {
        string[] names = kind == TokenKind.BytePair ? ["the saved vocabulary", "the saved merges"] : [$"the saved {kind} file"];
        return new TokenizerFiles(kind, names, [.. names.Select(reader.ReadBytes)]);
    }

    private TokenizerModel LoadBytePair()
    {
        BytePairVocabulary vocabulary = Parse(0, content => new BytePairVocabulary(content));
        return Parse(1, merges => BytePairFiles.Load(vocabulary, merges, Names[0]));
    }

    private static TokenizerModel LoadSentencePiece(byte[] content)
    {
        var model = new SentencePieceModel(content);
        return new TokenizerModel(model.Pieces, DetokenizationKind.SentencePiece) { Pieces = model };
    }

    /// <summary>Reads the content of one file; any error names the file.</summary>
    private T Parse<T>(int file, Func<byte[], T> parse)
    {
        try
        {
            return parse(Contents[file]);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new InvalidDataException(
                $"'{Names[file]}' is no usable file of a {Kind} tokenization: {e.Message.TrimEnd('.')}.", e);
        }
    }
}
