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

    /// <summary>
    /// The same report with newer rows in the place of older ones of the same workload, all in the order in which they are measured.
    /// </summary>
    public Report With(IReadOnlyList<Row> newer)
    {
        static (string, string, int) Key(Row row) => (row.Section, row.Name, row.Threads);
        List<(string, string)> order = [.. Section.All.SelectMany(section => section.MeasuredOn.Select(workload =>
            (section.Name, workload.Name)))];
        return this with
        {
            Rows = [.. newer.Concat(Rows).DistinctBy(Key).OrderBy(row => order.IndexOf((row.Section, row.Name))).ThenBy(row =>
                row.Threads)],
        };
    }
}
