using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Tests.Forecasting;
using SequenceModels.Tests.Trainers;
using Xunit;

namespace SequenceModels.Tests.Pipelines;

public class FreshProcessTests
{
    /// <summary>By tokens; by tokens and numbers of the row beside them; by raw texts.</summary>
    [Theory]
    [InlineData("Tokens")]
    [InlineData("Beside")]
    [InlineData("Text")]
    public void A_process_that_never_touched_our_types_loads_the_model_and_scores_the_same_bits(string by)
    {
        var ml = new MLContext(1);
        IDataView data = ml.View(60);
        ITransformer model = by switch
        {
            "Tokens" => ml.TopicPipeline(Examples.Glance).Fit(data),
            "Beside" => ml.Transforms.Text.FeaturizeText("Beside", nameof(Example.Text))
                .Append(ml.TopicPipeline(Examples.Glance with { RowFeatureColumnName = "Beside" })).Fit(data),
            _ => ml.Transforms.Conversion.MapValueToKey("Label", nameof(Example.Topic))
                .Append(ml.MulticlassClassification.Trainers.TextLstm(options: new() { NumberOfEpochs = 1 })).Fit(data),
        };
        string[] texts = ["green x up down", "blue", "", "no word known"];
        string file = Path.GetTempFileName();
        try
        {
            ml.Model.Save(model, data.Schema, file);
            IDataView rows = ml.Data.LoadFromEnumerable(texts.Select(text => new Example { Text = text }));
            IEnumerable<string> expected = model.Transform(rows).GetColumn<float[]>("Score")
                .Select(scores => string.Join(' ', scores.Select(BitConverter.SingleToInt32Bits)));
            Assert.Equal(expected, Run([file, .. texts]));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void So_it_does_with_a_forecast()
    {
        var ml = new MLContext(1);
        TimeStep[] steps = Steps.Wave(40);
        var model = ml.Transforms.NormalizeMinMax("Value").Append(ml.Forecasting.ForecastByLstm("Forecast", ["Value"], 8, 2,
            Steps.Glance)).Fit(ml.View(steps));
        string file = Path.GetTempFileName();
        try
        {
            ml.Model.Save(model, ml.View(steps).Schema, file);
            IEnumerable<string> expected = model.Forecasts(ml.View(steps))[0].Select(forecast => string.Join(' ',
                forecast.Select(BitConverter.SingleToInt32Bits)));
            Assert.Equal(expected,
                Run([file, "--forecast", .. steps.Select(step => step.Value.ToString("R", CultureInfo.InvariantCulture))]));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_tokenization_of_files_needs_them_no_more()
    {
        var ml = new MLContext(1);
        IDataView data = ml.View(60);
        string[] texts = ["green x up down", "GREENISH blue", "", "no word known"];
        string vocabulary = Path.GetTempFileName(), file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(vocabulary, "[PAD]\n[UNK]\nup\ndo\n##wn\nred\ngreen\n##ish\nblue\nx\ny\nz\n");
            TransformerChain<SequencePredictionTransformer> model =
                ml.Transforms.Conversion.MapValueToKey("Label", nameof(Example.Topic))
                .Append(ml.Transforms.Text.TokenizeIntoSequence("Features", nameof(Example.Text),
                    SequenceTokenization.WordPiece(vocabulary)))
                .Append(ml.MulticlassClassification.Trainers.Gru(options: Examples.Glance)).Fit(data);
            File.Delete(vocabulary);
            ml.Model.Save(model, data.Schema, file);
            IDataView rows = ml.Data.LoadFromEnumerable(texts.Select(text => new Example { Text = text }));
            IEnumerable<string> expected = model.Transform(rows).GetColumn<float[]>("Score")
                .Select(scores => string.Join(' ', scores.Select(BitConverter.SingleToInt32Bits)));
            Assert.Equal(4, expected.Distinct().Count());
            Assert.Equal(expected, Run([file, .. texts]));
        }
        finally
        {
            File.Delete(vocabulary);
            File.Delete(file);
        }
    }

    [Fact]
    public void A_language_model_is_as_sure_and_writes_the_same_in_another_process()
    {
        var ml = new MLContext(1);
        IDataView data = LanguageModelTests.Lines(ml, LanguageModelTests.Cycle(200), "xyz");
        TransformerChain<LanguageModelTransformer> model = LanguageModelTests.Tokens(ml)
            .Append(ml.Sequences().LanguageModeling.Trainers.Gru(
                options: LanguageModelTests.Quick with { TiedEmbeddings = true, EmbeddingSize = 12 })).Fit(data);
        string[] texts = ["abca", "ab", "x?c", "z"];
        string file = Path.GetTempFileName();
        try
        {
            ml.Model.Save(model, data.Schema, file);
            string written = ml.Sequences().LanguageModeling.CreateGenerator(model)
                .GenerateText(texts[0], new GenerationOptions { Seed = 7, Temperature = 2.5f, MaximumLength = 60 });
            IEnumerable<string> expected = model.Transform(LanguageModelTests.Lines(ml, texts))
                .GetColumn<float[]>("LogProbabilities")
                .Select(scores => string.Join(' ', scores.Select(BitConverter.SingleToInt32Bits))).Append(written);
            Assert.Equal(expected, Run([file, .. texts]));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_process_that_never_touched_our_types_extracts_the_same_spans()
    {
        var ml = new MLContext(1);
        var data = new TestView(TestColumn.Tags("Tags", "O B-A I-A", "B-A I-A O", "O B-A O"),
            TestColumn.Offsets("Offsets", [0, 3, 4, 4, 9, 5], [0, 1, 2, 5, 8, 1]), TestColumn.Texts("Text", "New York today",
                "a place !"));
        ITransformer model = ml.Sequences().Tagging.ExtractSpans("Spans", "Tags", "Offsets", "Text").Fit(data);
        string file = Path.GetTempFileName(), rows = Path.GetTempFileName();
        try
        {
            ml.Model.Save(model, data.Schema, file);
            using (FileStream stream = File.Create(rows))
                ml.Data.SaveAsBinary(data, stream);
            Assert.Equal(["New York", "place"], Run([file, "--rows", rows, "Spans"]));
        }
        finally
        {
            File.Delete(file);
            File.Delete(rows);
        }
    }

    [Fact]
    public void A_process_that_never_touched_our_types_tags_the_same()
    {
        var ml = new MLContext(1);
        IDataView data = ml.TaggedView(40);
        TaggingOptions options = TaggedExamples.Glance with
        {
            TagDecoding = TagDecoding.Crf,
            CharacterHiddenSize = 3,
            SubwordEmbeddingSize = 4,
        };
        ITransformer model = ml.TagKeys().Append(ml.Tagger(options, "Words", "Tokens"))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedTags", "PredictedLabel")).Fit(data);
        string file = Path.GetTempFileName(), rows = Path.GetTempFileName();
        try
        {
            ml.Model.Save(model, data.Schema, file);
            using (FileStream stream = File.Create(rows))
                ml.Data.SaveAsBinary(data, stream);
            Assert.Equal(ml.Tag(model, data).Select(row => string.Join('|', row.PredictedTags)),
                Run([file, "--rows", rows, "PredictedTags"]));
        }
        finally
        {
            File.Delete(file);
            File.Delete(rows);
        }
    }

    /// <summary>Runs the app that is built beside the tests, and gives the lines it prints.</summary>
    private static string[] Run(string[] arguments)
    {
        using Process process = ChildApp.Start("SequenceModels.FreshLoad", arguments);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }
}
