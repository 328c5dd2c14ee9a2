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
    public void So_it_does_with_a_forecast()
    {
        var ml = new MLContext(1);
        TimeStep[] steps = Steps.Wave(40);
        var model = ml.Transforms.NormalizeMinMax("Value").Append(ml.Forecasting.ForecastByLstm("Forecast", ["Value"], 8, 2, Steps.Glance)).Fit(ml.View(steps));
        string file = Path.GetTempFileName();
        try
        {
            ml.Model.Save(model, ml.View(steps).Schema, file);
            IEnumerable<string> expected = model.Forecasts(ml.View(steps))[0].Select(forecast => string.Join(' ', forecast.Select(BitConverter.SingleToInt32Bits)));
            Assert.Equal(expected, Run([file, "--forecast", .. steps.Select(step => step.Value.ToString("R", CultureInfo.InvariantCulture))]));
        }
        finally
        {
            File.Delete(file);
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
