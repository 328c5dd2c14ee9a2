using System.Text;
using System.Text.Json;
using Microsoft.ML.Tokenizers;
using SequenceModels.Files;

namespace SequenceModels.Text;

/// <summary>The content of the files that describe a tokenizer, kept so that a saved model needs no file.</summary>
/// <param name="Kind">What they are.</param>
/// <param name="Names">The paths that they were read from, for error messages; a saved model does not keep them.</param>
/// <param name="Contents">Their bytes: vocabulary and merges, the vocabulary, or the model.</param>
internal sealed record TokenizerFiles(TokenKind Kind, string[] Names, byte[][] Contents)
{
    private const string EndOfWord = "</w>", Continuation = "##";

    /// <summary>How a tokenizer that has no token for what is unknown is told of one.</summary>
    private const string NoToken = "\u0000unknown";

    private static readonly string[] UnknownTokens = ["[UNK]", "<unk>", "<UNK>"];

    /// <summary>Reads the files and checks that they describe a tokenizer.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A file cannot be understood; the message names it.</exception>
    public static TokenizerFiles Read(TokenKind kind, params string[] paths)
    {
        foreach (string path in paths)
            if (!File.Exists(path))
                throw new FileNotFoundException($"There is no file '{path}' to read the {kind} tokenization from. Give the path of one.", path);
        var files = new TokenizerFiles(kind, paths, [.. paths.Select(File.ReadAllBytes)]);
        files.Load();
        return files;
    }

    /// <summary>Understands the files.</summary>
    /// <exception cref="InvalidDataException">A file cannot be understood; the message names it.</exception>
    public TokenizerModel Load()
    {
        int file = 0;
        try
        {
            return Kind switch
            {
                TokenKind.BytePair => LoadBytePair(ref file),
                TokenKind.WordPiece => LoadWordPiece(),
                _ => LoadSentencePiece(),
            };
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new InvalidDataException($"'{Names[file]}' is no usable file of a {Kind} tokenization: {e.Message.TrimEnd('.')}.", e);
        }
    }

    /// <summary>Whether the vocabulary knows no upper case, so that texts should be lowered first.</summary>
    public bool IsUncased() => Kind == TokenKind.WordPiece && !Load().Tokens
        .Any(token => !(token.StartsWith('[') && token.EndsWith(']')) && token.Any(char.IsUpper));

    public void Write(PayloadWriter writer)
    {
        foreach (byte[] content in Contents)
            writer.WriteBlock(content);
    }

    public static TokenizerFiles Read(PayloadReader reader, TokenKind kind)
    {
        string[] names = kind == TokenKind.BytePair ? ["the saved vocabulary", "the saved merges"] : [$"the saved {kind} file"];
        return new TokenizerFiles(kind, names, [.. names.Select(name =>
        {
            using MemoryStream block = reader.ReadBlock(name);
            return block.ToArray();
        })]);
    }

    private TokenizerModel LoadBytePair(ref int file)
    {
        (string[] tokens, Dictionary<string, int> places) = ReadVocabulary();
        file = 1;
        List<(int Left, int Right)> pairs = ReadMerges(places);
        bool suffix = tokens.Any(token => token.EndsWith(EndOfWord, StringComparison.Ordinal));
        if (!suffix && ByteAlphabet.All.All(places.ContainsKey))
            return new TokenizerModel(tokens, TokenDecoder.Bytes) { Merges = new BytePairMerges(tokens, pairs, marksInWords: false) };

        string? unknown = Array.Find(UnknownTokens, places.ContainsKey);
        var all = new Dictionary<string, int>(places, StringComparer.Ordinal);
        if (unknown is null)
            all.Add(NoToken, tokens.Length);
        var tokenizer = BpeTokenizer.Create(new BpeOptions(all)
        {
            Merges = pairs.Select(pair => $"{tokens[pair.Left]} {tokens[pair.Right]}"),
            PreTokenizer = suffix ? new WordPieceText.Words() : PreTokenizer.CreateWordOrNonWord(),
            UnknownToken = unknown ?? NoToken,
            EndOfWordSuffix = suffix ? EndOfWord : null,
        });
        return new TokenizerModel(tokens, suffix ? TokenDecoder.EndOfWord : TokenDecoder.Characters)
        {
            Tokenizer = tokenizer,
            Keys = KeysOf(Enumerable.Range(0, tokens.Length), unknown is null ? tokens.Length : places[unknown]),
        };
    }

    /// <summary>A JSON object from tokens to ids; the tokens in the order of their ids.</summary>
    private (string[] Tokens, Dictionary<string, int> Places) ReadVocabulary()
    {
        using JsonDocument json = JsonDocument.Parse(Contents[0]);
        (string Token, int Id)[] all = [.. json.RootElement.EnumerateObject().Select(token => (token.Name, token.Value.GetInt32())).OrderBy(token => token.Item2)];
        if (all.Length == 0)
            throw new InvalidDataException("it has no tokens");
        for (int i = 1; i < all.Length; i++)
            if (all[i].Id == all[i - 1].Id)
                throw new InvalidDataException($"'{all[i - 1].Token}' and '{all[i].Token}' have the same id");
        return ([.. all.Select(token => token.Token)],
            all.Select((token, place) => (token.Token, place)).ToDictionary(pair => pair.Token, pair => pair.place, StringComparer.Ordinal));
    }

    private List<(int Left, int Right)> ReadMerges(Dictionary<string, int> places)
    {
        var pairs = new List<(int, int)>();
        var seen = new HashSet<(int, int)>();
        int number = 0;
        foreach (string line in Encoding.UTF8.GetString(Contents[1]).Split('\n'))
        {
            number++;
            string text = line.TrimEnd('\r');
            if (text.Length == 0 || (number == 1 && text.StartsWith("#version", StringComparison.Ordinal)))
                continue;
            string[] halves = text.Split(' ');
            if (halves.Length != 2)
                throw new InvalidDataException(Invariant($"line {number} is not two tokens with a space between"));
            foreach (string token in (string[])[.. halves, string.Concat(halves)])
                if (!places.ContainsKey(token))
                    throw new InvalidDataException(Invariant($"line {number} needs the token '{token}', which the vocabulary '{Names[0]}' does not have"));
            if (seen.Add((places[halves[0]], places[halves[1]])))
                pairs.Add((places[halves[0]], places[halves[1]]));
        }
        return pairs;
    }

    private TokenizerModel LoadWordPiece()
    {
        string[] lines = Encoding.UTF8.GetString(Contents[0]).TrimStart('\ufeff').Split('\n');
        string[] tokens = [.. lines.Select(line => line.TrimEnd('\r'))];
        if (tokens[^1] == "")
            tokens = tokens[..^1];
        string unknown = Array.Find(UnknownTokens, token => Array.IndexOf(tokens, token) >= 0)
            ?? throw new InvalidDataException("it has no token [UNK], so it is no WordPiece vocabulary: one token a line");
        if (tokens.GroupBy(token => token, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new InvalidDataException($"the token '{twice.Key}' stands in it twice");
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', tokens)));
        var tokenizer = WordPieceTokenizer.Create(stream, new WordPieceOptions
        {
            PreTokenizer = new WordPieceText.Words(),
            UnknownToken = unknown,
            ContinuingSubwordPrefix = Continuation,
        });
        return new TokenizerModel(tokens, TokenDecoder.WordPiece)
        {
            Tokenizer = tokenizer,
            Keys = KeysOf(Enumerable.Range(0, tokens.Length), tokenizer.UnknownTokenId),
        };
    }

    private TokenizerModel LoadSentencePiece()
    {
        var model = new SentencePieceModel(Contents[0]);
        return new TokenizerModel(model.Pieces, TokenDecoder.SentencePiece) { Pieces = model };
    }

    /// <summary>From ids to keys 1, 2, ... in the order of the ids; the unknown token is key 0.</summary>
    private static Dictionary<int, uint> KeysOf(IEnumerable<int> ids, int unknown)
    {
        Dictionary<int, uint> keys = ids.Select((id, place) => (id, place)).ToDictionary(pair => pair.id, pair => (uint)pair.place + 1);
        keys[unknown] = 0;
        return keys;
    }
}
