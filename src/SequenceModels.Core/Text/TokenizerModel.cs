using Microsoft.ML.Tokenizers;

namespace SequenceModels.Text;

/// <summary>A tokenizer as it was loaded from files, or given by the user.</summary>
/// <param name="tokens">The tokens of keys 1, 2, ..., special ones of the tokenization not counted.</param>
/// <param name="detokenization">How tokens become text again.</param>
internal sealed class TokenizerModel(IReadOnlyList<string> tokens, DetokenizationKind detokenization)
{
    public IReadOnlyList<string> Tokens { get; } = tokens;

    public DetokenizationKind Detokenization { get; } = detokenization;

    /// <summary>
    /// Byte-level merges, where that is what it is; else there are <see cref="Pieces"/> or a <see cref="Tokenizer"/>.
    /// </summary>
    public BytePairMerges? Merges { get; init; }

    public Tokenizer? Tokenizer { get; init; }

    /// <summary>From the tokenizer's ids to keys; an id that is not there is unknown.</summary>
    public IReadOnlyDictionary<int, uint> Keys { get; init; } = new Dictionary<int, uint>();

    /// <summary>The model, where it is one of SentencePiece.</summary>
    public SentencePieceModel? Pieces { get; init; }

    /// <summary>Keys 1, 2, ... in the order of ids from 0 on; the unknown token's id has key 0.</summary>
    public static Dictionary<int, uint> KeysOfIds(int count, int unknownId)
    {
        Dictionary<int, uint> keys = Enumerable.Range(0, count).ToDictionary(id => id, id => (uint)id + 1);
        keys[unknownId] = 0;
        return keys;
    }

    /// <summary>How tokens of a tokenizer of unknown origin become text again.</summary>
    public static DetokenizationKind DetokenizationOf(Tokenizer tokenizer) => tokenizer switch
    {
        WordPieceTokenizer => DetokenizationKind.WordPiece,
        SentencePieceTokenizer => DetokenizationKind.SentencePiece,
        BpeTokenizer { ByteLevel: true } or CodeGenTokenizer or EnglishRobertaTokenizer => DetokenizationKind.Bytes,
        BpeTokenizer { EndOfWordSuffix: "</w>" } => DetokenizationKind.EndOfWord,
        _ => DetokenizationKind.Characters,
    };
}
