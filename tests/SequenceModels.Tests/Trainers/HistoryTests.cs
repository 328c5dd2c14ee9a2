using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace SequenceModels.Tests.Trainers;

/// <summary>The course of a training as its model keeps it.</summary>
public class HistoryTests
{
    private static readonly SequenceTrainerOptions s_options = Examples.Glance with
    {
        NumberOfEpochs = 4,
        LearningRateSchedule = LearningRateSchedule.StepDecay(0.5f),
        ValidationFraction = 0.25,
        EarlyStoppingPatience = 3,
    };

    private readonly MLContext _ml = new(1);

    [Fact]
    public void It_has_a_row_for_each_epoch()
    {
        var losses = new Dictionary<int, double>();
        SequenceModelParameters model =
            _ml.SumTrainer(s_options with { Progress = new Reports(report => losses[report.Epoch] = report.Loss) })
            .Fit(_ml.View(60)).Model;
        Assert.Equal([1, 2, 3, 4], model.History.Select(epoch => epoch.Epoch));
        Assert.Equal([0.02f, 0.01f, 0.005f, 0.0025f], model.History.Select(epoch => epoch.LearningRate));
        Assert.Equal(losses.Values, model.History.Select(epoch => epoch.TrainingLoss));
        Assert.All(model.History, epoch =>
        {
            Assert.InRange(epoch.GradientNorm, double.Epsilon, epoch.LargestGradientNorm - double.Epsilon);
            Assert.NotNull(epoch.Validation);
            Assert.True(epoch is { Duration.Ticks: > 0, StepsPerSecond: > 0 });
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void It_is_saved_with_the_model(bool ofClasses)
    {
        IDataView data = _ml.View(60);
        ITransformer model = ofClasses ? _ml.TopicPipeline(s_options).Fit(data) : _ml.SumTrainer(s_options).Fit(data);
        ITransformer loaded = new MLContext().Model.Load(Saved(model, data), out _);
        SequenceModelParameters before = ParametersOf(model), after = ParametersOf(loaded);
        Assert.Equal(4, before.History.Count);
        Assert.Equal(before.History, after.History);
        Assert.Equal(Page(before), Page(after));
    }

    [Fact]
    public void A_report_shows_it()
    {
        string with = Page(ParametersOf(_ml.SumTrainer(s_options).Fit(_ml.View(60))));
        string without =
            Page(ParametersOf(_ml.SumTrainer(s_options with { ValidationFraction = 0, EarlyStoppingPatience = 0 })
                .Fit(_ml.View(60))));
        Assert.Contains("validation rows", with, StringComparison.Ordinal);
        Assert.DoesNotContain("training rows", with, StringComparison.Ordinal);
        Assert.Contains("training rows", without, StringComparison.Ordinal);
        Assert.DoesNotContain("validation rows", without, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_of_equal_trainings_differ_in_nothing_but_times()
    {
        IDataView data = _ml.View(60);
        SequencePredictionTransformer Fit() => _ml.SumTrainer(s_options with { NumberOfThreads = 0 }).Fit(data);
        SequencePredictionTransformer first = Fit(), second = Fit();
        Assert.NotEqual(first.Model.History, second.Model.History); // the clock never agrees on all of them
        Dictionary<string, byte[]> one = Timeless(first, data), other = Timeless(second, data);
        Assert.Equal(one.Keys, other.Keys);
        Assert.All(one.Keys, entry => Assert.Equal(one[entry], other[entry]));
    }

    /// <summary>The entries of the model's file, with zeros where it has times and paces.</summary>
    private Dictionary<string, byte[]> Timeless(SequencePredictionTransformer model, IDataView data)
    {
        using var zip = new ZipArchive(Saved(model, data));
        return zip.Entries.ToDictionary(entry => entry.FullName, entry =>
        {
            using Stream content = entry.Open();
            using var bytes = new MemoryStream();
            content.CopyTo(bytes);
            byte[] all = bytes.ToArray();
            if (entry.Name != "Payload.bin")
                return all;
            all.AsSpan(all.Length - 32).Clear(); // the checksum
            foreach (TrainingEpoch epoch in model.Model.History)
            {
                byte[] times = [.. BitConverter.GetBytes(epoch.Duration.Ticks), .. BitConverter.GetBytes(epoch.StepsPerSecond)];
                int place = all.AsSpan().IndexOf(times);
                Assert.InRange(place, 0, all.Length);
                all.AsSpan(place, times.Length).Clear();
            }
            return all;
        });
    }

    private MemoryStream Saved(ITransformer model, IDataView data)
    {
        var file = new MemoryStream();
        _ml.Model.Save(model, data.Schema, file);
        file.Position = 0;
        return file;
    }

    private static SequenceModelParameters ParametersOf(ITransformer model) => model is IEnumerable<ITransformer> chain
        ? chain.OfType<SequencePredictionTransformer>().Single().Model : ((SequencePredictionTransformer)model).Model;

    private static string Page(SequenceModelParameters model)
    {
        string path = Path.GetTempFileName();
        try
        {
            model.WriteReport(path);
            return File.ReadAllText(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Unlike Progress{T}, tells on the thread that reports.</summary>
    private sealed class Reports(Action<TrainingProgress> on) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => on(value);
    }
}
