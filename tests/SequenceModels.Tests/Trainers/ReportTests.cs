using System.Globalization;
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using SequenceModels.Kernels;
using Xunit;

namespace SequenceModels.Tests.Trainers;

/// <summary>What a training tells while it runs, and how it is stopped.</summary>
public class ReportTests
{
    private readonly MLContext _ml = new(1);
    private readonly List<(ChannelMessageKind Kind, string Text)> _log = [];

    public ReportTests() => _ml.Log += (_, e) => _log.Add((e.Kind, e.RawMessage));

    [Fact]
    public void Each_epoch_logs_a_line()
    {
        _ml.SumTrainer(Examples.Glance with { NumberOfEpochs = 3 }).Fit(_ml.View(10));
        Assert.Collection(_log.Where(line => line.Kind == ChannelMessageKind.Info &&
            line.Text.StartsWith("epoch", StringComparison.Ordinal)),
            line => Assert.Matches(@"^epoch 1/3 loss \d+\.\d{4}$", line.Text),
            line => Assert.Matches(@"^epoch 2/3 loss \d+\.\d{4}$", line.Text),
            line => Assert.Matches(@"^epoch 3/3 loss \d+\.\d{4}$", line.Text));
    }

    [Fact]
    public void The_line_of_an_epoch_has_its_validation()
    {
        IReadOnlyList<TrainingEpoch> numbers = _ml.SumTrainer(Examples.Glance).Fit(_ml.View(30), _ml.View(20)).Model.History;
        IReadOnlyList<TrainingEpoch> classes = _ml.BinaryPipeline(Examples.Glance with { ValidationFraction = 0.2 })
            .Fit(_ml.View(30))
            .LastTransformer.Model.History;
        string[] lines = [.. numbers.Concat(classes).Select(epoch => string.Create(CultureInfo.InvariantCulture,
            $"epoch {epoch.Epoch}/2 loss {epoch.TrainingLoss:F4} validation loss {epoch.Validation!.Loss:F4} ") +
                (epoch.Validation.Accuracy is { } accuracy
                ? string.Create(CultureInfo.InvariantCulture,
                    $"accuracy {accuracy:F4} AUC {epoch.Validation.AreaUnderRocCurve:F4}")
                : string.Create(CultureInfo.InvariantCulture, $"RMSE {epoch.Validation.RootMeanSquaredError:G5}")))];
        Assert.Equal(lines,
            _log.Where(line => line.Kind == ChannelMessageKind.Info && line.Text.StartsWith("epoch", StringComparison.Ordinal))
            .Select(line => line.Text));
        Assert.Equal(["RMSE", "RMSE", "AUC", "AUC"], lines.Select(line => line.Split(' ')[^2]));
    }

    [Fact]
    public void Skipped_rows_of_the_validation_data_are_said_to_be_such()
    {
        List<Example> rows = [.. Examples.Make(20), new Example { Sum = float.NaN, Readings = [1] }];
        _ml.SumTrainer(Examples.Glance).Fit(_ml.View(20), _ml.Data.LoadFromEnumerable(rows));
        Assert.Equal("Rows skipped because their label in column 'Sum' is missing: 1, of the validation data.",
            Assert.Single(Warnings()));
    }

    [Fact]
    public void Rows_without_a_label_are_skipped_and_counted_once()
    {
        List<Example> rows = Examples.Make(20);
        SequencePredictionTransformer without = _ml.SumTrainer(Examples.Glance).Fit(_ml.Data.LoadFromEnumerable(rows));
        rows.Insert(4, new Example { Sum = float.NaN, Readings = [1] });
        rows.Add(new Example { Sum = float.NaN, Readings = [2, 3] });

        SequencePredictionTransformer with = _ml.SumTrainer(Examples.Glance).Fit(_ml.Data.LoadFromEnumerable(rows));

        Assert.Equal("Rows skipped because their label in column 'Sum' is missing: 2.", Assert.Single(Warnings()));
        Assert.Equal(without.Model.Network.Bytes(), with.Model.Network.Bytes());
    }

    [Fact]
    public void A_missing_key_is_a_missing_label()
    {
        List<Example> rows = Examples.Make(30);
        var known = _ml.Transforms.Conversion.MapValueToKey("Label", nameof(Example.Topic))
            .Fit(_ml.Data.LoadFromEnumerable(rows.Where(row => row.Topic != "blue")));

        _ml.MulticlassClassification.Trainers.Lstm(featureColumnName: nameof(Example.Readings), options: Examples.Glance)
            .Fit(known.Transform(_ml.Data.LoadFromEnumerable(rows)));

        Assert.Equal($"Rows skipped because their label in column 'Label' is missing: {rows.Count(row => row.Topic == "blue")}.",
            Assert.Single(Warnings()));
    }

    [Fact]
    public void Padding_that_is_read_as_steps_is_warned_of_in_Fit_and_once_for_each_view_and_engine()
    {
        const string Padded =
            "Column 'Padded' is padded, and padded slots are read as steps. Sequences may be of any length: leave PadSequence " +
            "out.";
        var model = _ml.Transforms.PadSequence("Padded", 8, nameof(Example.Readings))
            .Append(_ml.Regression.Trainers.Lstm(nameof(Example.Sum), "Padded", options: Examples.Glance)).Fit(_ml.View(10));
        Assert.Equal(Padded, Assert.Single(Warnings()));
        _log.Clear();
        IDataView scored = model.Transform(_ml.View(10));
        Assert.Empty(Warnings()); // nothing is read yet
        Assert.Equal(10, scored.GetColumn<float>("Score").Count());
        Assert.Equal(10, scored.GetColumn<float>("Score").Count());
        Assert.Equal(Padded, Assert.Single(Warnings()));
        _log.Clear();
        model.LastTransformer.GetRowToRowMapper(model.Take(1).Single().GetOutputSchema(_ml.View(10).Schema));
        Assert.Equal(Padded, Assert.Single(Warnings()));
    }

    [Fact]
    public void Progress_reaches_the_last_batch()
    {
        var reports = new Reports(_ => { });
        _ml.SumTrainer(Examples.Glance with { NumberOfEpochs = 2, BatchSize = 4, Progress = reports }).Fit(_ml.View(10));
        TrainingProgress last = reports.Seen[^1];
        Assert.Equal((2, 2, 3, 3), (last.Epoch, last.NumberOfEpochs, last.Batch, last.NumberOfBatches));
        Assert.True(last.Loss > 0);
    }

    [Fact]
    public void A_token_stops_the_training()
    {
        using var source = new CancellationTokenSource();
        SequenceTrainerOptions endless = Endless(source.Cancel) with { CancellationToken = source.Token };
        Assert.ThrowsAny<OperationCanceledException>(() => _ml.SumTrainer(endless).Fit(_ml.View(10)));
    }

    [Fact]
    public void A_token_that_is_cancelled_before_stops_the_reading_of_rows()
    {
        SequenceTrainer trainer =
            _ml.SumTrainer(Examples.Glance with { CancellationToken = new CancellationToken(canceled: true) });
        Assert.ThrowsAny<OperationCanceledException>(() => trainer.Fit(_ml.View(10)));
    }

    [Fact]
    public void The_context_stops_the_training()
    {
        // Internal in ML.NET; its AutoML calls it.
        MethodInfo cancel = typeof(MLContext).GetMethod("CancelExecution", BindingFlags.NonPublic | BindingFlags.Instance)!;
        SequenceTrainerOptions endless = Endless(() => cancel.Invoke(_ml, null));
        Assert.ThrowsAny<OperationCanceledException>(() => _ml.SumTrainer(endless).Fit(_ml.View(10)));
    }

    private static SequenceTrainerOptions Endless(Action stop) =>
        Examples.Glance with { NumberOfEpochs = 1_000_000, Progress = new Reports(_ => stop()) };

    private IEnumerable<string> Warnings() =>
        _log.Where(line => line.Kind == ChannelMessageKind.Warning).Select(line => line.Text);

    /// <summary>Unlike Progress{T}, tells on the thread that reports.</summary>
    private sealed class Reports(Action<TrainingProgress> on) : IProgress<TrainingProgress>
    {
        public List<TrainingProgress> Seen { get; } = [];

        public void Report(TrainingProgress value)
        {
            Seen.Add(value);
            on(value);
        }
    }
}
