using SequenceModels.Text;
using Xunit;

namespace SequenceModels.Tests.Text;

public class DigitFoldingTests
{
    [Fact]
    public void Numbers_that_look_alike_are_one_token_in_learning_and_in_looking_up()
    {
        SequenceTokenization digits = SequenceTokenization.Whitespace() with { NormalizeDigits = true };
        SequenceTokenization plain = SequenceTokenization.Whitespace();
        foreach ((SequenceTokenization tokenization, int expected) in new[] { (digits, 2), (plain, 3) })
        {
            var learner = new TokenizerLearner(tokenization);
            learner.Add("in 1984 in 2026");
            Assert.Equal(expected, learner.Seen);
        }
        Assert.Equal("٣-1".Length, new DigitFolding(true).Fold("٣-1").Length);
        Assert.Equal("0-0a", new DigitFolding(true).Fold("٣-1a").ToString());
        Assert.Equal("٣-1a", new DigitFolding(false).Fold("٣-1a").ToString());
    }

    [Fact]
    public void Subwords_are_not_of_digits()
    {
        SequenceTokenization subwords = SequenceTokenization.Subwords() with { NormalizeDigits = true };
        Assert.Contains("NormalizeDigits", Assert.Throws<ArgumentOutOfRangeException>(() => subwords.Validated()).Message,
            StringComparison.Ordinal);
    }
}
