using System.Text.Json;
using System.Text.Json.Serialization;

namespace SequenceModels.Benchmarks.Reports;

/// <summary>A list of figures, kept as a JSON file from one run to the next.</summary>
internal static class JsonFile
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true, Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>What the file has; nothing where there is none.</summary>
    public static IReadOnlyList<T> Read<T>(string path) => !File.Exists(path) ? []
        : JsonSerializer.Deserialize<IReadOnlyList<T>>(File.ReadAllText(path), s_options)!;

    public static void Write<T>(string path, IReadOnlyList<T> list) =>
        File.WriteAllText(path, JsonSerializer.Serialize(list, s_options) + "\n");
}
