using System.Diagnostics.Metrics;
using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Training;

/// <summary>What a training shows of itself: history, progress and instruments.</summary>
public class TrainerRunTests
{
    private static readonly SequenceTrainerOptions s_options =
        Plain.Options with { NumberOfEpochs = 3, BatchSize = 16, LearningRate = 0.01f };

    [Fact]
    public void An_epochs_figures_are_those_of_its_batches()
    {
        TrainingJob job = Job(s_options);
        TrainingEpoch[] history = [.. Trainer.Train(job).History];
        using var training = new StepwiseTraining(job.Spec, job.Data, job.Options, job.Seed);
        Assert.Equal([1, 2, 3], history.Select(epoch => epoch.Epoch));
        Assert.Equal(7, training.BatchesInAnEpoch); // of which the last is short
        foreach (TrainingEpoch epoch in history)
        {
            (double Loss, double Weight, double Norm)[] batches = [.. Enumerable.Range(0, 7).Select(_ => training.Learn())];
            Assert.Equal(batches.Sum(batch => batch.Loss) / batches.Sum(batch => batch.Weight), epoch.TrainingLoss, 1e-12);
            Assert.Equal(batches.Average(batch => batch.Norm), epoch.GradientNorm, 1e-12);
            Assert.Equal(batches.Max(batch => batch.Norm), epoch.LargestGradientNorm);
            Assert.True(epoch is { Duration.Ticks: > 0, StepsPerSecond: > 0 });
        }
    }

    [Fact]
    public void The_gradient_norm_is_that_before_clipping()
    {
        // One step of plain descent moves the weights by rate * gradient.
        TrainingJob job =
            Job(s_options with
            {
                NumberOfEpochs = 1,
                BatchSize = 1000,
                Optimizer = SequenceOptimizer.Sgd(),
                GradientClipNorm = 100
            });
        SequenceNetwork first = Trainer.Train(job with { Options = job.Options with { LearningRate = 1e-30f } }).Network;
        TrainingResult free = Trainer.Train(job),
            clipped = Trainer.Train(job with { Options = job.Options with { GradientClipNorm = 1e-3f } });
        double norm = Distance(first, free.Network) / job.Options.LearningRate;
        Assert.InRange(norm, 0.01, 100);
        Assert.Equal(norm, free.History[0].GradientNorm, 1e-3 * norm);
        Assert.Equal(1e-3, Distance(first, clipped.Network) / job.Options.LearningRate, 1e-4);
        Assert.Equal(free.History[0].GradientNorm, clipped.History[0].GradientNorm);
    }

    [Fact]
    public void The_learning_rate_is_that_of_the_epochs_last_update()
    {
        float[] Rates(LearningRateSchedule schedule) =>
            [.. Trainer.Train(
                Job(s_options with { LearningRate = 1, LearningRateSchedule = schedule,
                    Optimizer = SequenceOptimizer.Sgd() })).History
                .Select(epoch => epoch.LearningRate)];
        Assert.Equal([1, 0.5f, 0.25f], Rates(LearningRateSchedule.StepDecay(0.5f)));
        Assert.Equal([(float)(1 + Math.Cos(Math.PI * 6 / 21)) / 2, (float)(1 + Math.Cos(Math.PI * 13 / 21)) / 2,
            (float)(1 + Math.Cos(Math.PI * 20 / 21)) / 2],
            Rates(LearningRateSchedule.Cosine()));
    }

    [Fact]
    public void The_rest_is_foretold_from_the_pace_so_far()
    {
        var progress = new Reports();
        TrainingJob job = Job(s_options with { Progress = progress });
        IReadOnlyList<TrainingEpoch> history = Trainer.Train(job).History;
        Assert.Equal(history.Select(epoch => epoch.TrainingLoss),
            progress.All.Where(report => report.Ended is not null).Select(report => report.Loss));
        foreach (TrainingProgress report in progress.All)
        {
            int done = (report.Epoch - 1) * 7 + report.Batch;
            Assert.Equal(report.Elapsed.TotalSeconds * (21 - done) / done, report.Remaining.TotalSeconds, 1e-6);
        }
        Assert.Equal(TimeSpan.Zero, progress.All[^1].Remaining);
    }

    /// <summary>Two epochs came from a checkpoint; the third took all of the time, and the fourth will take as much.</summary>
    [Fact]
    public void After_a_checkpoint_the_pace_is_that_of_what_was_learned_since()
    {
        var progress = new Reports();
        var reports =
            new ProgressReporter(Job(s_options with { NumberOfEpochs = 4, Progress = progress }), batches: 10, before: 20);
        reports.Batch(epoch: 3, batch: 10, steps: 100, loss: 1);
        TrainingProgress report = Assert.Single(progress.All);
        Assert.True(report.Elapsed > TimeSpan.Zero);
        Assert.Equal(report.Elapsed, report.Remaining);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    public void The_instruments_show_each_batch_and_epoch(double validationFraction)
    {
        string subject = $"a network watched with {validationFraction}"; // other tests train meanwhile
        TrainingJob job = Job(s_options with { ValidationFraction = validationFraction }) with { Subject = subject };
        var counted = new Dictionary<string, long>();
        var shown = new Dictionary<string, List<double>>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == "SequenceModels")
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (IsOurs(tags))
                counted[instrument.Name] = counted.GetValueOrDefault(instrument.Name) + value;
        });
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
        {
            if (!IsOurs(tags))
                return;
            if (!shown.TryGetValue(instrument.Name, out List<double>? values))
                shown.Add(instrument.Name, values = []);
            values.Add(value);
        });
        listener.Start();
        IReadOnlyList<TrainingEpoch> history = Trainer.Train(job).History;
        listener.Dispose();

        using var roles = new TrainValidationRows(job);
        int rows = roles.Training.Count, batches = (rows + 15) / 16;
        Assert.Equal(validationFraction == 0, rows == 100);
        Assert.Equal(new Dictionary<string, long>
        {
            ["sequencemodels.training.steps"] = 3L * roles.Training.Sum(job.Data.Length),
            ["sequencemodels.training.batches"] = 3 * batches,
            ["sequencemodels.training.epochs"] = 3,
        }, counted);
        Assert.Equal(history.Select(epoch => epoch.TrainingLoss), shown["sequencemodels.training.loss"]);
        Assert.Equal(history.Select(epoch => epoch.GradientNorm), shown["sequencemodels.training.gradient_norm"]);
        Assert.Equal(history.Select(epoch => (double)epoch.LearningRate), shown["sequencemodels.training.learning_rate"]);
        Assert.Equal(history.Where(epoch => epoch.Validation is not null).Select(epoch => epoch.Validation!.Loss),
            shown.GetValueOrDefault("sequencemodels.training.validation_loss", []));
        Assert.Equal(validationFraction == 0 ? 3 : 4, shown.Count);

        bool IsOurs(ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            tags.Length == 1 && tags[0].Key == "training" && subject.Equals(tags[0].Value);
    }

    private static TrainingJob Job(SequenceTrainerOptions options)
    {
        var spec = new NetworkShape
        {
            Input = StepFeatureKind.Tokens, InputSize = 4, EmbeddingSize = 4, Cell = "GRU", HiddenSize = 12,
            Head = HeadKind.Softmax, NumberOfOutputs = 4,
        };
        return new TrainingJob
        {
            Spec = spec, Data = LearningTasks.Dataset(spec, LearningTasks.LastTokenWins(100, seed: 3)),
            Options = options, Seed = 1
        };
    }

    private static double Distance(SequenceNetwork one, SequenceNetwork other)
    {
        ReadOnlySpan<float> a = one.Layers.Parameters.Values.Span, b = other.Layers.Parameters.Values.Span;
        double squares = 0;
        for (int i = 0; i < one.Layers.Parameters.Length; i++)
            squares += Math.Pow((double)a[i] - b[i], 2);
        return Math.Sqrt(squares);
    }

    private sealed class Reports : IProgress<TrainingProgress>
    {
        public List<TrainingProgress> All { get; } = [];

        public void Report(TrainingProgress value) => All.Add(value);
    }
}
