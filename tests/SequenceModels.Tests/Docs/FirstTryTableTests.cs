using System.Globalization;
using System.Text.Json;
using Xunit;

namespace SequenceModels.Tests.Docs;

/// <summary>The readmes show the accuracies that were measured, and all of them.</summary>
public class FirstTryTableTests
{
    private static readonly string[] s_models = ["ours", "textlstm", "sdca", "lightgbm"];

    [Theory]
    [InlineData("README.md")]
    [InlineData("README.ko.md")]
    public void Each_set_has_its_line(string readme)
    {
        string text = File.ReadAllText(Repository.PathOf(readme));
        using var results = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("docs", "benchmarks", "firsttry.json")));
        var sets = results.RootElement.EnumerateArray().GroupBy(result => result.GetProperty("set").GetString()!).ToList();
        Assert.InRange(sets.Count, 10, 100);
        foreach (IGrouping<string, JsonElement> set in sets)
        {
            IEnumerable<string> accuracies = s_models.Select(model =>
                set.Where(result => result.GetProperty("model").GetString() == model).Select(Percent).SingleOrDefault("-"));
            string rows = set.First().GetProperty("trainRows").GetInt32().ToString("N0", CultureInfo.InvariantCulture);
            Assert.Contains($"| {set.Key} | {rows} | {string.Join(" | ", accuracies)} |\n", text, StringComparison.Ordinal);
        }
    }

    private static string Percent(JsonElement result) => (100 * result.GetProperty("seeds").EnumerateArray()
        .Average(seed => seed.GetProperty("accuracy").GetDouble())).ToString("F1", CultureInfo.InvariantCulture);
}
