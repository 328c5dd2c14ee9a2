using Microsoft.ML.Tokenizers;

namespace SequenceModels.Text;

/// <summary>What files of a tokenizer, or a tokenizer of the user's, come down to.</summary>
/// <param name="tokens">The tokens of keys 1, 2, ..., special ones of the tokenization not counted.</param>
/// <param name="joining">How tokens become text again.</param>
internal sealed class TokenizerModel(IReadOnlyList<string> tokens, TokenDecoder joining)
{
    public IReadOnlyList<string> Tokens { get; } = tokens;

    public TokenDecoder Joining { get; } = joining;

    /// <summary>Byte-level merges, where that is what it is; else there are <see cref="Pieces"/> or a <see cref="Tokenizer"/>.</summary>
    public BytePairMerges? Merges { get; init; }

    public Tokenizer? Tokenizer { get; init; }

    /// <summary>From the tokenizer's ids to keys; an id that is not there is unknown.</summary>
    public IReadOnlyDictionary<int, uint> Keys { get; init; } = new Dictionary<int, uint>();

    /// <summary>The model, where it is one of SentencePiece.</summary>
    public SentencePieceModel? Pieces { get; init; }

    /// <summary>How tokens of a tokenizer of unknown origin become text again.</summary>
    public static TokenDecoder JoiningOf(Tokenizer tokenizer) => tokenizer switch
    {
        WordPieceTokenizer => TokenDecoder.WordPiece,
        SentencePieceTokenizer => TokenDecoder.SentencePiece,
        BpeTokenizer { ByteLevel: true } or CodeGenTokenizer or EnglishRobertaTokenizer => TokenDecoder.Bytes,
        BpeTokenizer { EndOfWordSuffix: "</w>" } => TokenDecoder.EndOfWord,
        _ => TokenDecoder.Characters,
    };
}
