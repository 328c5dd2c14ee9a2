using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Parameters;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Training;

/// <summary>The model of a training that averages has the averages, which are what is measured and selected.</summary>
public class WeightAverageTests
{
    private const float Decay = 0.9f;

    private static readonly SequenceTrainerOptions s_options = Plain.Options with
    {
        NumberOfEpochs = 4,
        BatchSize = 16,
        LearningRate = 0.02f,
        AverageWeights = Decay,
        NumberOfThreads = 2,
    };

    /// <summary>Of tables too, whose rows move where they occur: all, or with row features these alone.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(6, 0)]
    [InlineData(6, 40)]
    public void The_model_has_the_average_of_the_weights_after_each_update(int embeddingSize, int rowFeatures)
    {
        TrainingJob job = Job(s_options, Shape with { EmbeddingSize = embeddingSize, RowFeatureSize = rowFeatures });
        using var training = new StepwiseTraining(job.Spec, job.Data, job.Options with { AverageWeights = 0 }, job.Seed);
        double[] average = Values(training.Network);
        for (int update = 1; update <= job.Options.NumberOfEpochs * training.BatchesInAnEpoch; update++)
        {
            training.Learn();
            double kept = Math.Min(Decay, (1.0 + update) / (10.0 + update));
            average = [.. average.Zip(Values(training.Network), (a, w) => kept * a + (1 - kept) * w)];
        }
        double[] actual = Values(Trainer.Train(job).Network), last = Values(training.Network);
        for (int i = 0; i < average.Length; i++)
            Assert.Equal(average[i], actual[i], 1e-5);
        Assert.True(last.Zip(actual, (w, a) => Math.Abs(w - a)).Max() > 1e-3, "The weights have come to rest.");
    }

    [Fact]
    public void The_averages_are_measured_and_the_best_of_them_selected()
    {
        // There is nothing to learn: after some epochs validation only gets worse.
        List<Example> noise =
            [.. LearningTasks.LastTokenWins(80, seed: 3).Select((row, i) => row with { Label = i * i / 3 % 4 })];
        SequenceTrainerOptions options =
            s_options with { NumberOfEpochs = 30, EarlyStoppingPatience = 30, LearningRate = 0.05f };
        TrainingJob job = Job(options, Shape) with { Data = LearningTasks.Dataset(Shape, noise) };
        TrainingResult result = Trainer.Train(job);
        TrainingEpoch best = result.History.MinBy(epoch => epoch.Validation!.Loss)!;
        Assert.True(best.IsSelected && best.Epoch < 30);
        Assert.Equal(PlainMetrics.Of(result.Network.Layers, job.Validation!).Loss, best.Validation!.Loss, 1e-5);
        TrainingResult untilThen = Trainer.Train(job with
        {
            Options = ((SequenceTrainerOptions)job.Options) with { NumberOfEpochs = best.Epoch, EarlyStoppingPatience = 0 },
        });
        Assert.Equal(Values(untilThen.Network), Values(result.Network));
    }

    [Fact]
    public void Cancelled_within_an_epoch_the_averages_are_kept()
    {
        // Of 40 numbers of rows each batch has 16 others.
        TrainingJob job = Job(s_options with { OnCancel = OnCancel.KeepBest }, Shape with { RowFeatureSize = 40 }) with
        {
            Validation = null,
        };
        int asked = 0;
        TrainingResult result = Trainer.Train(job with { IsCanceled = () => ++asked > 3 });
        using var training = new StepwiseTraining(job.Spec, job.Data, job.Options with { AverageWeights = 0 }, job.Seed);
        double[] average = Values(training.Network);
        for (int update = 1; update <= 3; update++)
        {
            training.Learn();
            average = [.. average.Zip(Values(training.Network),
                (a, w) => ((1.0 + update) * a + 9 * w) / (10.0 + update))];
        }
        double[] actual = Values(result.Network);
        for (int i = 0; i < average.Length; i++)
            Assert.Equal(average[i], actual[i], 1e-5);
        Assert.NotEqual(Values(training.Network), actual);
    }

    [Fact]
    public void A_frozen_table_is_its_own_average()
    {
        TrainingJob job = Job(s_options, Shape);
        Network network = job.Spec.CreateNetwork(FrameTransform.None, LabelTransform.None);
        network.Parameters.Allocate();
        network.Initialize(1);
        Parameter table = network.Parameters.Tables.Single();
        table.IsFrozen = true;
        float[] before = network.Parameters.Values.Span.ToArray();
        using var step = new TrainingStep(network, job.Data, job.Options, seed: 1);
        for (int update = 0; update < 5; update++)
            step.Run(job.Data, [.. Enumerable.Range(0, 16).OrderByDescending(job.Data.Length)], rate: 0.1f);
        ReadOnlySpan<float> average = step.Average!.Network.Parameters.Values.Span, present = network.Parameters.Values.Span;
        Assert.Equal(before.AsSpan((int)table.Offset, (int)table.Length), average.Slice((int)table.Offset, (int)table.Length));
        Assert.NotEqual(present[..(int)table.Offset].ToArray(), average[..(int)table.Offset].ToArray());
        Assert.NotEqual(before[..(int)table.Offset], average[..(int)table.Offset].ToArray());
    }

    /// <summary>The output layer keeps the embedding's transpose, which must be that of the averages.</summary>
    [Fact]
    public void Outputs_that_share_their_weights_are_measured_by_the_averages()
    {
        TrainingJob job = Job(s_options with { NumberOfEpochs = 3 }, Shape with
        {
            EveryStep = true,
            TiedEmbeddings = true,
            EmbeddingSize = Shape.HiddenSize,
            NumberOfOutputs = 5,
        });
        TrainingResult result = Trainer.Train(job);
        using var saved = new MemoryStream();
        result.Network.Save(saved);
        saved.Position = 0;
        EncoderNetwork loaded = SequenceNetwork.Load(saved).Layers;
        Assert.Equal(PlainMetrics.Of(loaded, job.Validation!).Loss, result.History[^1].Validation!.Loss, 1e-5);
    }

    private static NetworkShape Shape => new()
    {
        Input = StepFeatureKind.Tokens, InputSize = 4, EmbeddingSize = 6, Cell = "GRU", HiddenSize = 5, Head = HeadKind.Softmax,
        NumberOfOutputs = 4,
    };

    private static TrainingJob Job(SequenceTrainerOptions options, NetworkShape shape) => new()
    {
        Spec = shape, Data = Rows(shape, 80, seed: 3), Validation = Rows(shape, 40, seed: 4), Options = options, Seed = 1,
    };

    private static SequenceDataset Rows(NetworkShape shape, int count, int seed)
    {
        List<Example> rows = [.. LearningTasks.LastTokenWins(count, seed).Select((row, i) => row with
        {
            RowFeatures =
                [.. Enumerable.Range(0, shape.RowFeatureSize).Select(slot => slot == i % shape.RowFeatureSize ? 1f : 0)],
        })];
        return LearningTasks.Dataset(shape, !shape.EveryStep ? rows
            : [.. rows.Select(e => e with { Label = float.NaN, StepLabels = [.. e.Tokens!.Select(token => token - 1f)] })]);
    }

    private static double[] Values(SequenceNetwork network) =>
        [.. network.Layers.Parameters.All.SelectMany(parameter =>
            Matrices.Read(parameter, network.Layers.Parameters.Values).Cast<double>())];
}
