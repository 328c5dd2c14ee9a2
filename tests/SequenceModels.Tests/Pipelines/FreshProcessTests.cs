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
