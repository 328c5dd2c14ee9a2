using System.Buffers;
using Microsoft.ML.Tokenizers;
using SequenceModels.Files;

namespace SequenceModels.Text;

/// <summary>
/// A fitted tokenization, as a <see cref="Tokenizer"/> too: ids are keys, 1..V, 0 = unknown. Always normalises,
/// since the vocabulary was counted on normalised texts; offsets are those in the text as it was given.
/// </summary>
/// <param name="tokenization">What was fitted.</param>
/// <param name="vocabulary">The keys' tokens, special ones first.</param>
/// <param name="model">What cuts the texts, where that is more than looking words up in the vocabulary.</param>
internal sealed class SequenceTokenizer(SequenceTokenization tokenization, Vocabulary vocabulary, TokenizerModel? model = null)
    : Tokenizer
{
    public SequenceTokenization Tokenization { get; } = tokenization;

    public Vocabulary Vocabulary { get; } = vocabulary;

    /// <summary>How keys become a text again.</summary>
    public Detokenization Detokenization { get; } = new(
        model?.Detokenization ?? tokenization.Kind switch
        {
            TokenKind.Characters => DetokenizationKind.Characters,
            TokenKind.CodePoints => DetokenizationKind.CodePoints,
            _ => DetokenizationKind.Words,
        },
        tokenization.NumberOfSpecialTokens);

    /// <summary>Of tokens that come from files, or from merges that were learned.</summary>
    public static SequenceTokenizer Create(SequenceTokenization tokenization, TokenizerModel model) =>
        new(tokenization, new Vocabulary(tokenization.StartToken, tokenization.EndToken, model.Tokens), model);

    /// <exception cref="NotSupportedException">The tokenizer is the user's.</exception>
    public void Write(PayloadWriter writer)
    {
        if (Tokenization.Kind == TokenKind.Tokenizer)
            throw new NotSupportedException(
                $"A {Tokenization.Tokenizer!.GetType().Name} given to " +
                $"{nameof(SequenceTokenization)}.{nameof(SequenceTokenization.From)} " +
                "cannot be saved. Make the tokenization of the tokenizer's files instead, whose content is saved with the " +
                "model: " +
                $"{nameof(SequenceTokenization)}.{nameof(SequenceTokenization.BytePair)}, " +
                $".{nameof(SequenceTokenization.WordPiece)} or " +
                $".{nameof(SequenceTokenization.SentencePiece)}.");
        Tokenization.Write(writer);
        if (Tokenization.Kind == TokenKind.Subwords)
            model!.Merges!.Write(writer);
        else if (!Tokenization.IsComplete)
            Vocabulary.Write(writer);
    }

    public static SequenceTokenizer Read(PayloadReader reader)
    {
        SequenceTokenization tokenization = SequenceTokenization.Read(reader);
        try
        {
            if (tokenization.Kind == TokenKind.Subwords)
                return FromMerges(tokenization, BytePairMerges.Read(reader));
            return tokenization.IsComplete
                ? Create(tokenization, tokenization.Files!.Load())
                : new SequenceTokenizer(tokenization, Vocabulary.Read(reader, tokenization.StartToken, tokenization.EndToken));
        }
        catch (InvalidDataException error) when (tokenization.IsComplete)
        {
            throw reader.Invalid(error.Message);
        }
    }

    /// <summary>Of merges that were learned.</summary>
    public static SequenceTokenizer FromMerges(SequenceTokenization tokenization, BytePairMerges merges) =>
        Create(tokenization, new TokenizerModel(merges.Tokens, DetokenizationKind.Bytes) { Merges = merges });

    /// <summary>What each cursor needs to encode; the tokenizer itself is safe to share.</summary>
    public TextEncoder CreateEncoder() => model switch
    {
        null => new VocabularyEncoder(Tokenization.Kind, Tokenization.Lowercase, Tokenization.NormalizeDigits,
            Vocabulary),
        { Merges: { } merges } => new BytePairEncoder(merges, Tokenization.Kind, Tokenization.Lowercase, Vocabulary),
        { Pieces: { } pieces } => new SentencePieceEncoder(pieces, Tokenization.Lowercase, Vocabulary),
        _ => new TokenizerEncoder(model, TextPreparation.For(Tokenization.Kind, Tokenization.Lowercase), Vocabulary),
    };

    /// <summary>Makes texts of keys again, one for each text at a time.</summary>
    public Detokenizer CreateDetokenizer() => new(Detokenization, Vocabulary.Tokens);

    /// <summary>Encodes a text into keys, replacing what <paramref name="keys"/> and <paramref name="offsets"/> held.</summary>
    public void Encode(ReadOnlySpan<char> text, TextEncoder encoder, List<uint> keys, List<TokenOffset>? offsets = null)
    {
        Begin(keys, offsets);
        encoder.Encode(text, Room - keys.Count, keys, offsets);
        End(keys, offsets);
    }

    /// <summary>
    /// Encodes tokens that were cut elsewhere: they are normalised, not cut again. One key each, so an empty one is unknown.
    /// </summary>
    public void Encode(ReadOnlySpan<ReadOnlyMemory<char>> tokens, TextEncoder encoder, List<uint> keys)
    {
        Begin(keys, null);
        foreach (ReadOnlyMemory<char> token in tokens[..Math.Min(tokens.Length, Room - keys.Count)])
            keys.Add(encoder.Find(token.Span));
        End(keys, null);
    }

    /// <summary>
    /// The keys of a text to be continued: with the start token, if there is one, without an end token, and not cut.
    /// </summary>
    public List<uint> EncodePrompt(string text)
    {
        var keys = new List<uint>();
        Begin(keys, null);
        CreateEncoder().Encode(text, int.MaxValue, keys, null);
        return keys;
    }

    /// <inheritdoc/>
    public override OperationStatus Decode(IEnumerable<int> ids, Span<char> destination, out int idsConsumed,
        out int charsWritten)
    {
        (idsConsumed, charsWritten) = (0, 0);
        Detokenizer detokenizer = CreateDetokenizer();
        foreach (int id in ids)
        {
            if (id < 0 || id > Vocabulary.Tokens.Count)
                return OperationStatus.InvalidData;
            if (!TryWrite(detokenizer.Append((uint)id), destination, ref charsWritten))
                return OperationStatus.DestinationTooSmall;
            idsConsumed++;
        }

        return TryWrite(detokenizer.Finish(), destination, ref charsWritten)
            ? OperationStatus.Done : OperationStatus.DestinationTooSmall;
    }

    /// <inheritdoc/>
    protected override EncodeResults<EncodedToken> EncodeToTokens(string? text, ReadOnlySpan<char> textSpan,
        EncodeSettings settings)
    {
        ReadOnlySpan<char> given = text is null ? textSpan : text;
        var keys = new List<uint>();
        var offsets = new List<TokenOffset>();
        Encode(given, CreateEncoder(), keys, offsets);
        int count = Math.Min(keys.Count, settings.MaxTokenCount);
        var tokens = new List<EncodedToken>(count);
        for (int i = 0; i < count; i++)
            tokens.Add(new((int)keys[i], keys[i] > 0 ? Vocabulary.Tokens[(int)keys[i] - 1]
                : given.Slice(offsets[i].Start, offsets[i].Length).ToString(),
                offsets[i].Start..offsets[i].End));
        int consumed = count == keys.Count ? given.Length : count == 0 ? 0 : offsets[count - 1].End;
        return new() { Tokens = tokens, CharsConsumed = consumed };
    }

    private static bool TryWrite(string piece, Span<char> destination, ref int written)
    {
        if (!piece.TryCopyTo(destination[written..]))
            return false;
        written += piece.Length;
        return true;
    }

    /// <summary>How many keys there may be before the end token.</summary>
    private int Room =>
        Tokenization.MaximumLength == 0 ? int.MaxValue : Tokenization.MaximumLength - (Tokenization.EndToken ? 1 : 0);

    private void Begin(List<uint> keys, List<TokenOffset>? offsets)
    {
        keys.Clear();
        offsets?.Clear();
        if (Vocabulary.StartKey == 0)
            return;
        keys.Add(Vocabulary.StartKey);
        offsets?.Add(default);
    }

    private void End(List<uint> keys, List<TokenOffset>? offsets)
    {
        if (Vocabulary.EndKey == 0)
            return;
        keys.Add(Vocabulary.EndKey);
        offsets?.Add(new(offsets.Count > 0 ? offsets[^1].End : 0, 0));
    }
}
