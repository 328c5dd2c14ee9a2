using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace SequenceModels.Tests.Transforms;

public class DetokenizeSequenceTests
{
    private static readonly string[] s_texts = ["The cat, e\u0301t\u00e9!", "한글  \n👩‍👩‍👧 a", "", "  x ", "naïve\t東京 99"];

    /// <summary>The same in composed form, which is learned.</summary>
    private static readonly string[] s_composed =
        [.. s_texts.Select(text => text.Replace("e\u0301", "\u00e9", StringComparison.Ordinal))];

    private readonly MLContext _ml = new(1);

    [Fact]
    public void Characters_and_subwords_come_back_as_they_were_but_composed()
    {
        SequenceTokenization[] kinds = [SequenceTokenization.Characters(), SequenceTokenization.Subwords(270)];
        foreach (SequenceTokenization tokenization in kinds)
            foreach (bool special in new[] { false, true })
                Assert.Equal(s_composed, RoundTrip(tokenization with { StartToken = special, EndToken = special }));
    }

    [Fact]
    public void Words_stand_with_spaces_between() =>
        Assert.Equal(["the cat , été !", "한글 👩‍👩‍👧 a", "", "x", "naïve 東京 99"],
            RoundTrip(SequenceTokenization.Words() with { StartToken = true }));

    [Fact]
    public void Slots_that_were_filled_up_are_left_out()
    {
        IDataView data = View(s_texts);
        IDataView padded = _ml.Transforms.Text.TokenizeIntoSequence("Tokens", "Text", SequenceTokenization.Characters())
            .Append(_ml.Transforms.PadSequence("Padded", 40, "Tokens", pad: SequenceSide.Start))
            .Append(_ml.Transforms.Text.DetokenizeSequence("Again", "Padded")).Fit(data).Transform(data);
        Assert.Equal(s_composed, padded.GetColumn<string>("Again"));
    }

    [Fact]
    public void Other_keys_of_text_are_words()
    {
        IDataView data = View("b a b", "a");
        IDataView joined = _ml.Transforms.Text.TokenizeIntoWords("Words", "Text")
            .Append(_ml.Transforms.Conversion.MapValueToKey("Keys", "Words"))
            .Append(_ml.Transforms.Text.DetokenizeSequence("Again", "Keys")).Fit(data).Transform(data);
        Assert.Equal(["b a b", "a"], joined.GetColumn<string>("Again"));
    }

    [Fact]
    public void The_rule_is_that_of_Fit_also_once_saved()
    {
        IDataView data = View(s_texts);
        ITransformer model = Pipeline(SequenceTokenization.Subwords(270)).Fit(data);
        using var file = new MemoryStream();
        _ml.Model.Save(model, data.Schema, file);
        Assert.Equal(s_composed, new MLContext().Model.Load(file, out _).Transform(data).GetColumn<string>("Again"));
    }

    [Fact]
    public void Keys_without_texts_are_refused()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.Text.DetokenizeSequence("Again",
            "Text").Fit(View("a")));
        Assert.Contains("with KeyValues", error.Message, StringComparison.Ordinal);
    }

    private IEnumerable<string> RoundTrip(SequenceTokenization tokenization)
    {
        IDataView data = View(s_texts);
        return Pipeline(tokenization).Fit(data).Transform(data).GetColumn<string>("Again");
    }

    private EstimatorChain<SequenceDetokenizingTransformer> Pipeline(SequenceTokenization tokenization) =>
        _ml.Transforms.Text.TokenizeIntoSequence("Tokens", "Text", tokenization)
        .Append(_ml.Transforms.Text.DetokenizeSequence("Again", "Tokens"));

    private IDataView View(params string[] texts) =>
        _ml.Data.LoadFromEnumerable(texts.Select(text => new Row { Text = text }).ToArray());

    private sealed class Row
    {
        public string? Text { get; set; }
    }
}
