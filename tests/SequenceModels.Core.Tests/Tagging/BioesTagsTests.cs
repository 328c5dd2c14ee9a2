using SequenceModels.Tagging;
using Xunit;

namespace SequenceModels.Tests.Tagging;

public class BioesTagsTests
{
    private static readonly string[] s_names = ["O", "B-x", "I-x", "B-y", "PAD"];
    private static readonly BioesTags s_tags = TagScheme.Of(s_names).AsBioes()!;

    [Fact]
    public void Ends_of_spans_and_spans_of_one_get_tags_of_their_own()
    {
        Assert.Equal(["O", "B-x", "S-x", "I-x", "E-x", "S-y", "PAD"], s_tags.Names);
        Assert.Equal(["O", "B-x", "I-x", "E-x", "S-y", "S-x", "B-x", "E-x", "PAD", "S-x"],
            Encoded("O B-x I-x I-x B-y B-x B-x I-x PAD B-x"));
        Assert.Equal(TaggingScheme.Bioes, TagScheme.Of(s_tags.Names).Kind);
    }

    [Fact]
    public void Learned_tags_become_the_given_ones_again()
    {
        foreach (string given in new[] { "O", "B-x", "B-x I-x", "B-y B-x I-x I-x PAD B-y B-y", "" })
        {
            float[] labels = Labels(given);
            Assert.Null(s_tags.Encode(labels));
            Assert.Equal(given, string.Join(' ', labels.Select(label => s_names[s_tags.Decode((int)label)])));
        }
        float[] scores = new float[2 * s_names.Length];
        s_tags.Decode([.. Enumerable.Range(0, 14).Select(i => (float)i)], scores);
        Assert.Equal([0, 1 + 2, 3 + 4, 5, 6, 7, 8 + 9, 10 + 11, 12, 13], scores);
    }

    [Theory]
    [InlineData("I-x", 0)]
    [InlineData("B-x O I-x", 2)]
    [InlineData("O B-y I-x", 2)]
    public void A_span_that_begins_with_I_is_no_BIO(string given, int step) => Assert.Equal(step, s_tags.Encode(Labels(given)));

    [Fact]
    public void A_missing_tag_stays_missing_and_may_begin_a_span()
    {
        float[] labels = [float.NaN, 2, 1, float.NaN];
        Assert.Null(s_tags.Encode(labels));
        Assert.Equal([float.NaN, 4, 2, float.NaN], labels);
    }

    [Theory]
    [InlineData("per-b per-i o", "per-b per-s per-i per-e o")]
    [InlineData("B I O", "B S I E O")]
    public void Names_keep_their_spelling(string given, string learned) =>
        Assert.Equal(learned.Split(' '), TagScheme.Of(given.Split(' ')).AsBioes()!.Names);

    [Theory]
    [InlineData("NOUN VERB")]
    [InlineData("O I-x")]
    [InlineData("O B-x I-x E-x S-x")]
    [InlineData("O I-x B-y I-y")]
    public void Tags_of_no_or_another_scheme_are_not_encoded(string names) =>
        Assert.Null(TagScheme.Of(names.Split(' ')).AsBioes());

    private static float[] Labels(string tags) =>
        [.. tags.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(tag => (float)Array.IndexOf(s_names, tag))];

    private static IEnumerable<string> Encoded(string tags)
    {
        float[] labels = Labels(tags);
        Assert.Null(s_tags.Encode(labels));
        return labels.Select(label => s_tags.Names[(int)label]);
    }
}
