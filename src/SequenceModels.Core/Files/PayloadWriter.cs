using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace SequenceModels.Files;

/// <summary>
/// Writes a body for <see cref="SealedPayload"/>. <see cref="PayloadReader"/> has a method for each of these that reads it again.
/// </summary>
internal sealed class PayloadWriter(Stream stream) : BinaryWriter(stream, Encoding.UTF8, leaveOpen: true)
{
    /// <summary>The text's length in bytes, and its bytes as <see cref="TextBytes"/> has them.</summary>
    public override void Write(string value)
    {
        byte[] bytes = TextBytes.Of(value);
        Write7BitEncodedInt(bytes.Length);
        Write(bytes);
    }

    /// <summary>A member of an enumeration, as its number.</summary>
    public void WriteEnum<TEnum>(TEnum value) where TEnum : struct, Enum =>
        Write(Convert.ToInt32(value, CultureInfo.InvariantCulture));

    /// <summary>Whether there is a value, and the value if there is.</summary>
    public void WriteOptional<T>(T? value, Action<PayloadWriter, T> write) where T : class
    {
        Write(value is not null);
        if (value is not null)
            write(this, value);
    }

    /// <summary>The number of items, and each of them.</summary>
    public void WriteArray<T>(IReadOnlyCollection<T> items, Action<PayloadWriter, T> write)
    {
        Write(items.Count);
        foreach (T item in items)
            write(this, item);
    }

    /// <inheritdoc cref="WriteArray{T}(IReadOnlyCollection{T}, Action{PayloadWriter, T})"/>
    public void WriteArray(IReadOnlyCollection<string> items) => WriteArray(items, (to, item) => to.Write(item));

    /// <inheritdoc cref="WriteArray{T}(IReadOnlyCollection{T}, Action{PayloadWriter, T})"/>
    public void WriteArray(IReadOnlyCollection<int> items) => WriteArray(items, (to, item) => to.Write(item));

    /// <inheritdoc cref="WriteArray{T}(IReadOnlyCollection{T}, Action{PayloadWriter, T})"/>
    public void WriteArray(IReadOnlyCollection<double> items) => WriteArray(items, (to, item) => to.Write(item));

    /// <inheritdoc cref="WriteArray{T}(IReadOnlyCollection{T}, Action{PayloadWriter, T})"/>
    public void WriteArray(ReadOnlySpan<float> items)
    {
        Write(items.Length);
        WriteSingles(items);
    }

    /// <summary>Numbers alone: whoever reads them knows how many they are.</summary>
    public void WriteSingles(ReadOnlySpan<float> values)
    {
        if (BitConverter.IsLittleEndian)
            Write(MemoryMarshal.AsBytes(values));
        else
            foreach (float value in values)
                Write(value);
    }

    /// <summary>A payload within the payload: its length, and its bytes.</summary>
    public void WriteBlock(ReadOnlySpan<byte> block)
    {
        Write(block.Length);
        Write(block);
    }
}
