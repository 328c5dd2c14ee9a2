using SequenceModels.Heads;
using SequenceModels.Tagging;
using Xunit;

namespace SequenceModels.Tests.Tagging;

public class TagSchemeTests
{
    [Theory]
    [InlineData("O B-PER I-PER B-LOC I-LOC", TaggingScheme.Bio, "PER LOC")]
    [InlineData("I-PER B-PER", TaggingScheme.Bio, "PER")]
    [InlineData("B-first-name O", TaggingScheme.Bio, "first-name")]
    [InlineData("B I O", TaggingScheme.Bio, "_")]
    [InlineData("O B-PER I-PER E-PER S-PER", TaggingScheme.Bioes, "PER")]
    [InlineData("S-LOC O B-PER E-PER", TaggingScheme.Bioes, "LOC PER")]
    [InlineData("B I E S", TaggingScheme.Bioes, "_")]
    [InlineData("O I-PER I-LOC", TaggingScheme.IO, "PER LOC")]
    [InlineData("I O", TaggingScheme.IO, "_")]
    [InlineData("O", TaggingScheme.None, "O")]
    [InlineData("NN VB O", TaggingScheme.None, "NN VB O")]
    [InlineData("NOUN VERB X", TaggingScheme.None, "NOUN VERB X")]
    [InlineData("a b e i l m n o s u v", TaggingScheme.None, "a b e i l m n o s u v")] // parts of speech by letters
    [InlineData("S E O", TaggingScheme.None, "S E O")]
    [InlineData("B- O", TaggingScheme.None, "B- O")]
    [InlineData("O I-PER I-ORG B-ORG", TaggingScheme.Iob1, "PER ORG")]
    [InlineData("B-A L-A U-A O", TaggingScheme.Bilou, "A")]
    [InlineData("O U-place", TaggingScheme.Bilou, "place")]
    [InlineData("B-A M-A E-A S-A", TaggingScheme.Bmes, "A")]
    [InlineData("B M E S", TaggingScheme.Bmes, "_")]
    [InlineData("B-A M-A E-A O", TaggingScheme.Bmes, "A")]
    [InlineData("B-A M-A E-A W-A O", TaggingScheme.Bmes, "A")]
    [InlineData("S-LOC O", TaggingScheme.Bioes, "LOC")]
    [InlineData("b-per i-per o", TaggingScheme.Bio, "per")]
    [InlineData("B_PER I_PER O", TaggingScheme.Bio, "PER")]
    [InlineData("B-work_of_art I-work_of_art O", TaggingScheme.Bio, "work_of_art")]
    [InlineData("org-B org-I O", TaggingScheme.Bio, "org")]
    [InlineData("first-name-B first-name-I O", TaggingScheme.Bio, "first-name")]
    [InlineData("org_B org_L org_U O", TaggingScheme.Bilou, "org")]
    [InlineData("B-I I-I O", TaggingScheme.Bio, "I")]
    public void Names_tell_the_scheme_and_the_types(string names, TaggingScheme scheme, string types)
    {
        TagScheme found = TagScheme.Of(names.Split(' '));
        Assert.Equal(scheme, found.Kind);
        Assert.Equal(types.Split(' '), found.Types);
    }

    /// <summary>
    /// Over all sequences of up to five tags: allowed are exactly those that spans and O make up, one after the other.
    /// </summary>
    [Theory]
    [InlineData("O B-X I-X B-Y I-Y",
        "O|B-X|B-X I-X|B-X I-X I-X|B-X I-X I-X I-X|B-X I-X I-X I-X I-X|B-Y|B-Y I-Y|B-Y I-Y I-Y|B-Y I-Y I-Y I-Y|B-Y I-Y I-Y " +
        "I-Y I-Y")]
    [InlineData("B I O", "O|B|B I|B I I|B I I I|B I I I I")]
    [InlineData("O X-B X-L X-U Y-B Y-I Y-L", "O|X-U|X-B X-L|Y-B Y-L|Y-B Y-I Y-L|Y-B Y-I Y-I Y-L|Y-B Y-I Y-I Y-I Y-L")]
    [InlineData("b m e s", "s|b e|b m e|b m m e|b m m m e")]
    [InlineData("O B-X I-X [PAD]", "O|[PAD]|B-X|B-X I-X|B-X I-X I-X|B-X I-X I-X I-X|B-X I-X I-X I-X I-X")]
    [InlineData("O B-X I-X E-X S-X B-Y E-Y", "O|S-X|B-X E-X|B-X I-X E-X|B-X I-X I-X E-X|B-X I-X I-X I-X E-X|B-Y E-Y")]
    public void Constraints_allow_what_spans_make_up_and_nothing_else(string names, string parts)
    {
        string[] tags = names.Split(' ');
        CrfConstraints constraints = TagScheme.Of(tags).Constraints()!;
        HashSet<string> wellFormed = [""];
        for (int round = 0; round < 5; round++)
            wellFormed.UnionWith([.. from start in wellFormed from part in parts.Split('|') select $"{start} {part}".Trim()]);
        int allowed = 0;
        foreach (int[] sequence in All(tags.Length, 5))
        {
            bool expected = wellFormed.Contains(string.Join(' ', sequence.Select(tag => tags[tag])));
            Assert.Equal(expected, constraints.FindViolation([.. sequence.Select(tag => (float)tag)]) is null);
            allowed += expected ? 1 : 0;
        }
        Assert.True(allowed > 20);
    }

    /// <summary>In IOB1 a B stands right behind a span of its type, and nowhere else.</summary>
    [Theory]
    [InlineData("I-X B-X I-X O I-Y", true)]
    [InlineData("I-X I-X B-X B-X O", true)]
    [InlineData("I-Y I-X B-X", true)]
    [InlineData("B-X I-X", false)]
    [InlineData("O B-X", false)]
    [InlineData("I-Y B-X", false)]
    public void Constraints_of_IOB1(string sequence, bool allowed)
    {
        string[] tags = ["O", "I-X", "B-X", "I-Y"];
        TagScheme scheme = TagScheme.Of(tags);
        Assert.Equal(TaggingScheme.Iob1, scheme.Kind);
        Assert.Equal(allowed,
            scheme.Constraints()!.FindViolation([.. sequence.Split(' ').Select(tag => (float)Array.IndexOf(tags, tag))]) is null);
    }

    [Theory]
    [InlineData("O B-X I-X PAD", TaggingScheme.Bio,
        "'PAD' is of no scheme, where the other tags are of BIO: such a tag counts as outside of all spans, like O")]
    [InlineData("O B-X I-X E-X X [PAD]", TaggingScheme.Bioes,
        "'X', '[PAD]' are of no scheme, where the other tags are of BIOES: such a tag counts as outside of all spans, like O")]
    [InlineData("B-PER I-PER Bper", TaggingScheme.Bio, "'Bper' is of no scheme")]
    [InlineData("O B-PER PAD", TaggingScheme.Bio, "'PAD' is of no scheme")]
    [InlineData("B M E S PAD", TaggingScheme.Bmes, "'PAD' is of no scheme, where the other tags are of BMES")]
    [InlineData("B I N V A", TaggingScheme.None, "'B', 'I' look like BIO, but 'N', 'V', 'A' are of no scheme")]
    [InlineData("B-X NOUN VERB", TaggingScheme.None,
        "'B-X' looks like BIO, but 'NOUN', 'VERB' are of no scheme: so each token stands by itself, and no spans of several " +
        "tokens are made")]
    [InlineData("B-X I-X L-X S-X O", TaggingScheme.None,
        "'B-X', 'I-X', 'L-X', 'S-X' look like tags of spans, but no scheme (BIO, IOB1, BIOES, BILOU, BMES, IO) has the parts " +
        "B, I, L, S together")]
    [InlineData("I-X E-X O", TaggingScheme.None, "'I-X', 'E-X' look like tags of spans")]
    [InlineData("O B-X I-X", TaggingScheme.Bio, null)]
    [InlineData("NOUN VERB X", TaggingScheme.None, null)]
    [InlineData("b n v", TaggingScheme.None, null)]
    public void Tags_that_nearly_follow_a_scheme_are_named(string names, TaggingScheme scheme, string? doubt)
    {
        TagScheme found = TagScheme.Of(names.Split(' '));
        Assert.Equal(scheme, found.Kind);
        if (doubt is null)
            Assert.Null(found.Doubt);
        else
            Assert.StartsWith(doubt, found.Doubt, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_anything_may_stand_beside_anything_there_are_no_constraints()
    {
        Assert.Null(TagScheme.Of(["I-A", "I-B", "O"]).Constraints());
        Assert.Null(TagScheme.Of(["NN", "VB"]).Constraints());
        Assert.Null(TagScheme.Of(["B-A", "I-A", "E-A"]).Constraints()); // no sequence of one token
    }

    [Theory]
    [InlineData("B-X I-X O I-X", "0 0 2, 0 3 1")]
    [InlineData("I-X I-X", "0 0 2")]
    [InlineData("B-X I-Y I-Y B-Y", "0 0 1, 1 1 2, 1 3 1")]
    [InlineData("B-X B-X I-X", "0 0 1, 0 1 2")]
    [InlineData("I-Y I-X", "1 0 1, 0 1 1")]
    [InlineData("B-X ? I-X", "0 0 1, 0 2 1")]
    [InlineData("O O", "")]
    [InlineData("", "")]
    public void Spans_of_BIO_are_those_of_conlleval(string tags, string expected) =>
        CheckSpans("O B-X I-X B-Y I-Y", tags, expected);

    [Theory]
    [InlineData("B-X I-X E-X S-X", "0 0 3, 0 3 1")]
    [InlineData("E-X I-X E-X", "0 0 1, 0 1 2")]
    [InlineData("B-X S-X E-X", "0 0 1, 0 1 1, 0 2 1")]
    [InlineData("B-X E-Y O E-X E-X", "0 0 1, 1 1 1, 0 3 1, 0 4 1")]
    [InlineData("I-X I-X B-X", "0 0 2, 0 2 1")]
    public void Spans_of_BIOES_are_those_of_seqeval(string tags, string expected) =>
        CheckSpans("O B-X I-X E-X S-X E-Y", tags, expected);

    [Theory]
    [InlineData("O B-X I-X L-X U-X", "B-X I-X L-X U-X U-X", "0 0 3, 0 3 1, 0 4 1")]
    [InlineData("O B-X I-X L-X U-X", "L-X I-X L-X B-X U-X", "0 0 1, 0 1 2, 0 3 1, 0 4 1")]
    [InlineData("B M E S", "B M E S S B E M", "0 0 3, 0 3 1, 0 4 1, 0 5 2, 0 7 1")]
    [InlineData("O X_B X_M X_E X_W", "X_B X_M X_E X_W X_W", "0 0 3, 0 3 1, 0 4 1")]
    [InlineData("o b-x i-x PAD", "b-x PAD i-x PAD o", "0 0 1, 0 2 1")]
    [InlineData("O I-X B-X I-Y", "I-X I-X B-X I-X I-Y O I-Y", "0 0 2, 0 2 2, 1 4 1, 1 6 1")]
    public void Spans_of_other_schemes_and_spellings(string names, string tags, string expected) =>
        CheckSpans(names, tags, expected);

    [Fact]
    public void Neighbours_of_a_type_are_one_span_in_IO() => CheckSpans("O I-X I-Y", "I-X I-X I-Y O I-Y", "0 0 2, 1 2 1, 1 4 1");

    [Fact]
    public void Without_a_scheme_each_token_is_a_span_but_O() => CheckSpans("NN VB O", "NN NN O VB ?", "0 0 1, 0 1 1, 1 3 1");

    [Fact]
    public void A_violation_is_described_by_the_tags_names()
    {
        TagScheme bio = TagScheme.Of(["O", "B-X", "I-X"]), bioes = TagScheme.Of(["O", "B-X", "E-X"]);
        Assert.Equal("at step 1 (counted from 0) tag 'I-X' follows 'O', which BIO does not allow",
            bio.Describe(bio.Constraints()!.FindViolation([0, 2])!.Value));
        Assert.Equal("it begins with tag 'I-X', which in BIO goes on with a span",
            bio.Describe(bio.Constraints()!.FindViolation([2])!.Value));
        Assert.Equal("it ends with tag 'B-X', which in BIOES another tag must follow",
            bioes.Describe(bioes.Constraints()!.FindViolation([0, 1])!.Value));
    }

    private static void CheckSpans(string names, string tags, string expected)
    {
        string[] all = names.Split(' ');
        List<TagSpan> spans = [new(9, 9, 9)];
        TagScheme.Of(all)
            .FindSpans([.. tags.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(tag => (uint)(Array.IndexOf(all, tag) + 1))], spans);
        Assert.Equal(expected, string.Join(", ", spans.Select(span => $"{span.Type} {span.First} {span.Count}")));
    }

    private static IEnumerable<int[]> All(int tags, int longest)
    {
        IEnumerable<int[]> ofLength = [[]];
        for (int length = 1; length <= longest; length++)
        {
            ofLength = [.. from start in ofLength from tag in Enumerable.Range(0, tags) select (int[])[.. start, tag]];
            foreach (int[] sequence in ofLength)
                yield return sequence;
        }
    }
}
