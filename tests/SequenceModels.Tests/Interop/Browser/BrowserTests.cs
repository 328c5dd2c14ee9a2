using System.Globalization;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Tests.Transforms;
using Xunit;

namespace SequenceModels.Tests.Interop;

/// <summary>The page of samples/browser, in Chromium: its answers are those of the networks.</summary>
public sealed class BrowserTests : IDisposable
{
    private static readonly string[] s_texts =
    [
        "turn the light in the kitchen off", "How COLD is it in Aldbury?", "play some jazz, please", "", "???",
        "zzz unknown words", "wake me at 6",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    private string ModelPath => Path.Combine(_folder, "model.onnx");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_page_classifies_texts_as_the_network_does()
    {
        Tools.RequireBrowserPackages();
        var ml = new MLContext(seed: 1);
        IDataView rows = ml.Data.LoadFromTextFile<Sentence>(Repository.PathOf("samples", "data", "intents.csv"), ',',
            hasHeader: true, allowQuoting: true);
        var keys = ml.Transforms.Conversion.MapValueToKey("Label", nameof(Sentence.Intent))
            .Append(ml.Transforms.Text.TokenizeIntoSequence("Features", nameof(Sentence.Text))).Fit(rows);
        IDataView train = keys.Transform(rows);
        SequenceNetwork network = ml.MulticlassClassification.Trainers.Gru(options: new()
        {
            HiddenSize = 8, EmbeddingSize = 8, Bidirectional = true, NumberOfEpochs = 3, LearningRate = 1e-2f, Seed = 1,
        }).Fit(train).Model.Network;
        string[] classes = train.KeyValues("Label");
        network.ExportOnnx(ModelPath, new() { Labels = classes, Vocabulary = train.KeyValues("Features") });

        using var server = new FileServer(_folder, Tools.BrowserPackages);
        await using BrowserPage page = await BrowserPage.OpenAsync(server.Address);
        await WaitUntilReadyAsync(page);
        IDataView asked = keys.Transform(
            ml.Data.LoadFromEnumerable(s_texts.Select(text => new Sentence { Text = text, Intent = classes[0] })));
        foreach ((string text, uint[] tokens) in s_texts.Zip(asked.GetColumn<uint[]>("Features")))
        {
            string[][] shown = await AskAsync(page, text);
            float[] own = network.Score(tokens);
            Assert.Equal(classes.Order(), shown.Select(row => row[0]).Order());
            foreach (string[] row in shown)
                Assert.Equal(100 * own[Array.IndexOf(classes, row[0])],
                    double.Parse(row[1].TrimEnd('%', ' '), CultureInfo.InvariantCulture), 0.051);
            Assert.Equal(shown.Select(row => row[1]), shown.OrderByDescending(row => own[Array.IndexOf(classes, row[0])])
                .Select(row => row[1]));
        }
    }

    [Fact]
    public async Task The_page_tags_words_as_the_tagger_does()
    {
        Tools.RequireBrowserPackages();
        var ml = new MLContext(seed: 1);
        IDataView rows = ml.Data.LoadFromEnumerable(s_texts.Take(3).Concat(["wake me at 6"]).Select(text => new Tagged
        {
            Text = text, Tags = [.. WordsOf(ml, text).Select(word => char.IsLetter(word[0]) ? $"{word.Length % 3}" : "mark")],
        }));
        var keys = ml.Transforms.Conversion.MapValueToKey("Label", nameof(Tagged.Tags))
            .Append(ml.Transforms.Text.TokenizeIntoSequence("Tokens", nameof(Tagged.Text))).Fit(rows);
        IDataView train = keys.Transform(rows);
        TaggingTransformer model = ml.Sequences().Tagging.Trainers.Gru("Label", ["Tokens"], new TaggingOptions
        {
            HiddenSize = 8, EmbeddingSize = 8, NumberOfEpochs = 20, LearningRate = 1e-2f, TagDecoding = TagDecoding.Crf, Seed = 1,
        }).Fit(train);
        model.Model.Network.ExportOnnx(ModelPath, new()
        {
            Labels = train.KeyValues("Label"), Vocabulary = train.KeyValues("Tokens"),
        });

        using var server = new FileServer(_folder, Tools.BrowserPackages);
        await using BrowserPage page = await BrowserPage.OpenAsync(server.Address);
        await WaitUntilReadyAsync(page);
        IDataView asked = model.Transform(keys.Transform(
            ml.Data.LoadFromEnumerable(s_texts.Select(text => new Tagged { Text = text }))));
        string[] names = train.KeyValues("Label");
        foreach ((string text, uint[] tags) in s_texts.Zip(asked.GetColumn<uint[]>("PredictedLabel")))
            Assert.Equal(WordsOf(ml, text).Zip(tags, (word, tag) => $"{word} {names[tag - 1]}"),
                (await AskAsync(page, text)).Select(row => string.Join(' ', row)));
    }

    [Fact]
    public async Task The_page_cuts_texts_into_the_words_of_the_tokenizer()
    {
        Tools.RequireBrowserPackages();
        string[] texts =
        [
            .. s_texts, "ΟΔΥΣΣΕΥΣ ΣΑΣ. Σ", "İstanbul'da ILIK", "e\u0301tude \u00c9TUDE", "한국어 \u1112\u1161\u11ab글",
            "नमस्ते दुनिया",
            "a\u00adb\u200bc\ufeff d\u0085e\u00a0f\u3000g", "👩‍👩‍👧 👍🏽!",
            "x²+½=3,5\r\n\tno", "ﬁn ﬃ ǅ", "\u0301a b\u0301 c", "①②ⅣⅤ",
        ];
        using var server = new FileServer(Tools.BrowserPackages);
        await using BrowserPage page = await BrowserPage.OpenAsync(server.Address);
        await page.WaitForAsync("document.getElementById('status')");
        JsonElement words = await page.EvaluateAsync(
            $"import('/words.js').then(({{ wordsOf }}) => {JsonSerializer.Serialize(texts)}.map(wordsOf))");
        var ml = new MLContext();
        foreach ((string text, JsonElement own) in texts.Zip(words.EnumerateArray()))
            Assert.Equal(WordsOf(ml, text), own.Deserialize<string[]>());
    }

    private static Task WaitUntilReadyAsync(BrowserPage page) =>
        page.WaitForAsync("/^(Ready|The model)/.test(document.getElementById('status')?.textContent)");

    /// <summary>The cells of the answer's rows.</summary>
    private static async Task<string[][]> AskAsync(BrowserPage page, string text)
    {
        await page.EvaluateAsync("document.getElementById('status').textContent = ''; document.getElementById('text').select()");
        if (text.Length > 0)
            await page.TypeAsync(text);
        else
            await page.EvaluateAsync("document.getElementById('text').value = ''");
        await page.EvaluateAsync("document.querySelector('button').click()");
        await page.WaitForAsync("document.getElementById('status').textContent");
        JsonElement rows = await page.EvaluateAsync(
            "[...document.querySelectorAll('#answer tr')].map(row => [...row.cells].map(cell => cell.textContent))");
        return rows.Deserialize<string[][]>()!;
    }

    private static string[] WordsOf(MLContext ml, string text)
    {
        IDataView rows = ml.Data.LoadFromEnumerable(new[] { text, "any" }.Select(each => new Sentence { Text = each }));
        return ml.Transforms.Text.TokenizeIntoSequence("Tokens", nameof(Sentence.Text), SequenceTokenization.Words()).Fit(rows)
            .Transform(rows).Tokens("Tokens")[0];
    }

    private sealed class Sentence
    {
        [LoadColumn(0)]
        public string Intent { get; set; } = "";

        [LoadColumn(1)]
        public string Text { get; set; } = "";
    }

    private sealed class Tagged
    {
        public string Text { get; set; } = "";

        public string[] Tags { get; set; } = [];
    }
}
