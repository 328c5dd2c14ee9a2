using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SequenceModels.Files;

/// <summary>Texts in an order, as a JSON array.</summary>
internal static class JsonTexts
{
    /// <summary>As people write it: é stands for itself.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(IEnumerable<string> texts)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Options))
        {
            writer.WriteStartArray();
            foreach (string text in texts)
                writer.WriteStringValue(text);
            writer.WriteEndArray();
        }
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
