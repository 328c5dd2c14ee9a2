using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace SequenceModels.Tests.Trainers;

/// <summary>A training that goes on from a trained model.</summary>
public class WarmStartTests
{
    private static readonly SequenceTrainerOptions s_options = Examples.Glance with { HiddenSize = 8, NumberOfEpochs = 3 };

    /// <summary>Steps too small to move a weight.</summary>
    private static readonly SequenceTrainerOptions s_still =
        s_options with { LearningRate = 1e-30f, Optimizer = SequenceOptimizer.Sgd() };

    private readonly MLContext _ml = new(1);

    [Fact]
    public void Without_a_step_it_is_the_initial_model()
    {
        IDataView tokens = Tokens(60);
        SequencePredictionTransformer initial = Binary(s_options).Fit(tokens);
        byte[] before = initial.Model.Network.Bytes();
        Assert.Equal(initial.Scores(tokens), Binary(s_still with { Seed = 9 }).Fit(tokens, null, initial.Model).Scores(tokens));
        Assert.NotEqual(initial.Scores(tokens), Binary(s_options).Fit(tokens, null, initial.Model).Scores(tokens));
        Assert.Equal(before, initial.Model.Network.Bytes());
    }

    [Fact]
    public void It_goes_on_where_the_initial_model_stands()
    {
        // With all rows in one batch, the loss of an epoch is that of the weights before it.
        SequenceTrainerOptions whole = s_options with { BatchSize = 1000, NumberOfEpochs = 10 };
        IDataView tokens = Tokens(60);
        IReadOnlyList<TrainingEpoch> Fit(SequenceModelParameters? initial, out SequenceModelParameters model) =>
            (model = Binary(whole).Fit(tokens, tokens, initial).Model).History;
        IReadOnlyList<TrainingEpoch> first = Fit(null, out SequenceModelParameters initial), second = Fit(initial, out _);
        Assert.Equal(first[0].Validation!.Loss, first[1].TrainingLoss, 1e-6);
        Assert.Equal(first[^1].Validation!.Loss, second[0].TrainingLoss, 1e-6);
        Assert.True(second[^1].Validation!.Loss < first[^1].Validation!.Loss);
        Assert.Equal(Enumerable.Range(1, 10), second.Select(epoch => epoch.Epoch));
    }

    public static IEnumerable<TheoryDataRow<string, string>> Shapes =>
    [
        new(nameof(SequenceTrainerOptions.HiddenSize), "HiddenSize (8, here 9)"),
        new(nameof(SequenceTrainerOptions.NumberOfLayers), "NumberOfLayers (1, here 2)"),
        new(nameof(SequenceTrainerOptions.Bidirectional), "Bidirectional (False, here True)"),
        new(nameof(SequenceTrainerOptions.EmbeddingSize), "EmbeddingSize (8, here 9)"),
        new(nameof(SequenceTrainerOptions.Pooling), "Pooling (Last, here Max)"),
    ];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Another_shape_is_refused(string option, string difference)
    {
        IDataView tokens = Tokens(20);
        SequenceModelParameters initial = Binary(s_options).Fit(tokens).Model;
        RefusesShape(Binary(option switch
        {
            nameof(s_options.HiddenSize) => s_options with { HiddenSize = 9 },
            nameof(s_options.NumberOfLayers) => s_options with { NumberOfLayers = 2 },
            nameof(s_options.Bidirectional) => s_options with { Bidirectional = true },
            nameof(s_options.EmbeddingSize) => s_options with { EmbeddingSize = 9 },
            _ => s_options with { Pooling = SequencePooling.Max },
        }), tokens, initial, difference);
    }

    [Fact]
    public void Another_cell_or_task_is_refused()
    {
        IDataView data = _ml.Transforms.Conversion.MapValueToKey("Key", nameof(Example.Topic)).Append(_ml.Tokens())
            .Fit(_ml.View(30)).Transform(_ml.View(30));
        SequenceModelParameters binary = Binary(s_options).Fit(data).Model;
        RefusesShape(_ml.BinaryClassification.Trainers.Gru(nameof(Example.Positive), options: s_options), data, binary,
            "Cell (LSTM, here GRU)");
        RefusesShape(_ml.Regression.Trainers.Lstm(nameof(Example.Sum), options: s_options), data, binary,
            "Head (Sigmoid, here Regression)");
        RefusesShape(_ml.MulticlassClassification.Trainers.Lstm("Key", options: s_options), data, binary,
            "Head (Sigmoid, here Softmax), NumberOfOutputs (1, here 3)");
        RefusesShape(_ml.BinaryClassification.Trainers.Gru(nameof(Example.Positive), options: s_options with { HiddenSize = 9 }),
            data, binary,
            "Cell (LSTM, here GRU), HiddenSize (8, here 9)");
    }

    [Fact]
    public void Another_number_of_classes_is_refused()
    {
        SequenceModelParameters initial = Topics(s_options).Fit(Keyed("red", "green", "blue")).Model;
        RefusesShape(Topics(s_options), Keyed("red", "green"), initial, "NumberOfOutputs (3, here 2)");
    }

    [Fact]
    public void Another_input_is_refused()
    {
        SequenceModelParameters tokens = Binary(s_options).Fit(Tokens(20)).Model, numbers = _ml.SumTrainer(s_options)
            .Fit(_ml.View(20)).Model;
        Refuses(_ml.BinaryClassification.Trainers.Lstm(nameof(Example.Positive), nameof(Example.Readings), options: s_options),
            _ml.View(20), tokens,
            "Column 'Readings' holds frames of 1 number, but the model was trained on tokens of a vocabulary of ");
        Refuses(_ml.Regression.Trainers.Gru(nameof(Example.Sum), options: s_options), Tokens(20), numbers,
            "Column 'Features' holds tokens of a vocabulary of ");
        IDataView wide = _ml.Data.LoadFromEnumerable(Examples.Make(20), Examples.Framed);
        Refuses(_ml.Regression.Trainers.Gru(nameof(Example.Sum), nameof(Example.Frames), options: s_options), wide, numbers,
            "Column 'Frames' holds frames of 2 numbers, but the model was trained on frames of 1 number.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Another_vocabulary_of_the_same_size_is_refused(bool saved)
    {
        // Keys go by frequency: the same words, with each other's keys.
        IDataView first = Tokenized("up up down", "down up"), other = Tokenized("down down up", "up down"),
            same = Tokenized("up up", "up down");
        SequencePredictionTransformer initial = Binary(s_options).Fit(first);
        SequenceModelParameters model = saved ? SavedAndLoaded(initial, first).Model : initial.Model;
        Refuses(Binary(s_options), other, model,
            "The initial model was trained with another vocabulary: the keys of column 'Features' stand for " +
            "other tokens than they did, though there are as many. Tokenize the rows with the transform that was fitted for " +
            "the initial model.");
        Assert.NotNull(Binary(s_options).Fit(same, null, model));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Other_classes_of_the_same_number_are_refused(bool saved)
    {
        IDataView first = Keyed("red", "green", "blue");
        SequencePredictionTransformer initial = Topics(s_options).Fit(first);
        SequenceModelParameters model = saved ? SavedAndLoaded(initial, first).Model : initial.Model;
        Refuses(Topics(s_options), Keyed("red", "blue", "green"), model,
            "The initial model was trained with other classes: the keys of column " +
            "'Label' stand for other values than they did, though there are as many. Map the labels with the transform that " +
            "was fitted for the " +
            "initial model.");
        Assert.NotNull(Topics(s_options).Fit(first, null, model));
    }

    [Fact]
    public void The_scaling_of_frames_and_labels_is_kept()
    {
        SequenceTrainerOptions scaled = s_options with { FrameScaling = FrameScaling.Standard };
        IDataView data = _ml.View(40);
        SequencePredictionTransformer initial = _ml.SumTrainer(scaled).Fit(data);
        List<Example> rows = Examples.Make(40);
        foreach (Example row in rows)
            (row.Readings, row.Sum) = ([.. row.Readings.Select(value => 50 * value + 100)], 1000 * row.Sum);
        IDataView other = _ml.Data.LoadFromEnumerable(rows);

        SequencePredictionTransformer warm = _ml.SumTrainer(s_still with { FrameScaling = FrameScaling.Standard })
            .Fit(other, null, initial.Model);
        Assert.Equal(initial.Scores(data), warm.Scores(data));
        Assert.Equal(initial.Model.Network.Layers.Labels, warm.Model.Network.Layers.Labels);
        Assert.NotEqual(initial.Model.Network.Layers.Labels, _ml.SumTrainer(scaled).Fit(other).Model.Network.Layers.Labels);
        // Nor is a scaling taken away by options that ask for none.
        Assert.Equal(initial.Scores(data), _ml.SumTrainer(s_still).Fit(other, null, initial.Model).Scores(data));
    }

    [Fact]
    public void The_weights_of_a_checkpoint_can_be_gone_on_from()
    {
        string folder = Directory.CreateTempSubdirectory("SequenceModels-test-").FullName,
            path = Path.Combine(folder, "checkpoint");
        try
        {
            IDataView tokens = Tokens(40);
            using var source = new CancellationTokenSource();
            SequenceTrainerOptions stopped = s_options with
            {
                NumberOfEpochs = 100,
                BatchSize = 1000,
                CheckpointPath = path,
                CancellationToken = source.Token,
                Progress = new StopsAt(source, epoch: 3),
            };
            Assert.ThrowsAny<OperationCanceledException>(() => Binary(stopped).Fit(tokens));
            SequenceModelParameters initial = SequenceModelParameters.FromCheckpoint(path);

            Assert.Equal([false, false, true], initial.History.Select(epoch => epoch.IsSelected));
            Assert.Equal(Binary(s_options with { BatchSize = 1000, NumberOfEpochs = 3 }).Fit(tokens).Model.Network.Bytes(),
                initial.Network.Bytes());
            Assert.Equal(initial.Network.Bytes(), Binary(s_still).Fit(tokens, null, initial).Model.Network.Bytes());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void RefusesShape(SequenceTrainer trainer, IDataView data, SequenceModelParameters initial,
        string differences) =>
        Refuses(trainer, data, initial,
            $"The initial model has another shape than the options and the data ask for: {differences}. " +
            "Training goes on from a model only where all of this is the same.");

    private static void Refuses(SequenceTrainer trainer, IDataView data, SequenceModelParameters initial, string message)
    {
        var watched = new WatchedView(data);
        Exception error = Assert.ThrowsAny<ArgumentException>(() => trainer.Fit(watched, null, initial));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(0, watched.Moves);
    }

    private SequenceTrainer Binary(SequenceTrainerOptions options) =>
        _ml.BinaryClassification.Trainers.Lstm(nameof(Example.Positive), options: options);

    private SequenceTrainer Topics(SequenceTrainerOptions options) =>
        _ml.MulticlassClassification.Trainers.Gru("Label", nameof(Example.Readings), options: options);

    private IDataView Tokens(int rows) => _ml.Tokens().Fit(_ml.View(100)).Transform(_ml.View(rows));

    private IDataView Tokenized(params string[] texts)
    {
        IDataView data =
            _ml.Data.LoadFromEnumerable(texts.Select((text, row) => new Example { Text = text, Positive = row % 2 == 0 }));
        return _ml.Tokens().Fit(data).Transform(data);
    }

    /// <summary>Rows of these topics, whose keys are in their order.</summary>
    private IDataView Keyed(params string[] topics)
    {
        List<Example> rows = Examples.Make(topics.Length);
        for (int row = 0; row < rows.Count; row++)
            rows[row].Topic = topics[row];
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        return _ml.Transforms.Conversion.MapValueToKey("Label", nameof(Example.Topic)).Fit(data).Transform(data);
    }

    private SequencePredictionTransformer SavedAndLoaded(SequencePredictionTransformer model, IDataView data)
    {
        using var file = new MemoryStream();
        _ml.Model.Save(model, data.Schema, file);
        file.Position = 0;
        return (SequencePredictionTransformer)_ml.Model.Load(file, out _);
    }

    /// <summary>Cancels with an epoch's last batch, too late for that epoch not to end.</summary>
    private sealed class StopsAt(CancellationTokenSource source, int epoch) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Epoch == epoch && value.Batch == value.NumberOfBatches)
                source.Cancel();
        }
    }
}
