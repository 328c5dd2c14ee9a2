using System.Text;

namespace SequenceModels.Files;

/// <summary>Writes a body for <see cref="SealedPayload"/>. <see cref="PayloadReader"/> gives every text back as it was.</summary>
internal sealed class PayloadWriter(Stream stream) : BinaryWriter(stream, Encoding.UTF8, leaveOpen: true)
{
    /// <summary>A text after its length in bytes, as <see cref="TextBytes"/> has it.</summary>
    public override void Write(string value)
    {
        byte[] bytes = TextBytes.Of(value);
        Write7BitEncodedInt(bytes.Length);
        Write(bytes);
    }
}
