using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace SequenceModels.Tests.Onnx;

/// <summary>Transforms of texts and sequences through ML.NET's ConvertToOnnx.</summary>
public class TokenPipelineTests
{
    private static readonly string[] s_texts =
    [
        "Play some jazz, now!", "what's the weather like?", "", " ", "JAZZ\tjazz\u00a0Jazz", "e-mail: a.b@c.de (42)",
        "Äpfel ÉTÉ Привет", "한국어 문장", "日本語のテキスト", "ok 👍🏽 👨\u200d👩\u200d👧 🇰🇷🇫🇷 é", "ΟΔΟΣ όδος", "\ufeffjazz\r\n\u2028now",
        "1\ufe0f\u20e3 #\ufe0f\u20e3 ❤\ufe0f", "नमस्ते दुनिया", "ไทยกำลัง",
    ];

    private readonly MLContext _ml = new(1);

    public static TheoryData<string> Tokenizations => [.. s_tokenizations.Keys];

    private static readonly Dictionary<string, SequenceTokenization> s_tokenizations = new()
    {
        ["words"] = SequenceTokenization.Words(),
        ["words by case, with an end"] = SequenceTokenization.Words(lowercase: false) with { EndToken = true },
        ["white space"] = SequenceTokenization.Whitespace(lowercase: true) with { StartToken = true },
        ["characters"] = SequenceTokenization.Characters() with { StartToken = true, EndToken = true },
        ["cut words"] = SequenceTokenization.Words() with { MaximumLength = 2 },
        ["cut characters"] = SequenceTokenization.Characters() with { StartToken = true, EndToken = true, MaximumLength = 5 },
        ["few words"] = SequenceTokenization.Words(maximumVocabularySize: 5),
    };

    [Theory]
    [MemberData(nameof(Tokenizations))]
    public void Texts_get_the_keys_that_they_have_here(string name)
    {
        // What white space cuts keeps a character that is not seen.
        IDataView rows = Texts([.. s_texts.Where(text => name != "white space" || text[..Math.Min(1, text.Length)] != "\ufeff")]);
        Same(Tokens(nameof(Line.Text), s_tokenizations[name]).Fit(rows), rows);
    }

    [Theory]
    [MemberData(nameof(Tokenizations))]
    public void So_do_tokens_that_were_cut_elsewhere(string name)
    {
        IDataView rows = _ml.Data.LoadFromEnumerable(s_texts.Where(text => !text.Contains('\ufeff'))
            .Select(text => new Cut { Parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries) }));
        Same(Tokens(nameof(Cut.Parts), s_tokenizations[name]).Fit(rows), rows);
    }

    [Fact]
    public void Decomposed_texts_get_the_keys_of_composed_ones()
    {
        IDataView decomposed = Texts("e\u0301te\u0301 \u1112\u1161\u11ab\u1100\u116e\u11a8\u110b\u1165 u\u031b\u0323");
        foreach (SequenceTokenization tokenization in new[] { SequenceTokenization.Words(), SequenceTokenization.Characters() })
            Same(Tokens(nameof(Line.Text), tokenization).Fit(Texts("été 한국어 ự")), decomposed);
    }

    /// <summary>Texts whose characters the graph does not change as the library does; docs/guides/moving.md lists them.</summary>
    [Theory]
    [InlineData("so\u00adft", "soft", "? ?")]
    [InlineData("e\u0301té", "été", "?")]
    [InlineData("İ", "i\u0307", "?")]
    public void What_differs(string text, string here, string there)
    {
        SequenceTokenizingTransformer model =
            Tokens(nameof(Line.Text), SequenceTokenization.Words()).Fit(Texts("soft été i\u0307"));
        using var pipeline = new ConvertedPipeline(_ml, model, Texts(text), "Tokens");
        VBuffer<ReadOnlyMemory<char>> names = default;
        model.GetOutputSchema(Texts(text).Schema)["Tokens"].GetKeyValues(ref names);
        string Spell(IEnumerable<uint> keys) =>
            string.Join(' ', keys.Select(key => key == 0 ? "?" : names.GetValues()[(int)key - 1].ToString()));
        Assert.Equal(here, Spell(model.Transform(Texts(text)).GetColumn<uint[]>("Tokens").Single()));
        Assert.Equal(there, Spell(pipeline.Run<uint>("Tokens", Texts(text))));
    }

    private SequenceTokenizingEstimator Tokens(string column, SequenceTokenization tokenization) =>
        _ml.Transforms.Text.TokenizeIntoSequence("Tokens", column, tokenization);

    private void Same(ITransformer model, IDataView rows)
    {
        using var pipeline = new ConvertedPipeline(_ml, model, rows, "Tokens");
        pipeline.RequireSame(rows);
    }

    private IDataView Texts(params string[] texts) => _ml.Data.LoadFromEnumerable(texts.Select(text => new Line { Text = text }));

    private sealed class Line
    {
        public string Text { get; set; } = "";
    }

    private sealed class Cut
    {
        public string[] Parts { get; set; } = [];
    }
}
