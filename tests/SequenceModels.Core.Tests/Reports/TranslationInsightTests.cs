using System.Xml.Linq;
using SequenceModels.Files;
using SequenceModels.Reports;
using SequenceModels.Sequences;
using Xunit;

namespace SequenceModels.Tests.Reports;

/// <summary>What a translator's report holds is what the translator says.</summary>
public class TranslationInsightTests
{
    [Fact]
    public void Errors_are_counted_by_the_length_of_the_source()
    {
        (SequenceTranslator translator, TranslationInsight insight) = TranslatorInsights.Measure(count: 60, longest: 30);
        SequenceDataset data = TranslatorInsights.Rows(translator, 60, 30);
        foreach (LengthErrors length in insight.Lengths)
        {
            var rates = new ErrorRates();
            for (int row = 0; row < data.Count; row++)
                if (data.Length(row) >= length.From && data.Length(row) <= length.To)
                    rates.Add<uint>([.. translator.Translate(data.Tokens(row))[0].Tokens],
                        [.. data.Labels(row).ToArray().Select(token => (uint)token)]);
            Assert.Equal(rates.NumberOfSequences, length.Rows);
            Assert.Equal(rates.SequenceErrorRate, length.SequenceErrorRate);
            Assert.Equal(rates.TokenErrorRate, length.TokenErrorRate);
        }
        Assert.Equal(60, insight.Lengths.Sum(length => length.Rows));
        Assert.Equal(insight.Lengths.OrderBy(length => length.From), insight.Lengths);
        Assert.InRange(insight.Lengths.Length, 5, 13);
        Assert.Equal((60, 60, "training rows"), (insight.NumberOfRows, insight.ChosenFrom, insight.Rows));
    }

    [Fact]
    public void Examples_have_their_tokens_and_what_was_looked_at()
    {
        (SequenceTranslator translator, TranslationInsight insight) = TranslatorInsights.Measure();
        SequenceDataset data = TranslatorInsights.Rows(translator, 60, 30);
        Assert.Equal(4, insight.Examples.Length);
        foreach (TranslationExample example in insight.Examples)
        {
            uint[] source = [.. example.Source.Select(token => uint.Parse(token[1..], null))];
            TranslatedSequence found = translator.Translate(source)[0];
            Assert.Equal(found.Tokens.Select(key => $"t{key}"), example.Translation);
            Assert.Equal(found.Attention, example.Attention);
            Assert.Contains(Enumerable.Range(0, data.Count), row => data.Tokens(row).SequenceEqual(source) &&
                data.Labels(row).ToArray().Select(token => $"t{token}").SequenceEqual(example.Label));
        }
    }

    [Fact]
    public void It_is_the_same_on_any_number_of_threads_and_comes_back_from_a_file()
    {
        byte[] one = Insights.Bytes(TranslatorInsights.Measure(threads: 1).Item2.Write);
        Assert.Equal(one, Insights.Bytes(TranslatorInsights.Measure(threads: 3).Item2.Write));
        var reader = new PayloadReader(one, "TESTKIND", 1);
        TranslationInsight read = TranslationInsight.Read(reader);
        reader.RequireEnd();
        Assert.Equal(one, Insights.Bytes(read.Write));
        for (int length = 0; length < one.Length; length++)
            Assert.Throws<InvalidDataException>(() =>
            {
                var cut = new PayloadReader(one.AsSpan(0, length).ToArray(), "TESTKIND", 1);
                TranslationInsight.Read(cut);
                cut.RequireEnd();
            });
    }

    [Fact]
    public void Weights_that_come_to_no_number_leave_a_page()
    {
        SequenceTranslator translator = TranslatorInsights.Translator(AttentionKind.General);
        translator.Network.Parameters.Values.Span.Fill(float.NaN);
        TranslationInsight insight = new TranslatorMeasurement(translator,
            Insights.Choose(TranslatorInsights.Rows(translator, 9, 5)), new TranslationNames(key => "", key => "")).Measure(1);
        Assert.Equal(0, insight.NumberOfRows);
        Assert.DoesNotContain("NaN", TranslatorInsights.Page(translator, insight));
    }

    [Fact]
    public void Tokens_that_look_like_markup_are_text()
    {
        const string Hostile = "</td><script>alert('1')</script>\0";
        (SequenceTranslator translator, TranslationInsight insight) =
            TranslatorInsights.Measure(names: new TranslationNames(_ => Hostile, _ => Hostile));
        XDocument page = XDocument.Parse(TranslatorInsights.Page(translator, insight)["<!DOCTYPE html>\n".Length..]);
        Assert.Empty(page.Descendants("script"));
        Assert.Contains(page.Descendants("th"), th => th.Value.StartsWith("</td><script>", StringComparison.Ordinal));
        int drawn = insight.Examples.Count(example => example.Translation.Length > 0);
        Assert.InRange(drawn, 1, 4);
        Assert.Equal(drawn, page.Descendants("figure").Count(figure =>
            figure.Attribute("id")!.Value.StartsWith("attention", StringComparison.Ordinal)));
    }
}
