using System.Buffers;
using Microsoft.ML.Tokenizers;

namespace SequenceModels.Sequences;

/// <summary>
/// A fitted tokenization as a <see cref="Tokenizer"/>: ids are keys, 1..V, 0 = unknown. Always normalises, since the vocabulary
/// was counted on normalised texts; offsets are those in the normalised text.
/// </summary>
internal sealed class SequenceTokenizer(SequenceTokenization tokenization, Vocabulary vocabulary) : Tokenizer
{
    private const string UnknownText = "\ufffd";

    public SequenceTokenization Tokenization { get; } = tokenization;

    public Vocabulary Vocabulary { get; } = vocabulary;

    public void Write(BinaryWriter writer)
    {
        Tokenization.Write(writer);
        Vocabulary.Write(writer);
    }

    public static SequenceTokenizer Read(PayloadReader reader)
    {
        SequenceTokenization tokenization = SequenceTokenization.Read(reader);
        return new SequenceTokenizer(tokenization, Vocabulary.Read(reader, tokenization.StartToken, tokenization.EndToken));
    }

    /// <summary>What each cursor needs to encode; the tokenizer itself is safe to share.</summary>
    public TextPreparation CreatePreparation() => new(Tokenization.Kind, Tokenization.Lowercase);

    /// <summary>Encodes a text into keys, replacing what <paramref name="keys"/> held.</summary>
    public void Encode(ReadOnlySpan<char> text, TextPreparation preparation, List<uint> keys)
    {
        Begin(keys);
        var ranges = new TokenRanges(preparation.Prepare(text), Tokenization.Kind);
        while (keys.Count < Room && ranges.MoveNext())
            keys.Add(Vocabulary.Find(ranges.Current));
        End(keys);
    }

    /// <summary>Encodes tokens that were cut elsewhere: they are normalised, not cut again. One key each, so an empty one is unknown.</summary>
    public void Encode(ReadOnlySpan<ReadOnlyMemory<char>> tokens, TextPreparation preparation, List<uint> keys)
    {
        Begin(keys);
        foreach (ReadOnlyMemory<char> token in tokens[..Math.Min(tokens.Length, Room - keys.Count)])
            keys.Add(Vocabulary.Find(preparation.Prepare(token.Span)));
        End(keys);
    }

    /// <inheritdoc/>
    public override OperationStatus Decode(IEnumerable<int> ids, Span<char> destination, out int idsConsumed, out int charsWritten)
    {
        (idsConsumed, charsWritten) = (0, 0);
        bool spaced = Tokenization.Kind != TokenKind.Characters;
        foreach (int id in ids)
        {
            if (id < 0 || id > Vocabulary.Tokens.Count)
                return OperationStatus.InvalidData;
            bool special = id > 0 && id <= Tokenization.NumberOfSpecialTokens;
            string token = special ? "" : id == 0 ? UnknownText : Vocabulary.Tokens[id - 1];
            string piece = spaced && !special && charsWritten > 0 ? " " + token : token;
            if (!piece.TryCopyTo(destination[charsWritten..]))
                return OperationStatus.DestinationTooSmall;
            charsWritten += piece.Length;
            idsConsumed++;
        }

        return OperationStatus.Done;
    }

    /// <inheritdoc/>
    protected override EncodeResults<EncodedToken> EncodeToTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        string prepared = CreatePreparation().Prepare(text is null ? textSpan : text).ToString();
        var tokens = new List<EncodedToken>();
        if (Vocabulary.StartKey > 0)
            tokens.Add(new((int)Vocabulary.StartKey, Vocabulary.StartText, ..0));
        var ranges = new TokenRanges(prepared, Tokenization.Kind);
        int end = 0;
        while (tokens.Count < Room && ranges.MoveNext())
        {
            end = ranges.Start + ranges.Length;
            tokens.Add(new((int)Vocabulary.Find(ranges.Current), ranges.Current.ToString(), ranges.Start..end));
        }

        if (Vocabulary.EndKey > 0)
            tokens.Add(new((int)Vocabulary.EndKey, Vocabulary.EndText, end..end));
        bool cut = tokens.Count > settings.MaxTokenCount;
        if (cut)
            tokens.RemoveRange(settings.MaxTokenCount, tokens.Count - settings.MaxTokenCount);
        return new()
        {
            Tokens = tokens,
            NormalizedText = prepared,
            CharsConsumed = !cut ? prepared.Length : tokens.Count == 0 ? 0 : tokens[^1].Offset.End.Value,
        };
    }

    /// <summary>How many keys there may be before the end token.</summary>
    private int Room => Tokenization.MaximumLength == 0 ? int.MaxValue : Tokenization.MaximumLength - (Tokenization.EndToken ? 1 : 0);

    private void Begin(List<uint> keys)
    {
        keys.Clear();
        if (Vocabulary.StartKey > 0)
            keys.Add(Vocabulary.StartKey);
    }

    private void End(List<uint> keys)
    {
        if (Vocabulary.EndKey > 0)
            keys.Add(Vocabulary.EndKey);
    }
}
