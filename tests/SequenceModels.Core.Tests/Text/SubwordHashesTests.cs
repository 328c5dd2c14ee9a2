using SequenceModels.Text;
using Xunit;

namespace SequenceModels.Tests.Text;

public class SubwordHashesTests
{
    private const int Buckets = 1 << 24;

    [Fact]
    public void The_subwords_of_a_word_are_itself_and_its_runs_of_3_to_6_characters_and_marks()
    {
        Assert.Equal(2, Of("a").Length); // a, <a>
        Assert.Equal(4, Of("ab").Length); // ab, <ab, ab>, <ab>
        Assert.Equal(1 + 5 + 4 + 3 + 2, Of("where").Length); // <where>
        Assert.Equal(1 + 10 + 9 + 8 + 7, Of("0123456789").Length);
        Assert.Empty(Of(""));
    }

    [Fact]
    public void Words_share_the_subwords_that_they_have_in_common()
    {
        Assert.Equal(6, Shared("where", "there")); // her, here, here>, ere, ere>, re>
        Assert.Equal(1, Shared("her", "where")); // the run her, but not the word her
        Assert.Equal(0, Shared("her", "him"));

        static int Shared(string a, string b) => Of(a).Intersect(Of(b)).Count();
    }

    /// <summary>What a word looks like decides, not how it is written; marks are no characters.</summary>
    [Fact]
    public void Words_that_look_alike_have_the_same_subwords()
    {
        Assert.Equal(Of("bé"), Of("be\u0301"));
        Assert.Equal(Of("bé"), Of("\ufeffbe\u00ad\u0301\u200b"));
        Assert.NotEqual(Of("Her"), Of("her"));
        Assert.Equal(4, Of("👨語").Length); // two characters
        Assert.Empty(Of("<ab>").Intersect(Of("ab")));
        Assert.NotEmpty(Of("\ud83d"));
    }

    /// <summary>Files depend on them: these numbers never change, whatever the process or the machine.</summary>
    [Fact]
    public void The_buckets_are_always_the_same()
    {
        Assert.Equal([12560717u, 12907789, 8877635, 15130381, 6360247, 5739133, 13825577], Of("her"));
        Assert.Equal([15796713u, 9368139, 3254824, 8915891], Of("한국"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Every_bucket_is_used_and_none_beyond(int buckets)
    {
        var random = new Random(1);
        var used = new HashSet<uint>();
        var hashes = new SubwordHashes(buckets);
        List<uint> keys = [];
        for (int i = 0; i < 2000; i++)
        {
            hashes.Find(InvariantText.Of(random.Next(100_000)), keys);
            used.UnionWith(keys);
        }
        Assert.Equal(Enumerable.Range(1, buckets).Select(bucket => (uint)bucket), used.Order());
        Assert.Equal(buckets, hashes.Count);
    }

    private static uint[] Of(string word)
    {
        List<uint> keys = [9];
        new SubwordHashes(Buckets).Find(word, keys);
        return [.. keys];
    }
}
