using SequenceModels.Files;
using SequenceModels.Text;

namespace SequenceModels;

// As part of a model file.
public sealed partial record SequenceTokenization
{
    internal void Write(PayloadWriter writer)
    {
        writer.WriteEnum(Kind);
        writer.Write(MaximumVocabularySize);
        writer.Write(MinimumCount);
        writer.Write(Lowercase);
        writer.Write(NormalizeDigits);
        writer.Write(StartToken);
        writer.Write(EndToken);
        writer.Write(MaximumLength);
        Files?.Write(writer);
    }

    internal static SequenceTokenization Read(PayloadReader reader)
    {
        TokenKind kind = reader.ReadEnum<TokenKind>("kind of token");
        if (kind == TokenKind.Tokenizer)
            throw reader.Invalid("it names a tokenizer that no file can hold");
        var read = new SequenceTokenization(kind == TokenKind.CodePoints ? TokenKind.Characters : kind)
        {
            Decomposed = kind == TokenKind.CodePoints,
            MaximumVocabularySize = reader.ReadInt32(),
            MinimumCount = reader.ReadInt32(),
            Lowercase = reader.ReadBoolean(),
            NormalizeDigits = reader.ReadBoolean(),
            StartToken = reader.ReadBoolean(),
            EndToken = reader.ReadBoolean(),
            MaximumLength = reader.ReadInt32(),
            Files = kind is TokenKind.BytePair or TokenKind.WordPiece or TokenKind.SentencePiece
                ? TokenizerFiles.Read(reader, kind) : null,
        };
        try
        {
            return read.Validated();
        }
        catch (ArgumentOutOfRangeException error)
        {
            throw reader.Invalid(error.Message);
        }
    }
}
