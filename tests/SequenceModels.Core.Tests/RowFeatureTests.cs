using SequenceModels.Heads;
using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Tests.Layers;
using SequenceModels.Tests.Reference;
using SequenceModels.Tests.Training;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests;

/// <summary>Networks that read what a row has beside its sequence.</summary>
public class RowFeatureTests
{
    private const int Slots = 5;

    public static IEnumerable<TheoryDataRow<string, Steps>> Cases =>
        from head in new[] { HeadKind.Sigmoid, HeadKind.Softmax, HeadKind.Regression, HeadKind.MultiLabel }
        from steps in Enum.GetValues<Steps>()
        select new TheoryDataRow<string, Steps>(head.ToString(), steps);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_are_those_of_the_textbook(string head, Steps steps)
    {
        foreach (SequencePooling pooling in Enum.GetValues<SequencePooling>())
            GradientCheck.Check(Spec(Enum.Parse<HeadKind>(head), steps) with { Pooling = pooling });
    }

    /// <summary>More outputs than a panel of weights has columns.</summary>
    [Fact]
    public void Many_outputs_have_the_gradients_of_the_textbook() =>
        GradientCheck.Check(Spec(HeadKind.Softmax, Steps.Frames) with { NumberOfOutputs = 70, HiddenSize = 2 });

    [Fact]
    public void One_slot_has_the_gradients_of_the_textbook() =>
        GradientCheck.Check(Spec(HeadKind.Softmax, Steps.EmbeddedTokens) with { RowFeatureSize = 1 });

    [Fact]
    public void Dropout_leaves_them_alone() => GradientCheck.Check(
        Spec(HeadKind.Softmax, Steps.EmbeddedTokens) with { Bidirectional = true, NumberOfLayers = 2 }, new Regularization
        {
            Values = new Dropout(0.4f, Seed: 3, Update: 17), Words = new Dropout(0.3f, Seed: 3, Update: 17),
        });

    /// <summary>It is the gradient of the same network without them, and none of theirs.</summary>
    [Theory]
    [InlineData(nameof(HeadKind.Softmax))]
    [InlineData(nameof(HeadKind.Sigmoid))]
    [InlineData(nameof(HeadKind.Regression))]
    public void A_loss_of_the_steps_alone_adds_the_gradient_that_these_have_alone(string head)
    {
        NetworkShape spec = Spec(Enum.Parse<HeadKind>(head), Steps.EmbeddedTokens);
        List<Example> rows = Rows(spec, 7);
        var run = new NetworkRun(spec);
        var alone = new NetworkRun(spec with { RowFeatureSize = 0 });
        (double loss, Dictionary<string, double[,]> whole) = run.LossAndGradients(rows);
        (double same, Dictionary<string, double[,]> both) =
            run.LossAndGradients(rows, new Regularization { AuxiliaryLossWeight = 0.5f });
        Dictionary<string, double[,]> own =
            alone.LossAndGradients([.. rows.Select(row => row with { RowFeatures = [] })]).Item2;
        Assert.Equal(loss, same);
        foreach ((string name, double[,] gradient) in both)
            for (int i = 0; i < gradient.GetLength(0); i++)
                for (int j = 0; j < gradient.GetLength(1); j++)
                    Assert.Equal(whole[name][i, j] + (name == "output.U" ? 0 : 0.5 * own[name][i, j]), gradient[i, j], 1e-5);
    }

    [Fact]
    public void A_row_alone_has_the_bits_that_it_has_in_a_batch()
    {
        NetworkShape spec = Spec(HeadKind.Softmax, Steps.EmbeddedTokens) with { RowFeatureSize = 40 };
        SequenceNetwork network = new NetworkRun(spec).Network;
        List<Example> examples = Rows(spec, 300);
        using SequenceDataset data = LearningTasks.Dataset(spec, examples);
        float[] scores = new float[data.Count * spec.NumberOfOutputs];
        network.Score(data, [.. Enumerable.Range(0, data.Count).OrderByDescending(data.Length)], scores, network.CreatePass());
        var textbook = new ReferenceNetwork(spec, new NetworkRun(spec).Weights);
        for (int row = 0; row < examples.Count; row++)
        {
            float[] alone = network.Score(examples[row].Tokens, examples[row].RowFeatures);
            Assert.Equal(scores[(row * 3)..(row * 3 + 3)], alone);
            double[] expected = textbook.Scores(examples[row]);
            for (int k = 0; k < expected.Length; k++)
                Assert.Equal(expected[k], alone[k], 1e-5);
        }
    }

    /// <summary>A pass that was used with numbers of rows is used for a batch that is read in another way.</summary>
    [Fact]
    public void Nothing_of_one_batch_reaches_the_next()
    {
        NetworkShape spec = Spec(HeadKind.Softmax, Steps.EmbeddedTokens);
        SequenceNetwork network = new NetworkRun(spec).Network;
        float[] few = network.Score([1u, 2], [0, 0, 0, 0, 7f]);
        network.Score([1u, 2, 1], [1, 2, 3, 4, 5f]);
        Assert.Equal(few, network.Score([1u, 2], [0, 0, 0, 0, 7f]));
        Assert.NotEqual(few, network.Score([1u, 2], [0, 0, 0, 0, 0f]));
        Assert.Equal(network.Score([1u, 2], [0, 0, 0, 0, 0f]), network.Score([1u, 2], [0, -0f, 0, 0, 0f]));
    }

    [Fact]
    public void Saved_and_loaded_it_scores_the_same_bits()
    {
        SequenceNetwork network = new NetworkRun(Spec(HeadKind.Sigmoid, Steps.Frames)).Network;
        using var stream = new MemoryStream();
        network.Save(stream);
        stream.Position = 0;
        SequenceNetwork loaded = SequenceNetwork.Load(stream);
        Assert.Equal(Slots, loaded.RowFeatureSize);
        Assert.Equal(network.Score([1f, 2, 3], [1, 0, -2, 0, 3f]), loaded.Score([1f, 2, 3], [1, 0, -2, 0, 3f]));
    }

    [Fact]
    public void Other_numbers_than_the_network_reads_are_refused()
    {
        SequenceNetwork network = new NetworkRun(Spec(HeadKind.Softmax, Steps.EmbeddedTokens)).Network;
        SequenceNetwork frames = new NetworkRun(Spec(HeadKind.Softmax, Steps.Frames)).Network;
        SequenceNetwork without =
            new NetworkRun(Spec(HeadKind.Softmax, Steps.EmbeddedTokens) with { RowFeatureSize = 0 }).Network;
        Contains("reads 5 numbers of the whole row", () => network.Score([1u]));
        Contains("reads 5 numbers of the whole row", () => frames.Score([1f, 2, 3]));
        Contains("Score the sequence alone", () => without.Score([1u], [1f]));
        Contains("4 numbers are given", () => network.Score([1u], [1f, 2, 3, 4]));
        Contains("NaN or infinite", () => network.Score([1u], [1f, 2, 3, 4, float.NaN]));
        Contains("cannot be fed one step at a time", network.CreateStepper);
        foreach (int size in new[] { 0, 4 })
        {
            using var data = new SequenceDataset(network.Spec.Inputs, rowFeatureSize: size);
            data.Add([1u], label: 0);
            Contains("reads 5 numbers of the whole row", () =>
            {
                network.Score(data, [0], new float[3], network.CreatePass());
                return 0;
            });
            Contains($"the batch has {size}",
                () => Trainer.Train(network.Spec, data, Plain.Options with { NumberOfEpochs = 1 }, seed: 1));
        }
    }

    [Fact]
    public void Outputs_of_every_step_have_none() => Assert.Contains("belongs to one output for the row",
        Assert.Throws<ArgumentException>(() => new NetworkRun(Spec(HeadKind.Softmax, Steps.Frames) with { EveryStep = true }))
        .Message, StringComparison.Ordinal);

    public static IEnumerable<TheoryDataRow<string>> Optimizers => Trainings.Optimizers.Keys.Select(name =>
        new TheoryDataRow<string>(name));

    /// <summary>Not even its sums: it goes on, when its slot comes again, as if no time had passed.</summary>
    [Theory]
    [MemberData(nameof(Optimizers))]
    public void A_slot_that_no_row_of_the_batch_has_stays_as_it_is(string optimizer)
    {
        NetworkShape spec = Spec(HeadKind.Softmax, Steps.EmbeddedTokens);
        EncoderNetwork network = new NetworkRun(spec).Network.Layers;
        using SequenceDataset data = LearningTasks.Dataset(spec,
        [
            new([1], null, 0) { RowFeatures = [1, 0, 0, 2, 0] },
            new([2], null, 1) { RowFeatures = [0, 3, 0, -1, 0] },
        ]);
        using var step = new TrainingStep(network, data, Plain.Options with
        {
            Optimizer = Trainings.Optimizers[optimizer],
            NumberOfThreads = 1,
            BatchSize = 1,
        }, seed: 1);
        var table = network.Parameters.Tables.Single(table => table.Name == ReferenceWeights.OutputU);
        double[][] first = Rows(), sumsBefore = Sums();
        step.Run(data, [0], 0.1f);
        double[][] second = Rows(), sums = Sums();
        step.Run(data, [1], 0.1f);
        double[][] third = Rows(), sumsAfter = Sums();
        bool[] moved = [.. first.Zip(second, (a, b) => !a.SequenceEqual(b))],
            movedThen = [.. second.Zip(third, (a, b) => !a.SequenceEqual(b))];
        Assert.Equal([true, false, false, true, false], moved);
        Assert.Equal([false, true, false, true, false], movedThen);
        Assert.Equal(sumsBefore[2], sumsAfter[2]);
        Assert.Equal(sums[0], sumsAfter[0]);
        Assert.NotEqual(sums[3], sumsAfter[3]);

        double[][] Rows() => RowsOf(network.Parameters.Values);
        double[][] Sums() => RowsOf(step.State[0]);
        double[][] RowsOf(FloatBuffer buffer)
        {
            double[,] matrix = Matrices.Read(table, buffer);
            return [.. Enumerable.Range(0, Slots).Select(row => Enumerable.Range(0, 3).Select(k => matrix[row, k]).ToArray())];
        }
    }

    /// <summary>What is done is counted, for time is not measured here.</summary>
    [Fact]
    public void A_large_table_is_updated_where_the_batch_has_numbers_and_nowhere_else()
    {
        NetworkShape spec = Spec(HeadKind.Sigmoid, Steps.Frames) with { RowFeatureSize = 1 << 18 };
        var network = new EncoderNetwork(spec, FrameTransform.None, LabelTransform.None);
        EmbeddingGradients[] tables = network.CreateEmbeddingGradients();
        var gradients = new FeatureTables(network.Parameters, [tables], TrainingRanks.Alone);
        using var data = new SequenceDataset(spec.Inputs, rowFeatureSize: spec.RowFeatureSize);
        data.RowFeatures.Set([3, 200_000], [1, 2]);
        data.Add([1f, 2, 3], label: 0);
        var batch = new SequenceBatch();
        batch.Pack(data, [0], [0], FrameTransform.None);
        ((RowFeatureGradients)tables[0]).Begin(batch.RowFeatures);
        Assert.Equal(0, gradients.UpdateTasks);
        using var workers = new WorkerThreads(1);
        gradients.Compute(1, workers);
        Assert.Equal(1, gradients.UpdateTasks);
    }

    [Fact]
    public void Weights_are_the_same_bits_on_any_number_of_threads()
    {
        NetworkShape spec = Spec(HeadKind.Softmax, Steps.EmbeddedTokens) with { RowFeatureSize = 3000 };
        using SequenceDataset data = LearningTasks.Dataset(spec, Rows(spec, 90));
        SequenceNetwork one = Learn(1), two = Learn(2), three = Learn(3);
        Assert.Equal(one.Fingerprint(), two.Fingerprint());
        Assert.Equal(one.Fingerprint(), three.Fingerprint());

        SequenceNetwork Learn(int threads) => Trainer.Train(spec, data, Plain.Options with
        {
            NumberOfEpochs = 2,
            BatchSize = 40,
            NumberOfThreads = threads,
            ValidationFraction = 0.2f,
        }, seed: 5);
    }

    /// <summary>The steps say nothing, and the class is that of the slot.</summary>
    [Fact]
    public void It_learns_what_only_the_row_tells_and_nothing_of_slots_that_do_not_occur()
    {
        NetworkShape spec = Spec(HeadKind.Softmax, Steps.EmbeddedTokens) with { RowFeatureSize = 31 };
        using SequenceDataset data = LearningTasks.Dataset(spec, Enumerable.Range(0, 300)
            .Select(i => new Example([1, 2], null, i % 3)
            {
                RowFeatures = [.. Enumerable.Range(0, 31).Select(slot => slot == i % 30 ? 1f : 0)],
            }));
        SequenceNetwork network = Trainer.Train(spec, data, Plain.Options with
        {
            NumberOfEpochs = 20,
            BatchSize = 10,
            LearningRate = 0.05f,
            NumberOfThreads = 1,
        }, seed: 1);
        for (int slot = 0; slot < 30; slot++)
        {
            float[] row = new float[31];
            row[slot] = 1;
            Assert.True(network.Score([1u, 2], row)[slot % 3] > 0.9f);
        }
        float[] unseen = new float[31];
        unseen[30] = 1;
        Assert.Equal(network.Score([1u, 2], new float[31]), network.Score([1u, 2], unseen));
    }

    internal static List<Example> Rows(NetworkShape spec, int count)
    {
        var random = new Random(count);
        return [.. Enumerable.Range(0, count).Select(_ =>
            new Example([.. Enumerable.Range(0, random.Next(9)).Select(_ => (uint)random.Next(6))], null, random.Next(3))
            {
                RowFeatures = [.. Enumerable.Range(0, spec.RowFeatureSize)
                    .Select(_ => random.Next(8) > 0 ? 0 : random.NextSingle() - 0.5f)],
            })];
    }

    private static NetworkShape Spec(HeadKind head, Steps steps) =>
        GradientCheck.Spec("LSTM", layers: 1, bidirectional: false, steps, SequencePooling.Last, head) with
        {
            RowFeatureSize = Slots,
        };

    private static void Contains<T>(string text, Func<T> act) =>
        Assert.Contains(text, Assert.ThrowsAny<Exception>(() => { act(); }).Message, StringComparison.Ordinal);
}
