using Xunit;

namespace SequenceModels.Tests;

public class CountedTests
{
    [Theory]
    [InlineData(0, "row", "0 rows")]
    [InlineData(1, "row", "1 row")]
    [InlineData(-1, "step", "-1 steps")]
    [InlineData(2, "class", "2 classes")]
    [InlineData(1, "class", "1 class")]
    public void A_noun_agrees_with_its_count(long count, string noun, string text) => Assert.Equal(text, Counted.Of(count, noun));
}
