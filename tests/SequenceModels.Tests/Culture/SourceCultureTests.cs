using Microsoft.CodeAnalysis.CSharp;
using SequenceModels.Tests.Sources;
using Xunit;

namespace SequenceModels.Tests.Culture;

public sealed class SourceCultureTests
{
    [Fact]
    public void No_text_number_or_order_of_the_library_follows_the_culture_of_the_thread()
    {
        CSharpCompilation sources = SourceCompilation.Library;
        // InvariantText is what the others are mended with.
        CultureFinding[] found =
            [.. CultureFinder.In(sources).Where(place => Path.GetFileName(place.Node.SyntaxTree.FilePath) != "InvariantText.cs")];
        Assert.True(found.Length == 0, $"{found.Length} places:\n{string.Join('\n', found.AsEnumerable())}");
    }

    [Theory]
    [InlineData("string Text(int n) => $\"{n}\";", "Interpolation")]
    [InlineData("string Text(int? n) => $\"a\" + $\"{n}\";", "Interpolation")]
    [InlineData("string Text<T>(T value) => Invariant($\"{value}\");", "Date")]
    [InlineData("string Text(DateTime day) => Invariant($\"{day}\");", "Date")]
    [InlineData("string Text(DateTime day) => Invariant($\"{day:d}\");", "Date")]
    [InlineData("string Text((int, string) pair) => $\"{pair}\";", "Interpolation")]
    [InlineData("bool Text(int n, Span<char> to) => MemoryExtensions.TryWrite(to, $\"{n}\", out _);", "Interpolation")]
    [InlineData("string Text(double n) => n.ToString();", "ToText")]
    [InlineData("string? Text(double? n) => n?.ToString(\"F2\");", "ToText")]
    [InlineData("string Text(decimal n) => \"a\" + n;", "Concatenation")]
    [InlineData("string Text(int[] all) => string.Join(' ', all);", "Writing")]
    [InlineData("string Text(long n) => string.Format(\"{0}\", n);", "Writing")]
    [InlineData("void Text(System.Text.StringBuilder to, float n) => to.Append(n);", "Writing")]
    [InlineData("void Text(System.Text.StringBuilder to, float n) => to.Append($\"{n}\");", "Interpolation")]
    [InlineData("void Text(TextWriter to, System.Numerics.BigInteger n) => to.WriteLine(n);", "Writing")]
    [InlineData("float Read(string text) => float.Parse(text);", "Parsing")]
    [InlineData("bool Read(string text) => DateTime.TryParse(text, out _);", "Parsing")]
    [InlineData("double Read(string text) => Convert.ToDouble(text);", "Parsing")]
    [InlineData("string Text(int n) => Convert.ToString(n);", "Parsing")]
    [InlineData("bool Has(string text) => text.StartsWith(\"a\");", "Comparison")]
    [InlineData("string Case(string text) => text.ToUpper();", "Comparison")]
    [InlineData("char Case(char c) => char.ToLower(c);", "Comparison")]
    [InlineData("object Sorted(string[] all) => all.Order();", "Comparison")]
    [InlineData("object Sorted(string[] all) => all.OrderBy(text => (text, 1));", "Comparison")]
    [InlineData("object Sorted() => new SortedDictionary<string, int>();", "Comparison")]
    [InlineData("bool Same(string a, string b) => a.Equals(b, StringComparison.CurrentCulture);", "Comparison")]
    [InlineData("Exception Invalid(int n) => new ArgumentOutOfRangeException(nameof(n), n, \"\");", "Exception")]
    [InlineData("void Invalid(int n) => ArgumentOutOfRangeException.ThrowIfNegative(n);", "Exception")]
    [InlineData("public record Seen(float Share);", "Record")]
    public void What_follows_the_culture_is_found(string code, string use) => Assert.Equal([use], UsesIn(code));

    [Theory]
    [InlineData("string Text(string s, char c, bool b, DayOfWeek day, Guid id) => $\"{s}{c}{b}{day}{id}\";")]
    [InlineData("string Text(int n) => Invariant($\"{n}\");")]
    [InlineData("string Text(int n) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $\"a\" + $\"{n}\");")]
    [InlineData("string Text(DateTime day) => Invariant($\"{day:yyyy-MM-dd}\");")]
    [InlineData("string Text(double n) => n.ToString(System.Globalization.CultureInfo.InvariantCulture);")]
    [InlineData("string Text(DayOfWeek day) => day.ToString() + day;")]
    [InlineData("bool Has(string text) => text.StartsWith('a') && text.Contains(\"b\") && text.EndsWith(\"c\", " +
        "StringComparison.Ordinal);")]
    [InlineData("object Sorted(string[] all) => all.Order(StringComparer.Ordinal).OrderBy(text => text.Length).Max(text => " +
        "text.Length);")]
    [InlineData("public record Seen(string Name);")]
    [InlineData("public record Seen(float Share) { public override string ToString() => \"\"; }")]
    public void What_follows_no_culture_is_not_found(string code) => Assert.Empty(UsesIn(code));

    private static string[] UsesIn(string code) =>
        [.. CultureFinder.In(SourceCompilation.OfMembers(code)).Select(found => found.Use.ToString())];
}
