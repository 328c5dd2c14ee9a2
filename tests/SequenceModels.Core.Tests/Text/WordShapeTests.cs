using SequenceModels.Text;
using Xunit;

namespace SequenceModels.Tests.Text;

public class WordShapeTests
{
    [Theory]
    [InlineData("Paris Rome Øre")]
    [InlineData("NASA WHO")]
    [InlineData("I A")]
    [InlineData("3-1 2-0")]
    [InlineData("word ab")]
    [InlineData("McDonald McGuire DeGroot")]
    [InlineData("http://ab.c https://www.de")]
    [InlineData("! ?")]
    [InlineData("... !!")]
    public void Words_that_look_alike_have_one_shape(string words) =>
        Assert.Single(words.Split(' ').Select(word => WordShape.Of(word)).Distinct());

    [Fact]
    public void Others_have_shapes_of_their_own()
    {
        string[] words = ["Paris", "NASA", "I", "word", "a", "3-1", "1984", "7", "McDonald", "iPhone", "!", "...",
            "A1", "a1-b", "U.S.", "x-y"];
        uint[] shapes = [.. words.Select(word => WordShape.Of(word))];
        Assert.Equal(words.Length, shapes.Distinct().Count());
        Assert.All(shapes, shape => Assert.InRange(shape, 1u, (uint)WordShape.Count));
        Assert.Equal(0u, WordShape.Of(""));
    }
}
