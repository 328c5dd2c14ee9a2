using SequenceModels.Cells;
using SequenceModels.Heads;
using SequenceModels.Layers;
using SequenceModels.Networks;
using SequenceModels.Parameters;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Training;

public class TrainerTests
{
    private static readonly SequenceTrainerOptions s_options =
        Plain.Options with { NumberOfEpochs = 3, BatchSize = 40, LearningRate = 0.01f, Dropout = 0.3f };

    public static IEnumerable<TheoryDataRow<string, int>> CellsAndEmbeddings =>
        from cell in RecurrentCells.All
        from embeddingSize in new[] { 0, 7 }
        select new TheoryDataRow<string, int>(cell.Name, embeddingSize);

    [Theory]
    [MemberData(nameof(CellsAndEmbeddings))]
    public void Any_number_of_threads_trains_the_same_bits(string cell, int embeddingSize)
    {
        (NetworkShape spec, SequenceDataset data) = Problem(cell, embeddingSize);
        byte[] one = Bytes(Trainer.Train(spec, data, s_options with { NumberOfThreads = 1 }, seed: 1));
        foreach (int threads in new[] { 0, 2, 5 })
            Assert.Equal(one, Bytes(Trainer.Train(spec, data, s_options with { NumberOfThreads = threads }, seed: 1)));
        Assert.NotEqual(one, Bytes(Trainer.Train(spec, data, s_options, seed: 2)));
    }

    [Fact]
    public void Dropout_changes_training_but_not_scoring()
    {
        (NetworkShape spec, SequenceDataset data) = Problem("LSTM", 7);
        SequenceNetwork with = Trainer.Train(spec, data, s_options, seed: 1);
        Assert.NotEqual(Bytes(with), Bytes(Trainer.Train(spec, data, s_options with { Dropout = 0 }, seed: 1)));

        var weights = new ReferenceWeights();
        foreach (Parameter parameter in with.Layers.Parameters.All)
            weights[parameter.Name] = Matrices.Read(parameter, with.Layers.Parameters.Values);
        double[] withoutDropout = new ReferenceNetwork(spec, weights).Scores(new Example([1, 2, 3], null, 0));
        float[] scores = with.Score([1u, 2, 3]);
        for (int k = 0; k < scores.Length; k++)
            Assert.Equal(withoutDropout[k], scores[k], 1e-5);
    }

    [Fact]
    public void A_row_of_weight_zero_teaches_nothing()
    {
        (NetworkShape spec, SequenceDataset data) = Problem("GRU", 0);
        SequenceDataset more = Problem("GRU", 0).Data;
        more.Add([1u, 1, 1], label: 1, weight: 0);
        // one batch: the row moves no other row elsewhere
        SequenceTrainerOptions whole = s_options with { BatchSize = 1000, Dropout = 0 };
        SequenceNetwork without = Trainer.Train(spec, data, whole, seed: 1), with = Trainer.Train(spec, more, whole, seed: 1);
        Assert.Equal(without.Score([1u, 2, 3])[0], with.Score([1u, 2, 3])[0], 1e-5);
    }

    [Fact]
    public void Standard_scaling_makes_units_irrelevant()
    {
        var random = new Random(1);
        float[][] rows =
            [.. Enumerable.Range(0, 60).Select(_ => Enumerable.Range(0, 10).Select(_ => random.NextSingle()).ToArray())];
        SequenceNetwork Train(float unit, float labelUnit)
        {
            var data = new SequenceDataset([StepFeature.Frames(2)]);
            foreach (float[] row in rows)
                data.Add(row.Select(x => x * unit).ToArray(), label: row.Sum() * labelUnit);
            return Trainer.Train(Frames(HeadKind.Regression), data,
                s_options with { FrameScaling = FrameScaling.Standard, Dropout = 0 }, seed: 1);
        }
        SequenceNetwork plain = Train(1, 1), scaled = Train(1024, 256); // powers of two: not even rounding differs
        Assert.Equal(256 * plain.Score(rows[0])[0], scaled.Score(rows[0].Select(x => x * 1024).ToArray())[0], 1e-2);
        Assert.InRange(plain.Score(rows[0])[0], 2, 8);
    }

    [Fact]
    public void A_plateau_of_the_training_loss_cuts_the_rate()
    {
        (NetworkShape spec, SequenceDataset data) = Problem("GRU", 7);
        SequenceTrainerOptions options = Plain.Options with
        {
            // too fast: the loss rises now and then
            NumberOfEpochs = 12,
            BatchSize = 100,
            LearningRate = 1,
            Optimizer = SequenceOptimizer.Sgd(),
        };
        double[] steady = Losses(options),
            cut = Losses(options with { LearningRateSchedule = LearningRateSchedule.ReduceOnPlateau(patience: 0) });
        int rise = Enumerable.Range(1, 11).First(epoch => steady[epoch] >= steady[..epoch].Min());
        Assert.InRange(rise, 1, 9);
        Assert.Equal(steady[..(rise + 2)], cut[..(rise + 2)]); // the loss of an epoch is taken before its only update
        Assert.NotEqual(steady[rise + 2], cut[rise + 2]);

        double[] Losses(SequenceTrainerOptions options)
        {
            var losses = new List<double>();
            Trainer.Train(Job(spec, data, options) with { OnEpoch = epoch => losses.Add(epoch.TrainingLoss) });
            return [.. losses];
        }
    }

    [Fact]
    public void Labels_that_are_all_equal_are_predicted()
    {
        var data = new SequenceDataset([StepFeature.Frames(2)]);
        for (int row = 0; row < 20; row++)
            data.Add([row, 1, 2, 3], label: 1234.5f);
        SequenceNetwork network =
            Trainer.Train(Frames(HeadKind.Regression), data, s_options with { NumberOfEpochs = 50 }, seed: 1);
        Assert.Equal(1234.5, network.Score([3f, 1, 2, 3])[0], 1.0);
    }

    [Fact]
    public void Rows_without_steps_train_the_bias_alone()
    {
        var data = new SequenceDataset([StepFeature.Tokens(2, 0)]);
        for (int row = 0; row < 40; row++)
            data.Add(ReadOnlySpan<uint>.Empty, label: row % 4 == 0 ? 0 : 1);
        var spec = new NetworkShape
        {
            Input = StepFeatureKind.Tokens, InputSize = 2, Cell = "LSTM", HiddenSize = 4, Head = HeadKind.Sigmoid,
            NumberOfOutputs = 1,
        };
        SequenceNetwork network = Trainer.Train(spec, data,
            Plain.Options with { NumberOfEpochs = 100, LearningRate = 0.1f, BatchSize = 40 }, seed: 1);
        Assert.Equal(Math.Log(3), network.Score(ReadOnlySpan<uint>.Empty)[0], 0.02); // three of four are positive
    }

    [Fact]
    public void Every_epoch_and_the_progress_are_reported()
    {
        (NetworkShape spec, SequenceDataset data) = Problem("RNN", 0);
        var progress = new Reports();
        var epochs = new List<(int Epoch, double Loss)>();
        Trainer.Train(Job(spec, data, s_options with { NumberOfEpochs = 4, Progress = progress }) with
        {
            OnEpoch = epoch => epochs.Add((epoch.Epoch, epoch.TrainingLoss)),
        });
        Assert.Equal([1, 2, 3, 4], epochs.Select(e => e.Epoch));
        TrainingProgress[] ends =
            [.. progress.All.Where(report => report.Batch == report.NumberOfBatches && report.Ended is null)];
        TrainingProgress[] ended = [.. progress.All.Where(report => report.Ended is not null)];
        Assert.Equal([1, 2, 3, 4], ended.Select(report => report.Epoch));
        Assert.Equal(epochs.Select(e => e.Loss), ended.Select(report => report.Ended!.TrainingLoss));
        Assert.Equal([1, 2, 3, 4], ends.Select(report => report.Epoch));
        Assert.Equal(epochs.Select(e => e.Loss), ends.Select(report => report.Loss));
        Assert.All(progress.All, report => Assert.True(report is { NumberOfEpochs: 4, NumberOfBatches: 3, StepsPerSecond: > 0 }));
        Assert.Equal(TimeSpan.Zero, progress.All[^1].Remaining);
    }

    [Fact]
    public void It_stops_within_a_batch_when_told()
    {
        (NetworkShape spec, SequenceDataset data) = Problem("RNN", 0);
        int asked = 0;
        Assert.Throws<OperationCanceledException>(() =>
            Trainer.Train(Job(spec, data, s_options with { NumberOfEpochs = int.MaxValue }) with
            {
                IsCanceled = () =>
                ++asked > 4
            }));
        Assert.Equal(5, asked);

        using var source = new CancellationTokenSource();
        var error = Assert.Throws<OperationCanceledException>(() => Trainer.Train(
            Job(spec, data, s_options with { NumberOfEpochs = int.MaxValue, CancellationToken = source.Token }) with
            {
                OnEpoch =
                _ => source.Cancel()
            }));
        Assert.Equal(source.Token, error.CancellationToken);
    }

    [Fact]
    public void A_training_that_diverges_says_what_to_change()
    {
        (NetworkShape spec, SequenceDataset data) = Problem("RNN", 0);
        var error = Assert.Throws<InvalidOperationException>(() => Trainer.Train(spec, data,
            s_options with
            {
                LearningRate = 1e38f,
                GradientClipNorm = float.PositiveInfinity,
                Optimizer = SequenceOptimizer.Sgd()
            }, seed: 1));
        Assert.Contains("diverged", error.Message, StringComparison.Ordinal);
        Assert.Contains("LearningRate", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_the_numbers_are_large_a_diverged_training_says_which_and_how_to_scale_them()
    {
        string Advice(float frame, float label, FrameScaling scaling = FrameScaling.None)
        {
            var spec = new NetworkShape
            {
                Input = StepFeatureKind.Frames, InputSize = 1, Cell = "RNN", HiddenSize = 2,
                Head = HeadKind.Regression, NumberOfOutputs = 1
            };
            using var data = new SequenceDataset([StepFeature.Frames(1)]);
            for (int i = 0; i < 400; i++)
                data.Add([i == 7 ? frame : i % 2, 1], i == 9 ? label : i % 3);
            SequenceTrainerOptions options = s_options with
            {
                FrameScaling = scaling,
                LearningRate = 1e38f,
                GradientClipNorm = float.PositiveInfinity,
                Optimizer = SequenceOptimizer.Sgd(),
            };
            return Assert.Throws<InvalidOperationException>(() => Trainer.Train(spec, data, options, seed: 1)).Message;
        }
        Assert.Contains("The largest number in the frames is 2.5E+06: set SequenceTrainerOptions.FrameScaling to Standard.",
            Advice(-2.5e6f, 1), StringComparison.Ordinal);
        Assert.DoesNotContain("largest", Advice(2, 1), StringComparison.Ordinal);
        Assert.Contains("The largest number in the frames is 2.5E+06, before their scaling",
            Advice(2.5e6f, 1, FrameScaling.Standard), StringComparison.Ordinal);
        Assert.Contains("The largest label is 1E+06, and 19.97 as it is learned: scale the labels", Advice(1, 1e6f),
            StringComparison.Ordinal);
    }

    private sealed class Reports : IProgress<TrainingProgress>
    {
        public List<TrainingProgress> All { get; } = [];

        public void Report(TrainingProgress value) => All.Add(value);
    }

    private static TrainingJob Job(NetworkShape spec, SequenceDataset data, SequenceTrainerOptions options) =>
        new() { Spec = spec, Data = data, Options = options, Seed = 1 };

    private static (NetworkShape Spec, SequenceDataset Data) Problem(string cell, int embeddingSize)
    {
        var spec = new NetworkShape
        {
            Input = StepFeatureKind.Tokens, InputSize = 4, EmbeddingSize = embeddingSize, Cell = cell, HiddenSize = 10,
            NumberOfLayers = 2,
            Bidirectional = true, Head = HeadKind.Softmax, NumberOfOutputs = 4,
        };
        List<Example> examples = LearningTasks.LastTokenWins(100, seed: 3);
        return (spec, LearningTasks.Dataset(spec, examples));
    }

    private static NetworkShape Frames(HeadKind head) => new()
    {
        Input = StepFeatureKind.Frames, InputSize = 2, Cell = "GRU", HiddenSize = 8, Head = head, NumberOfOutputs = 1,
    };

    private static byte[] Bytes(SequenceNetwork network)
    {
        using var stream = new MemoryStream();
        network.Save(stream);
        return stream.ToArray();
    }
}
