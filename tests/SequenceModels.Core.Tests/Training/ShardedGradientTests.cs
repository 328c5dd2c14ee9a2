using SequenceModels.Cells;
using SequenceModels.Heads;
using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Networks;
using SequenceModels.Parameters;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using SequenceModels.Text;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Training;

/// <summary>The gradient of a large batch, dealt into shards: complete, and the same bits on any number of threads.</summary>
public unsafe class ShardedGradientTests
{
    private const int Rows = 70, Vocabulary = 6;

    public static IEnumerable<TheoryDataRow<int>> EmbeddingSizes => [new(0), new(5)];

    [Theory]
    [MemberData(nameof(EmbeddingSizes))]
    public void Shards_add_up_to_the_gradient_of_the_textbook(int embeddingSize)
    {
        (NetworkShape spec, List<Example> batch, SequenceDataset data) = Problem(embeddingSize);
        var run = new NetworkRun(spec);
        using var workers = new WorkerThreads(2);
        var sharded = new ShardedGradient(run.Network.Layers, data, Rows, workers);
        Refresh(run.Network.Layers);
        (double loss, double weight, double norm) = sharded.Compute(LongestFirst(data), Regularization.None, StepRange.All);

        var textbook = new ReferenceNetwork(spec, run.Weights);
        Assert.Equal(textbook.Loss(batch), loss / weight, 1e-6);
        Assert.Equal(batch.Sum(example => example.Weight), weight, 1e-6);
        double squares = 0;
        FloatBuffer gradient = Whole(sharded, run.Network.Layers);
        foreach (Parameter parameter in run.Network.Layers.Parameters.All)
        {
            double[,] expected = FiniteDifferences.Gradient(run.Weights[parameter.Name], () => textbook.Loss(batch));
            Matrices.AssertAgree(parameter.Name, expected, Matrices.Read(parameter, gradient));
            squares += expected.Cast<double>().Sum(gradient => gradient * gradient);
        }
        Assert.Equal(Math.Sqrt(squares), norm, 1e-4 * norm);
    }

    [Fact]
    public void A_table_that_is_frozen_counts_nothing_in_the_norm()
    {
        NetworkShape spec = FeatureTests.Spec("tokens", frames: false, bidirectional: false); // a second table goes on learning
        using SequenceDataset data = LearningTasks.Dataset(spec, FeatureTests.Rows(spec, Rows));
        (double free, double ofTable) = Norms(isFrozen: false);
        (double frozen, double ofFrozen) = Norms(isFrozen: true);
        Assert.True(ofTable > 0.1 * free);
        Assert.Equal(0, ofFrozen);
        Assert.Equal(Math.Sqrt(free * free - ofTable * ofTable), frozen, 1e-5 * free);

        (double All, double OfTable) Norms(bool isFrozen)
        {
            EncoderNetwork layers = new NetworkRun(spec).Network.Layers;
            Assert.Equal(2, layers.Parameters.Tables.Count);
            Parameter table = layers.Parameters.Tables.Single(each => each.Name == Embedding.TableName);
            table.IsFrozen = isFrozen;
            using var workers = new WorkerThreads(1);
            var sharded = new ShardedGradient(layers, data, Rows, workers);
            Refresh(layers);
            double norm = sharded.Compute(LongestFirst(data), Regularization.None, StepRange.All).Norm;
            double[,] gradient = Matrices.Read(table, Whole(sharded, layers));
            return (norm, Math.Sqrt(gradient.Cast<double>().Sum(each => each * each)));
        }
    }

    [Theory]
    [MemberData(nameof(EmbeddingSizes))]
    public void Threads_do_not_change_a_bit(int embeddingSize)
    {
        (NetworkShape spec, _, SequenceDataset data) = Problem(embeddingSize);
        float[][] of = [.. new[] { false, true }.Select(eachStep =>
        {
            float[] one = Gradient(threads: 1, eachStep);
            Assert.Contains(one, value => value != 0);
            foreach (int threads in new[] { 2, 3, 8 })
                Assert.Equal(one, Gradient(threads, eachStep));
            return one;
        })];
        Assert.Equal(embeddingSize > 0, !of[0].SequenceEqual(of[1])); // of one-hot tokens no values at steps are dropped

        float[] Gradient(int threads, bool eachStep)
        {
            EncoderNetwork layers = new NetworkRun(spec).Network.Layers;
            using var workers = new WorkerThreads(threads);
            var sharded = new ShardedGradient(layers, data, Rows, workers);
            Refresh(layers);
            sharded.Compute(LongestFirst(data), new Regularization
            {
                Values = new Dropout(0.3f, Seed: 1, Update: 5) { EachStep = eachStep },
                Recurrent = new Dropout(0.3f, Seed: 1, Update: 5),
                Words = new Dropout(0.1f, Seed: 1, Update: 5), LabelSmoothing = 0.1f, TruncatedSteps = 2,
            }, StepRange.All);
            return Whole(sharded, layers).Span.ToArray();
        }
    }

    [Theory]
    [MemberData(nameof(EmbeddingSizes))]
    public void Nothing_of_one_batch_reaches_the_next(int embeddingSize)
    {
        (NetworkShape spec, _, SequenceDataset data) = Problem(embeddingSize);
        int[] rows = LongestFirst(data);
        EncoderNetwork layers = new NetworkRun(spec).Network.Layers;
        using var workers = new WorkerThreads(2);
        var sharded = new ShardedGradient(layers, data, Rows, workers);
        Refresh(layers);
        float[] first = Gradient(rows.AsSpan(0, 9));
        Assert.NotEqual(first, Gradient(rows));
        Assert.Equal(first, Gradient(rows.AsSpan(0, 9)));

        float[] Gradient(ReadOnlySpan<int> batch)
        {
            sharded.Compute(batch, Regularization.None, StepRange.All);
            return Whole(sharded, layers).Span.ToArray();
        }
    }

    /// <summary>The gradient of all parameters: what plain descent at rate 1 takes off weights of zero.</summary>
    private static FloatBuffer Whole(ShardedGradient sharded, EncoderNetwork layers)
    {
        float[] before = layers.Parameters.Values.Span.ToArray();
        layers.Parameters.Values.Span.Clear();
        var rule = UpdateRule.For(SequenceOptimizer.Sgd(momentum: 0), layers.Parameters.Length);
        rule.Advance([1, 1, 1, 1]);
        rule.Apply(layers.Parameters.Values, sharded.Gradients.Data, 1, 0, 0, layers.Parameters.DenseLength, ofVectors: false);
        for (int task = 0; task < (sharded.Tables?.UpdateTasks ?? 0); task++)
            sharded.Tables!.Update(task, rule, 1);
        var gradient = new FloatBuffer(layers.Parameters.Length);
        for (int i = 0; i < gradient.Length; i++)
            gradient.Span[i] = -layers.Parameters.Values.Span[i];
        before.CopyTo(layers.Parameters.Values.Span);
        return gradient;
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 1)]
    [InlineData(8, 2)]
    [InlineData(32, 2)]
    [InlineData(33, 4)]
    [InlineData(256, 16)]
    public void The_number_of_shards_follows_from_the_batch_alone(int sequences, int shards) =>
        Assert.Equal(shards, ShardedGradient.ShardCount(sequences));

    [Fact]
    public void Rows_without_weight_have_no_gradient()
    {
        (NetworkShape spec, _, _) = Problem(embeddingSize: 0);
        var data = new SequenceDataset(spec.Inputs);
        data.Add([1u, 2], label: 1, weight: 0);
        data.Add([3u], label: 0, weight: 0);
        using var workers = new WorkerThreads(1);
        var sharded = new ShardedGradient(new NetworkRun(spec).Network.Layers, data, largestBatch: 2, workers);
        Assert.Equal((0, 0, 0), sharded.Compute([0, 1], Regularization.None, StepRange.All));
        Assert.All(sharded.Gradients.Span.ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void A_step_without_a_label_counts_as_one_of_a_class_that_counts_nothing()
    {
        var spec = new NetworkShape
        {
            Input = StepFeatureKind.Tokens, InputSize = Vocabulary, EmbeddingSize = 3, Cell = GruCell.CellName, HiddenSize = 3,
            Bidirectional = true, EveryStep = true, Head = HeadKind.Softmax, NumberOfOutputs = 3,
        };
        (double Loss, double Weight, double Norm, float[] Gradient) Compute(float missing, float[]? classWeights)
        {
            var data = new SequenceDataset(spec.Inputs, targets: data => new StepTargets(data));
            data.Add([1u, 2, 3, 1], [0, missing, 1, missing]);
            data.Add([4u, 5], [1, 0], weight: 2);
            data.Add([2u], [missing]);
            EncoderNetwork layers = new NetworkRun(spec).Network.Layers;
            using var workers = new WorkerThreads(1);
            var sharded = new ShardedGradient(layers, data, largestBatch: 3, workers, classWeights);
            Refresh(layers);
            (double loss, double weight, double norm) =
                sharded.Compute([0, 1, 2], new Regularization { LabelSmoothing = 0.1f }, StepRange.All);
            return (loss, weight, norm, sharded.Gradients.Span.ToArray());
        }

        var expected = Compute(missing: 2, [1, 1, 0]);
        Assert.Equal(6, expected.Weight);
        foreach (float[]? weights in new[] { null, new float[] { 1, 1, 1 } })
        {
            var found = Compute(float.NaN, weights);
            Assert.Equal((expected.Loss, expected.Weight, expected.Norm), (found.Loss, found.Weight, found.Norm));
            Assert.Equal(expected.Gradient, found.Gradient);
        }
        Assert.NotEqual(expected.Loss, Compute(missing: 2, null).Loss);
    }

    private static (NetworkShape, List<Example>, SequenceDataset) Problem(int embeddingSize)
    {
        var spec = new NetworkShape
        {
            Input = StepFeatureKind.Tokens, InputSize = Vocabulary, EmbeddingSize = embeddingSize, Cell = GruCell.CellName,
            HiddenSize = 3,
            Bidirectional = true, Pooling = SequencePooling.Mean, Head = HeadKind.Sigmoid, NumberOfOutputs = 1,
        };
        var random = new Random(5);
        uint[] Tokens(int length) => [.. Enumerable.Range(0, length).Select(_ => (uint)random.Next(Vocabulary + 1))];
        List<Example> batch =
            [.. Enumerable.Range(0, Rows).Select(row => new Example(Tokens(row % 8), null, row % 2, 0.5f + row % 3))];
        return (spec, batch, LearningTasks.Dataset(spec, batch));
    }

    private static int[] LongestFirst(SequenceDataset data) =>
        [.. Enumerable.Range(0, data.Count).OrderByDescending(data.Length)];

    private static void Refresh(EncoderNetwork layers)
    {
        foreach (Transposed transposed in layers.PrepareTraining())
            for (int panel = 0; panel < transposed.Panels; panel++)
                transposed.Refresh(layers.Parameters.Values, panel);
    }
}
