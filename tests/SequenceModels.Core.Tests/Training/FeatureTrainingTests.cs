using SequenceModels.Heads;
using SequenceModels.Layers;
using SequenceModels.Networks;
using SequenceModels.Reports;
using SequenceModels.Sequences;
using SequenceModels.Tests.Layers;
using SequenceModels.Tests.Reference;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Training;

/// <summary>
/// Trainings whose steps have several features: they learn from each of them, and are kept and taken up like others.
/// </summary>
public sealed class FeatureTrainingTests : IDisposable
{
    private const int Words = 30, Letters = 6, Tags = 3;

    private static readonly StepFeatures s_all =
    [
        StepFeature.Characters(Letters, 4, 5), StepFeature.Tokens(4, 3), StepFeature.Frames(2), StepFeature.Subwords(Letters, 4),
        StepFeature.Tokens(3, 17),
    ];
    private static readonly SequenceTrainerOptions s_options = Plain.Options with
    {
        NumberOfEpochs = 3,
        BatchSize = 40,
        LearningRate = 0.01f,
        Dropout = 0.3f,
        WordDropout = 0.1f,
        FrameScaling = FrameScaling.Standard,
        NumberOfThreads = 1,
        ValidationFraction = 0.2,
    };
    private readonly string _folder = Directory.CreateTempSubdirectory("sequence-models-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 3)]
    public void Any_number_of_threads_trains_the_same_bits(bool bidirectional, int pieces)
    {
        NetworkShape spec = Spec(s_all) with { Bidirectional = bidirectional };
        SequenceTrainerOptions options = s_options with { TruncatedBackpropagationSteps = pieces };
        using SequenceDataset data = Random(spec);
        byte[] one = Bytes(Trainer.Train(spec, data, options, seed: 1));
        foreach (int threads in new[] { 2, 5 })
            Assert.Equal(one, Bytes(Trainer.Train(spec, data, options with { NumberOfThreads = threads }, seed: 1)));
        using SequenceDataset mapped = Random(spec, memory: 0);
        Assert.Equal(one, Bytes(Trainer.Train(spec, mapped, options, seed: 1)));
        Assert.NotEqual(one, Bytes(Trainer.Train(spec, data, options, seed: 2)));
    }

    /// <summary>The gradient of shards is that of one whole batch: words that several shards have are read in each.</summary>
    [Fact]
    public void An_update_moves_the_weights_as_the_textbook_says()
    {
        NetworkShape spec = Spec(
            [StepFeature.Characters(3, 2, 2), StepFeature.Tokens(3, 17), StepFeature.Frames(1), StepFeature.Subwords(3, 2)]) with
        {
            InputSize = 4,
            EmbeddingSize = 2,
            HiddenSize = 2,
        };
        List<Example> batch = FeatureTests.Rows(spec, 20);
        var run = new NetworkRun(spec);
        using SequenceDataset data = LearningTasks.Dataset(spec, batch);
        SequenceTrainerOptions plain = Plain.Options with
        {
            Optimizer = SequenceOptimizer.Sgd(momentum: 0),
            LearningRate = 1,
            GradientClipNorm = float.PositiveInfinity,
            BatchSize = 20,
            NumberOfThreads = 2
        };
        using var step = new TrainingStep(run.Network.Layers, data, plain, seed: 1);
        (_, _, double norm) = step.Run(data, [.. Enumerable.Range(0, data.Count).OrderByDescending(data.Length)], rate: 1);
        var textbook = new ReferenceNetwork(spec, run.Weights);
        double squares = 0;
        foreach (var parameter in run.Network.Layers.Parameters.All)
        {
            double[,] expected = FiniteDifferences.Gradient(run.Weights[parameter.Name], () => textbook.Loss(batch));
            double[,] moved = Matrices.Read(parameter, run.Network.Layers.Parameters.Values);
            for (int i = 0; i < parameter.Rows; i++)
                for (int j = 0; j < expected.GetLength(1); j++)
                    Assert.Equal(run.Weights[parameter.Name][i, j] - expected[i, j], moved[i, j], 1e-5);
            squares += expected.Cast<double>().Sum(gradient => gradient * gradient);
        }
        Assert.Equal(Math.Sqrt(squares), norm, 1e-4 * norm);
    }

    /// <summary>
    /// The tag is that of a word's last letter; the words of the test were never seen, and their tokens are unknown.
    /// </summary>
    [Fact]
    public void It_learns_what_only_the_characters_tell()
    {
        var random = new Random(1);
        Example Row(bool known)
        {
            int steps = random.Next(3, 8);
            uint[][] words =
                [.. Enumerable.Range(0, steps).Select(_ =>
                    Enumerable.Range(0, random.Next(2, 7)).Select(_ => (uint)random.Next(1, Letters + 1)).ToArray())];
            uint[] tokens = [.. words.Select(_ => known ? (uint)random.Next(1, Words + 1) : 0)];
            return new Example(tokens, null, 0)
            {
                StepLabels = [.. words.Select(word => (float)(word[^1] % Tags))],
                Features = [new FeatureValues(Words: words)]
            };
        }
        NetworkShape spec = Spec([StepFeature.Characters(Letters, 8, 12)]);
        Assert.InRange(Accuracy(spec, [.. Enumerable.Range(0, 300).Select(_ => Row(true))],
            [.. Enumerable.Range(0, 100).Select(_ => Row(false))]), 0.98, 1);
        Assert.InRange(
            Accuracy(spec with { Features = [] }, [.. Enumerable.Range(0, 300).Select(_ => Row(true) with { Features = [] })],
            [.. Enumerable.Range(0, 100).Select(_ => Row(true) with { Features = [] })]), 0, 0.6);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void It_learns_what_only_the_second_feature_tells(bool isTokens)
    {
        var random = new Random(1);
        Example Row()
        {
            float[] tags = [.. Enumerable.Range(0, random.Next(3, 8)).Select(_ => (float)random.Next(Tags))];
            FeatureValues told = isTokens ? new(Tokens: [.. tags.Select(tag => 1 + (uint)tag)])
                : new(Frames: [.. tags.Select(tag => 1000 + 10 * tag)]);
            return new Example([.. tags.Select(_ => (uint)random.Next(1, Words + 1))], null, 0)
            {
                StepLabels = tags,
                Features = [told]
            };
        }
        NetworkShape spec = Spec(isTokens ? [StepFeature.Tokens(Tags, 4)] : [StepFeature.Frames(1)]);
        Assert.InRange(Accuracy(spec, [.. Enumerable.Range(0, 200).Select(_ => Row())],
            [.. Enumerable.Range(0, 100).Select(_ => Row())]), 0.98, 1);
    }

    [Fact]
    public void A_training_goes_on_from_its_checkpoint_and_from_no_other()
    {
        NetworkShape spec = Spec(s_all);
        using SequenceDataset data = Random(spec);
        SequenceTrainerOptions options =
            s_options with { CheckpointPath = Path.Combine(_folder, "checkpoint"), EarlyStoppingPatience = 3 };
        byte[] whole = Bytes(Trainer.Train(spec, data, options, seed: 1));
        Assert.Throws<OperationCanceledException>(() =>
            Trainer.Train(Job(spec, data, options) with { OnEpoch = epoch => Stop(epoch.Epoch == 2) }));

        NetworkShape other = spec with { Features = [.. s_all.SkipLast(1), StepFeature.Tokens(3, 18)] };
        using SequenceDataset otherData = Random(other);
        Assert.Contains(
            "Features (Tokens of 30, vectors of 5; Characters of 6, vectors of 4, 5 units; Tokens of 4, vectors of 3; Frames " +
            "of 2; Subwords of 6, vectors of 4; Tokens of 3, vectors of 17, here",
            Assert.Throws<InvalidOperationException>(() => Trainer.Train(other, otherData, options, seed: 1)).Message,
            StringComparison.Ordinal);
        int resumed = 0;
        Assert.Equal(whole,
            Bytes(Trainer.Train(Job(spec, data, options) with { OnResume = epochs => resumed = epochs }).Network));
        Assert.True(resumed > 0);

        static void Stop(bool now)
        {
            if (now)
                throw new OperationCanceledException();
        }
    }

    [Fact]
    public void A_network_is_saved_whole_goes_on_learning_and_can_be_looked_into()
    {
        NetworkShape spec = Spec(s_all);
        using SequenceDataset data = Random(spec);
        SequenceNetwork network = Trainer.Train(spec, data, s_options, seed: 1);
        Assert.NotEmpty(network.Layers.Frames[3].Mean);
        SequenceNetwork loaded = SequenceNetwork.Load(new MemoryStream(Bytes(network)));
        Assert.Equal(network.Spec, loaded.Spec);
        Assert.Equal(Bytes(network), Bytes(loaded));
        Assert.Equal(network.Layers.Frames[3].Factor, loaded.Layers.Frames[3].Factor);
        Assert.Equal(Outputs(network, data), Outputs(loaded, data));

        SequenceNetwork warm = Trainer.Train(Job(spec, data, s_options) with { Initial = loaded.Layers }).Network;
        Assert.NotEqual(Bytes(network), Bytes(warm));
        Assert.Equal(network.Layers.Frames[3].Mean, warm.Layers.Frames[3].Mean);

        NetworkInsight insight =
            NetworkInsight.Measure(network, SampledRows.Choose(new RowSelection(data), "rows"), new InsightNames(), threads: 1);
        Assert.Equal(2, insight.Layers.Length); // those of the network; the one that reads characters is part of its entrance
        Assert.True(double.IsFinite(insight.Loss));
        Assert.NotEmpty(insight.Layers[0].GradientNorms);
    }

    [Fact]
    public void A_file_cut_short_or_altered_anywhere_is_refused()
    {
        byte[] whole = Bytes(new NetworkRun(Spec(s_all) with { InputSize = 2, EmbeddingSize = 1, HiddenSize = 1 }).Network);
        for (int at = 0; at < whole.Length; at += 7)
        {
            byte[] altered = [.. whole];
            altered[at] ^= 1;
            Assert.Throws<InvalidDataException>(() => SequenceNetwork.Load(new MemoryStream(altered)));
            Assert.Throws<InvalidDataException>(() => SequenceNetwork.Load(new MemoryStream(whole[..at])));
        }
    }

    private static double Accuracy(NetworkShape spec, List<Example> training, List<Example> test)
    {
        using SequenceDataset data = LearningTasks.Dataset(spec, training), unseen = LearningTasks.Dataset(spec, test);
        SequenceNetwork network = Trainer.Train(spec, data, Plain.Options with
        {
            NumberOfEpochs = 12,
            LearningRate = 0.01f,
            NumberOfThreads = 1,
            BatchSize = 16,
            FrameScaling = FrameScaling.Standard,
        }, seed: 1);
        EncoderPass workspace = network.CreatePass();
        int right = 0;
        for (int row = 0; row < test.Count; row++)
        {
            workspace.Batch.Pack(unseen, [row], [0], network.Layers.Frames);
            network.Layers.Predict(workspace);
            for (int t = 0; t < unseen.Length(row); t++)
                right += System.Numerics.Tensors.TensorPrimitives.IndexOfMax<float>(workspace.ScoresOf(t)) == (int)unseen.Labels(
                    row)[t] ? 1 : 0;
        }
        return right / (double)unseen.NumberOfSteps;
    }

    private static float[] Outputs(SequenceNetwork network, SequenceDataset data)
    {
        EncoderPass workspace = network.CreatePass();
        int[] rows = [.. Enumerable.Range(0, data.Count).OrderByDescending(data.Length)];
        workspace.Batch.Pack(data, rows, rows, network.Layers.Frames);
        network.Layers.Predict(workspace);
        return [.. Enumerable.Range(0, workspace.Batch.Rows).SelectMany(row => workspace.ScoresOf(row).ToArray())];
    }

    private static SequenceDataset Random(NetworkShape spec, long memory = long.MaxValue)
    {
        List<Example> examples = FeatureTests.Rows(spec, 150);
        SequenceDataset data = examples[0].NewDataset(spec, memory);
        foreach (Example example in examples)
            example.AddTo(data);
        return data;
    }

    private static TrainingJob Job(NetworkShape spec, SequenceDataset data, SequenceTrainerOptions options) =>
        new() { Spec = spec, Data = data, Options = options, Seed = 1 };

    private static NetworkShape Spec(StepFeatures features) => new()
    {
        Input = StepFeatureKind.Tokens, InputSize = Words, EmbeddingSize = 5, Features = features, Cell = "LSTM", HiddenSize = 9,
        Bidirectional = true, EveryStep = true, Head = HeadKind.Softmax, NumberOfOutputs = Tags,
    };

    private static byte[] Bytes(SequenceNetwork network)
    {
        using var stream = new MemoryStream();
        network.Save(stream);
        return stream.ToArray();
    }
}
