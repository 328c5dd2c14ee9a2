using SequenceModels.Files;
using SequenceModels.Text;
using Xunit;

namespace SequenceModels.Tests.Sequences;

public class VocabularyTests
{
    [Fact]
    public void Tokens_stand_by_count_then_by_ordinal_text()
    {
        string[] tokens = ["b", "a", "B", "c", "c", "\ud55c", "b", "b", "Z"];
        Assert.Equal(["b", "c", "B", "Z", "a", "\ud55c"], Count(tokens).MostFrequent(0, 1));
        Array.Reverse(tokens);
        Assert.Equal(["b", "c", "B", "Z", "a", "\ud55c"], Count(tokens).MostFrequent(0, 1));
    }

    [Fact]
    public void Rare_tokens_and_those_above_the_limit_are_left_out()
    {
        TokenCounts counts = Count("a", "a", "a", "b", "b", "c", "d", "d");
        Assert.Equal(["a", "b", "d"], counts.MostFrequent(0, 2));
        Assert.Equal(["a", "b"], counts.MostFrequent(2, 1));
        Assert.Equal(["a"], counts.MostFrequent(5, 3));
    }

    [Theory]
    [InlineData(false, false, 0, 0, 1)]
    [InlineData(true, false, 1, 0, 2)]
    [InlineData(false, true, 0, 1, 2)]
    [InlineData(true, true, 1, 2, 3)]
    public void Special_tokens_take_the_first_keys(bool start, bool end, uint startKey, uint endKey, uint first)
    {
        var vocabulary = new Vocabulary(start, end, ["x", "<s>", "</s>"]);
        Assert.Equal((startKey, endKey, first), (vocabulary.StartKey, vocabulary.EndKey, vocabulary.Find("x")));
        Assert.Equal((first + 1, first + 2), (vocabulary.Find("<s>"), vocabulary.Find("</s>")));
        Assert.Equal("x", vocabulary.Tokens[(int)first - 1]);
        Assert.Equal(0u, vocabulary.Find("y"));
    }

    [Fact]
    public void It_survives_being_written()
    {
        var vocabulary = new Vocabulary(true, true, ["\ud55c", "a b", "<s>", ""]);
        Vocabulary read = RoundTrip(vocabulary.Write);
        Assert.Equal(vocabulary.Tokens, read.Tokens);
        Assert.Equal((1u, 2u, 5u, 0u), (read.StartKey, read.EndKey, read.Find("<s>"), read.Find("</s>")));
    }

    [Fact]
    public void A_claim_of_more_tokens_than_there_are_bytes_is_refused_before_memory_is_taken()
    {
        var error = Assert.Throws<InvalidDataException>(() => RoundTrip(writer =>
        {
            writer.Write(int.MaxValue);
            writer.Write("a");
        }));
        Assert.Contains("the number of tokens", error.Message);
    }

    [Fact]
    public void An_empty_vocabulary_is_refused() =>
        Assert.Contains("empty", Assert.Throws<InvalidDataException>(() => RoundTrip(writer => writer.Write(0))).Message);

    [Fact]
    public void A_token_that_stands_twice_is_refused()
    {
        var error = Assert.Throws<InvalidDataException>(() => RoundTrip(writer =>
        {
            writer.Write(2);
            writer.Write("a");
            writer.Write("a");
        }));
        Assert.Contains("'a'", error.Message);
    }

    private static Vocabulary RoundTrip(Action<PayloadWriter> write)
    {
        using var stream = new MemoryStream();
        SealedPayload.Write(stream, "SEQTESTS", 1, write);
        stream.Position = 0;
        return SealedPayload.Read(stream, "SEQTESTS", 1, reader => Vocabulary.Read(reader, true, true));
    }

    private static TokenCounts Count(params string[] tokens)
    {
        var counts = new TokenCounts();
        foreach (string token in tokens)
            counts.Add(token);
        return counts;
    }
}
