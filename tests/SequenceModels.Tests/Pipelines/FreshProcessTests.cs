using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Tests.Trainers;
using Xunit;

namespace SequenceModels.Tests.Pipelines;

public class FreshProcessTests
{
    [Fact]
    public void A_process_that_never_touched_our_types_loads_the_model_and_scores_the_same_bits()
    {
        var ml = new MLContext(1);
        IDataView data = ml.View(60);
        ITransformer model = ml.TopicPipeline(Examples.Glance).Fit(data);
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
    public void A_process_that_never_touched_our_types_extracts_the_same_spans()
    {
        var ml = new MLContext(1);
        var data = new TestView(TestColumn.Tags("Tags", "O B-A I-A", "B-A I-A O", "O B-A O"),
            TestColumn.Offsets("Offsets", [0, 3, 4, 4, 9, 5], [0, 1, 2, 5, 8, 1]), TestColumn.Texts("Text", "New York today", "a place !"));
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
        TaggingOptions options = TaggedExamples.Glance with { TagDecoding = TagDecoding.Crf, CharacterHiddenSize = 3 };
        ITransformer model = ml.TagKeys().Append(ml.Tagger(options, "Words", "Tokens"))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedTags", "PredictedLabel")).Fit(data);
        string file = Path.GetTempFileName(), rows = Path.GetTempFileName();
        try
        {
            ml.Model.Save(model, data.Schema, file);
            using (FileStream stream = File.Create(rows))
                ml.Data.SaveAsBinary(data, stream);
            Assert.Equal(ml.Tag(model, data).Select(row => string.Join('|', row.PredictedTags)), Run([file, "--rows", rows, "PredictedTags"]));
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
        DirectoryInfo own = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        const string app = "SequenceModels.FreshLoad";
        string path = Path.Combine(own.Parent!.Parent!.FullName, app, own.Name, app + ".dll");
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [path, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }
}
