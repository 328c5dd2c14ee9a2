using System.Text.Json;
using System.Text.Json.Serialization;
using SequenceModels.Benchmarks.Timing;

namespace SequenceModels.Benchmarks.Comparisons;

/// <summary>All rows measured on one machine; kept as a JSON file.</summary>
internal sealed record Report(Machine Machine, IReadOnlyList<Row> Rows)
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static Report Read(string path) => JsonSerializer.Deserialize<Report>(File.ReadAllText(path), s_json)!;

    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, s_json) + "\n");

    /// <summary>The same report with newer rows in the place of older ones of the same workload, or behind them.</summary>
    public Report With(IReadOnlyList<Row> newer)
    {
        static (string, string, int) Key(Row row) => (row.Section, row.Name, row.Threads);
        Dictionary<(string, string, int), Row> byKey = newer.ToDictionary(Key);
        List<Row> kept = [.. Rows.Select(row => byKey.Remove(Key(row), out Row? replacement) ? replacement : row)];
        return this with { Rows = [.. kept, .. newer.Where(row => byKey.ContainsKey(Key(row)))] };
    }
}
