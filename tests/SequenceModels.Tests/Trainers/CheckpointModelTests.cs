using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Tests.Conformance;
using SequenceModels.Tests.Forecasting;
using Xunit;

namespace SequenceModels.Tests.Trainers;

/// <summary>A training that was stopped is a model: its checkpoint has all that one needs.</summary>
public sealed class CheckpointModelTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sequence-models-").FullName;
    private readonly MLContext _ml = new(1);
    private readonly List<StopAfter> _stops = [];

    private string Checkpoint => Path.Combine(_folder, "training.checkpoint");

    public void Dispose()
    {
        _stops.ForEach(stop => stop.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("classes")]
    [InlineData("texts")]
    [InlineData("tagging")]
    [InlineData("language model")]
    [InlineData("forecast")]
    public void What_Fit_gave_of_a_training_that_was_stopped_is_in_its_checkpoint(string name)
    {
        foreach (int epochs in new[] { 2, 0 })
        {
            Task task = Of(name);
            ITransformer given = task.Fit(epochs);
            Assert.True(File.Exists(Checkpoint));
            ITransformer read = task.Read(new MLContext(7), Checkpoint);
            Assert.Equal(given.GetType(), read.GetType());
            string[] expected = Rows.Of(given.Transform(task.Rows), task.Outputs);
            Assert.Equal(expected, Rows.Of(read.Transform(task.Rows), task.Outputs));
            Assert.Equal(expected.Length, expected.Count(row => row != ""));
            using var file = new MemoryStream();
            _ml.Model.Save(read, task.Rows.Schema, file);
            Assert.Equal(expected, Rows.Of(_ml.Model.Load(file, out _).Transform(task.Rows), task.Outputs));
            File.Delete(Checkpoint);
        }
    }

    [Fact]
    public void It_has_the_course_of_the_training_and_the_names_of_classes()
    {
        Task task = Of("classes");
        var given = (SequencePredictionTransformer)task.Fit(3);
        var read = SequencePredictionTransformer.FromCheckpoint(_ml, Checkpoint);
        Assert.Equal(given.Model.History, read.Model.History);
        Assert.Equal(3, read.Model.History.Count);
        Assert.Equal(given.Model.Network.Bytes(), read.Model.Network.Bytes());
        IDataView named = _ml.Transforms.Conversion.MapKeyToValue("Named", "PredictedLabel").Fit(read.Transform(task.Rows))
            .Transform(read.Transform(task.Rows));
        Assert.All(named.GetColumn<ReadOnlyMemory<char>>("Named"), topic => Assert.False(topic.IsEmpty));
        Assert.Equal(given.Model.Network.Bytes(), SequenceModelParameters.FromCheckpoint(Checkpoint).Network.Bytes());
    }

    [Fact]
    public void The_checkpoint_of_another_task_is_refused_in_words()
    {
        Of("tagging").Fit(1);
        string message =
            Assert.Throws<InvalidDataException>(() => SequencePredictionTransformer.FromCheckpoint(_ml, Checkpoint)).Message;
        Assert.Contains($"'{Checkpoint}' is of LSTM, tags 'Label' of", message, StringComparison.Ordinal);
        Assert.Contains("which is no training of a SequencePredictionTransformer. TaggingTransformer.FromCheckpoint reads it.",
            message, StringComparison.Ordinal);
        File.WriteAllText(Checkpoint, "something else");
        Assert.Contains(Checkpoint, Assert.Throws<InvalidDataException>(() =>
            TaggingTransformer.FromCheckpoint(_ml, Checkpoint)).Message, StringComparison.Ordinal);
        File.Delete(Checkpoint);
        Assert.Throws<FileNotFoundException>(() => TaggingTransformer.FromCheckpoint(_ml, Checkpoint));
    }

    [Fact]
    public void A_checkpoint_draws_nothing_from_the_contexts_generator()
    {
        byte[] Second(string? path)
        {
            var ml = new MLContext(4);
            SequenceTrainerOptions options = Examples.Glance with { Seed = null };
            ml.SumTrainer(options with { CheckpointPath = path }).Fit(ml.View(30));
            return ml.SumTrainer(options).Fit(ml.View(30)).Model.Network.Bytes();
        }
        Assert.Equal(Second(null), Second(Checkpoint));
    }

    [Fact]
    public void The_log_tells_of_time_that_is_used_up()
    {
        var lines = new List<string>();
        _ml.Log += (_, message) => lines.Add(message.RawMessage);
        Of("classes").Fit(0);
        Assert.Contains("training ends within epoch 1: the TimeBudget of 00:00:00.0000001 is used up. The model is the best so " +
            $"far; Fit with the same options and rows goes on from '{Checkpoint}'", lines);
    }

    private IDataView Topics()
    {
        IDataView rows = _ml.View(60);
        return _ml.Transforms.Conversion.MapValueToKey("Label", nameof(Example.Topic)).Append(_ml.Tokens()).Fit(rows)
            .Transform(rows);
    }

    /// <summary>Of each task: rows, what trains on them with the options of a test, and what reads the checkpoint.</summary>
    private sealed record Task(IDataView Rows, Func<int, ITransformer> Fit, Func<MLContext, string, ITransformer> Read,
        string[] Outputs);

    private Task Of(string task)
    {
        T Stopped<T>(T options, int epochs) where T : TrainingOptions
        {
            var stop = new StopAfter(epochs);
            _stops.Add(stop);
            return options with
            {
                NumberOfEpochs = 4,
                ValidationFraction = 0.25,
                CheckpointPath = Checkpoint,
                LearningRate = 0.05f,
                Seed = 3,
                TimeBudget = epochs == 0 ? TimeSpan.FromTicks(1) : null,
                OnCancel = OnCancel.KeepBest,
                Progress = stop,
                CancellationToken = stop.Token,
            };
        }
        switch (task)
        {
            case "texts":
                IDataView texts = _ml.View(60);
                return new(texts, epochs => _ml.BinaryClassification.Trainers.TextLstm(nameof(Example.Positive), options:
                    Stopped(new TextTrainerOptions { HiddenSize = 6, EmbeddingSize = 6 }, epochs)).Fit(texts),
                    SequencePredictionTransformer.FromCheckpoint, ["Score", "Probability", "PredictedLabel"]);
            case "tagging":
                IDataView tags = _ml.Prepared(60);
                return new(tags, epochs => _ml.Tagger(Stopped(TaggedExamples.Glance, epochs), "Tokens", "Words").Fit(tags),
                    TaggingTransformer.FromCheckpoint, ["Score", "PredictedLabel"]);
            case "language model":
                IDataView lines = LanguageModelTests.Lines(_ml,
                    [.. Enumerable.Range(0, 12).Select(i => LanguageModelTests.Cycle(9 + i, i) + "cab")]);
                lines = LanguageModelTests.Tokens(_ml).Fit(lines).Transform(lines);
                return new(lines, epochs => _ml.Sequences().LanguageModeling.Trainers.Lstm(options:
                    Stopped(LanguageModelTests.Quick with { HiddenSize = 6 }, epochs)).Fit(lines),
                    LanguageModelTransformer.FromCheckpoint, ["Perplexity", "LogProbabilities"]);
            case "forecast":
                IDataView steps = _ml.View(Forecasting.Steps.Wave(90));
                return new(steps, epochs => _ml.Forecasting.ForecastByLstm("Forecast", ["Value"], 8, 2,
                    Stopped(Forecasting.Steps.Glance with { BatchSize = 16 }, epochs)).Fit(steps),
                    ForecastTransformer.FromCheckpoint, ["Forecast", "ForecastLowerBound", "ForecastUpperBound"]);
            default:
                IDataView rows = Topics();
                return new(rows, epochs => _ml.MulticlassClassification.Trainers.Lstm(options:
                    Stopped(Examples.Glance, epochs)).Fit(rows),
                    SequencePredictionTransformer.FromCheckpoint, ["Score", "PredictedLabel"]);
        }
    }

    /// <summary>Cancels in the epoch behind; 0: never.</summary>
    private sealed class StopAfter(int epochs) : IProgress<TrainingProgress>, IDisposable
    {
        private readonly CancellationTokenSource _stop = new();

        public CancellationToken Token => _stop.Token;

        public void Report(TrainingProgress value)
        {
            if (epochs > 0 && value.Epoch > epochs)
                _stop.Cancel();
        }

        public void Dispose() => _stop.Dispose();
    }
}
