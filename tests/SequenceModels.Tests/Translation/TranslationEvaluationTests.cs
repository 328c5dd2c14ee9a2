using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace SequenceModels.Tests.Translation;

public class TranslationEvaluationTests
{
    private const string Words = "the dog bit man a . cat";

    [Fact]
    public void Figures_of_tokens_and_of_their_texts()
    {
        TranslationMetrics metrics = Evaluate(new TestView(TestColumn.Tags("Label", Words, "the dog bit the man .", "a cat ."),
            TestColumn.Tags("PredictedLabel", Words, "the dog bit a man .", "a cat . .")));
        var bleu = new Bleu();
        bleu.Add("the dog bit a man .", "the dog bit the man .");
        bleu.Add("a cat . .", "a cat .");
        var chrF = new ChrF();
        chrF.Add("the dog bit a man .", "the dog bit the man .");
        chrF.Add("a cat . .", "a cat .");
        Assert.Equal((bleu.Score, chrF.Score, 2.0 / 9, 1.0),
            (metrics.Bleu, metrics.ChrF, metrics.TokenErrorRate, metrics.SequenceErrorRate));
        Assert.Equal((1, 0, 1, 2, 9, 0), (metrics.Insertions, metrics.Deletions, metrics.Substitutions, metrics.NumberOfSequences,
            metrics.NumberOfTokens, metrics.NumberOfUnknownTokens));
        Assert.Equal("nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0", metrics.BleuSignature);
        Assert.Equal("nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|version:2.6.0", metrics.ChrFSignature);
        Assert.Equal("2 sequences, 9 tokens\nsequence error rate 100.00 %; token error rate 22.22 %: 1 insertion, 0 deletions, " +
            $"1 substitution\n{bleu}\n{chrF}\n", metrics.ToString());
    }

    /// <summary>Keys in another order, narrower, and texts in place of keys.</summary>
    [Fact]
    public void Tokens_are_compared_by_their_texts()
    {
        TestColumn label = TestColumn.Tags("Label", "a b c d", "a b c d", "d"),
            predicted = TestColumn.Tags("PredictedLabel", "d x c b a", "a b c d", "d"),
            texts = TestColumn.Of("Texts", new VectorDataViewType(TextDataViewType.Instance),
                new VBuffer<ReadOnlyMemory<char>>[] { Texts("a", "", "b", "c", "d"), Texts("d") });
        var data = new TestView(label, predicted, texts);
        foreach ((string left, string right) in new[] { ("Label", "PredictedLabel"), ("Texts", "PredictedLabel"),
            ("Label", "Texts"), ("Texts", "Texts") })
        {
            TranslationMetrics metrics = new MLContext(1).Sequences().Translation.Evaluate(data, left, right);
            Assert.Equal((0.0, 0.0, 5), (metrics.TokenErrorRate, metrics.SequenceErrorRate, metrics.NumberOfTokens));
            Assert.Equal(100, metrics.Bleu, 1e-10);
        }
    }

    /// <summary>Whatever tokens a model has: subwords are compared by the words that they join to.</summary>
    [Fact]
    public void A_text_is_compared_with_the_text_of_the_tokens()
    {
        var ml = new MLContext(1);
        IDataView rows = ml.Data.LoadFromEnumerable(new[] { new Row("the big dog", "the bog dog"), new Row("a  cat ", "a cat"),
            new Row("", "nothing") });
        IDataView data = Tokens("Subwords", SequenceTokenization.Subwords(300))
            .Append(Tokens("Words", SequenceTokenization.Whitespace()))
            .Append(Tokens("Characters", SequenceTokenization.Characters())).Fit(rows).Transform(rows);
        foreach (string predicted in new[] { "Subwords", "Words", nameof(Row.Found) })
        {
            TranslationMetrics metrics = ml.Sequences().Translation.Evaluate(data, nameof(Row.Right), predicted);
            Assert.Equal((2, 5, 1.0 / 5, 0.5, 0), (metrics.NumberOfSequences, metrics.NumberOfTokens, metrics.TokenErrorRate,
                metrics.SequenceErrorRate, metrics.NumberOfUnknownTokens));
            Assert.Equal(100 * 4.0 / 5, Precision(metrics), 1e-10);
        }
        TranslationMetrics letters = ml.Sequences().Translation.Evaluate(data, nameof(Row.Right), "Characters");
        Assert.Equal((2, 18, 1, 2, 0), (letters.NumberOfSequences, letters.NumberOfTokens, letters.Substitutions,
            letters.Deletions, letters.Insertions));
        TranslationMetrics turned = ml.Sequences().Translation.Evaluate(data, "Characters", nameof(Row.Right));
        Assert.Equal((3, 23, 7, 2), (turned.NumberOfSequences, turned.NumberOfTokens, turned.Deletions, turned.Insertions));

        SequenceTokenizingEstimator Tokens(string name, SequenceTokenization tokenization) =>
            ml.Transforms.Text.TokenizeIntoSequence(name, nameof(Row.Found), tokenization);
    }

    [Fact]
    public void Unknown_tokens_are_wrong_on_both_sides()
    {
        var ml = new MLContext(1);
        List<string> warnings = Warnings(ml);
        TranslationMetrics metrics = ml.Sequences().Translation.Evaluate(new TestView(
            TestColumn.Tags("Label", "a b", "a ? b", "a b"), TestColumn.Tags("PredictedLabel", "a b", "a ? b", "a ?")));
        Assert.Equal((0.4, 1.0, 1), (metrics.TokenErrorRate, metrics.SequenceErrorRate, metrics.NumberOfUnknownTokens));
        Assert.Equal(100 * 3.0 / 5, Precision(metrics), 1e-10);
        Assert.Equal(["Tokens of labels in column 'Label' that are unknown (key 0): 1 of 5. They count as wrong, whatever is " +
            "predicted. Figures to be compared with others need labels whose tokens are all known: give Evaluate the texts " +
            "themselves as labels, or a vector of their words."], warnings);
    }

    [Fact]
    public void Rows_without_a_label_are_skipped_and_counted()
    {
        var ml = new MLContext(1);
        List<string> warnings = Warnings(ml);
        TranslationMetrics metrics = ml.Sequences().Translation.Evaluate(new TestView(
            TestColumn.Tags("Label", "a b", "", "a b", "", "b"), TestColumn.Tags("PredictedLabel", "a b", "a", "a b", "", "")));
        Assert.Equal((2, 3, 1, 0.5),
            (metrics.NumberOfSequences, metrics.NumberOfTokens, metrics.Deletions, metrics.SequenceErrorRate));
        Assert.Equal(["Rows skipped because labels in column 'Label' are missing: 2 of 4."], warnings);
        var error = Assert.Throws<InvalidOperationException>(() => Evaluate(new TestView(TestColumn.Tags("Label", "a", ""),
            TestColumn.Tags("PredictedLabel", "a", "a"))));
        Assert.Equal("Column 'Label': no row has a label to compare with.", error.Message);
    }

    /// <summary>As a trained model has them: columns that say how their tokens are joined, with special tokens.</summary>
    [Fact]
    public void Texts_are_joined_as_they_were_cut()
    {
        var ml = new MLContext(1);
        IDataView rows = ml.Data.LoadFromEnumerable(new[] { new Row("the big dog's tail.", "the big dog's tail"),
            new Row("it wasn't his, it seems", "it wasn't his, it seems") });
        SequenceTokenization characters = SequenceTokenization.Characters() with { StartToken = true, EndToken = true };
        IDataView data = ml.Transforms.Text.TokenizeIntoSequence("Label", nameof(Row.Right), characters)
            .Append(ml.Transforms.Text.TokenizeIntoSequence("PredictedLabel", nameof(Row.Found),
                characters with { StartToken = false }))
            .Append(ml.Transforms.Text.TokenizeIntoSequence("Words", nameof(Row.Right), SequenceTokenization.Whitespace()))
            .Fit(rows).Transform(rows);
        TranslationMetrics metrics = ml.Sequences().Translation.Evaluate(data);
        Assert.Equal((1, 42, 0.5), (metrics.Deletions, metrics.NumberOfTokens, metrics.SequenceErrorRate));
        var bleu = new Bleu();
        bleu.Add("the big dog's tail", "the big dog's tail.");
        bleu.Add("it wasn't his, it seems", "it wasn't his, it seems");
        Assert.Equal(bleu.Score, metrics.Bleu);
        Assert.Equal((9 + 1, 10 + 1), (BleuLengths(metrics)));
        metrics = ml.Sequences().Translation.Evaluate(data, "Words", "Words", BleuTokenization.None);
        Assert.Equal((9, 9), BleuLengths(metrics));
        Assert.Contains("tok:none", metrics.BleuSignature, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_that_do_not_fit_are_named()
    {
        TestColumn label = TestColumn.Tags("Label", "a b", "a");
        Assert.Contains("'PredictedLabel'",
            Assert.Throws<ArgumentOutOfRangeException>(() => Evaluate(new TestView(label))).Message, StringComparison.Ordinal);
        var unnamed = TestColumn.Of("PredictedLabel", new VectorDataViewType(new KeyDataViewType(typeof(uint), 3)),
            TestColumn.Dense<uint>([[1]]));
        Assert.Contains("KeyValues", Assert.Throws<ArgumentOutOfRangeException>(() =>
            Evaluate(new TestView(label, unnamed))).Message, StringComparison.Ordinal);
        Assert.Contains("a vector of text or a text", Assert.Throws<ArgumentOutOfRangeException>(() =>
            Evaluate(new TestView(label, TestColumn.Of("PredictedLabel", NumberDataViewType.Single, new[] { 1f })))).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new MLContext(1).Sequences().Translation.Evaluate(
            new TestView(label), "Label", "Label", (BleuTokenization)2));
    }

    /// <summary>Of single tokens; told from the text, which has it with a digit.</summary>
    private static double Precision(TranslationMetrics metrics) => double.Parse(
        metrics.ToString().Split(" = ")[1].Split(' ')[1].Split('/')[0], System.Globalization.CultureInfo.InvariantCulture);

    private static (int Hypothesis, int Reference) BleuLengths(TranslationMetrics metrics)
    {
        string[] parts = metrics.ToString().Split('\n')[2].Split("_len = ");
        return (int.Parse(parts[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture),
            int.Parse(parts[2].TrimEnd(')'), System.Globalization.CultureInfo.InvariantCulture));
    }

    private static VBuffer<ReadOnlyMemory<char>> Texts(params string[] texts) =>
        new(texts.Length, Array.ConvertAll(texts, text => text.AsMemory()));

    private static TranslationMetrics Evaluate(IDataView data) => new MLContext(1).Sequences().Translation.Evaluate(data);

    private static List<string> Warnings(MLContext ml)
    {
        List<string> warnings = [];
        ml.Log += (_, e) =>
        {
            if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
                warnings.Add(e.RawMessage);
        };
        return warnings;
    }

    private sealed record Row(string Right, string Found);
}
