using SequenceModels.Files;

namespace SequenceModels.Text;

/// <summary>Where a <see cref="Detokenizer"/> stands in a text: all that the text of the next tokens depends on.</summary>
/// <param name="Begun">Whether the text has a token.</param>
/// <param name="WordEnded">Whether the last token ended a word.</param>
/// <param name="Bytes">The first bytes of a character that is not complete, the last of them lowest.</param>
/// <param name="NumberOfBytes">How many: 0 to 3.</param>
internal readonly record struct DetokenizerState(bool Begun, bool WordEnded, uint Bytes, int NumberOfBytes)
{
    private const int MostBytes = 3;

    public void Write(PayloadWriter writer)
    {
        writer.Write(Begun);
        writer.Write(WordEnded);
        writer.Write(NumberOfBytes);
        writer.Write(Bytes);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static DetokenizerState Read(PayloadReader reader)
    {
        bool begun = reader.ReadBoolean(), wordEnded = reader.ReadBoolean();
        int count = reader.ReadInt32("the number of bytes of a character that is not complete", 0, MostBytes);
        return new DetokenizerState(begun, wordEnded, reader.ReadUInt32(), count);
    }
}
