using SequenceModels.Cells;
using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Parameters;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Training;

/// <summary>
/// A whole training, update by update, against the same training in double: finite differences for gradients, the optimizer's
/// formula written out, the norm clipped by hand. The batch holds all rows, so an epoch is an update.
/// </summary>
public class TrajectoryTests
{
    private const int Updates = 10, Seed = 5;
    private const float Momentum = 0.9f, Clip = 0.15f;

    [Theory]
    [InlineData(LstmCell.CellName, nameof(HeadKind.Softmax))]
    [InlineData(GruCell.CellName, nameof(HeadKind.Sigmoid))]
    [InlineData(RnnCell.CellName, nameof(HeadKind.Regression))]
    public void Momentum_and_clipping_move_every_weight_as_by_hand(string cell, string head)
    {
        var velocity = new Dictionary<string, double[,]>();
        Compare(cell, Enum.Parse<HeadKind>(head),
            Plain.Options with { Optimizer = SequenceOptimizer.Sgd(Momentum), LearningRate = 0.3f, GradientClipNorm = Clip },
            (name, gradient, weights, _) =>
            {
                double[,] v = Of(velocity, name, weights);
                ForEach(weights, (i, j) => weights[i, j] -= 0.3f * (v[i, j] = Momentum * v[i, j] + gradient[i, j]));
            });
    }

    [Fact]
    public void Nesterovs_momentum_moves_every_weight_as_by_hand()
    {
        var velocity = new Dictionary<string, double[,]>();
        Compare(GruCell.CellName, HeadKind.Softmax, Unclipped(SequenceOptimizer.Sgd(Momentum, nesterov: true), 0.1f),
            (name, gradient, weights, _) =>
        {
            double[,] v = Of(velocity, name, weights);
            ForEach(weights, (i, j) =>
            {
                v[i, j] = Momentum * v[i, j] + gradient[i, j];
                weights[i, j] -= 0.1f * (gradient[i, j] + Momentum * v[i, j]);
            });
        });
    }

    [Fact]
    public void RmsProp_moves_every_weight_as_by_hand()
    {
        Dictionary<string, double[,]> squares = [], velocity = [];
        Compare(LstmCell.CellName, HeadKind.Sigmoid, Unclipped(SequenceOptimizer.RmsProp(0.8f, 1e-2f, 0.5f), 0.01f),
            (name, gradient, weights, _) =>
        {
            double[,] s = Of(squares, name, weights), v = Of(velocity, name, weights);
            ForEach(weights, (i, j) =>
            {
                s[i, j] = 0.8f * s[i, j] + (1 - 0.8f) * gradient[i, j] * gradient[i, j];
                v[i, j] = 0.5 * v[i, j] + gradient[i, j] / (Math.Sqrt(s[i, j]) + 1e-2f);
                weights[i, j] -= 0.01f * v[i, j];
            });
        });
    }

    [Fact]
    public void Adam_moves_every_weight_as_by_hand() =>
        Compare(LstmCell.CellName, HeadKind.Softmax, Unclipped(SequenceOptimizer.Adam(epsilon: 1e-3f), 0.05f), Adam(_ => 0.05f));

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void AdamW_shrinks_matrices_and_no_bias(int embeddingSize)
    {
        Action<string, double[,], double[,], int> adam = Adam(_ => 0.05f);
        Compare(GruCell.CellName, HeadKind.Softmax, Unclipped(SequenceOptimizer.AdamW(weightDecay: 0.5f, epsilon: 1e-3f), 0.05f),
            (name, gradient, weights, update) =>
            {
                double share = name.EndsWith(".b", StringComparison.Ordinal) || name.EndsWith(".bR", StringComparison.Ordinal) ? 0
                    : 0.05f * 0.5;
                double[,] before = (double[,])weights.Clone();
                adam(name, gradient, weights, update);
                ForEach(weights, (i, j) => weights[i, j] -= share * before[i, j]);
            }, embeddingSize);
    }

    [Fact]
    public void A_step_decay_slows_every_weight_as_by_hand()
    {
        double[] rates = [0.3, 0.3, 0.3, 0.21, 0.147, 0.1029, 0.07203, 0.050421, 0.0352947, 0.02470629];
        Compare(LstmCell.CellName, HeadKind.Softmax, Unclipped(SequenceOptimizer.Sgd(momentum: 0), 0.3f) with
        {
            LearningRateSchedule = LearningRateSchedule.StepDecay(0.7f, afterEpoch: 3),
        }, (_, gradient, weights, update) => ForEach(weights, (i, j) => weights[i, j] -= rates[update - 1] * gradient[i, j]),
            falls: 0.99);
    }

    [Fact]
    public void A_cosine_with_warm_up_paces_every_weight_as_by_hand()
    {
        double[] shares = [0.5, 1, 1, 0.96193977, 0.85355339, 0.69134172, 0.5, 0.30865828, 0.14644661, 0.03806023];
        Compare(RnnCell.CellName, HeadKind.Softmax, Unclipped(SequenceOptimizer.Adam(epsilon: 1e-3f), 0.05f) with
        {
            LearningRateSchedule = LearningRateSchedule.Cosine(warmupFraction: 0.2f),
        }, Adam(update => 0.05f * shares[update - 1]));
    }

    /// <summary>Adam's update with an epsilon of 1e-3.</summary>
    private static Action<string, double[,], double[,], int> Adam(Func<int, double> rate)
    {
        Dictionary<string, double[,]> means = [], squares = [];
        return (name, gradient, weights, update) =>
        {
            double[,] m = Of(means, name, weights), v = Of(squares, name, weights);
            ForEach(weights, (i, j) =>
            {
                m[i, j] = 0.9 * m[i, j] + 0.1 * gradient[i, j];
                v[i, j] = 0.999 * v[i, j] + 0.001 * gradient[i, j] * gradient[i, j];
                double mean = m[i, j] / (1 - Math.Pow(0.9, update)), square = v[i, j] / (1 - Math.Pow(0.999, update));
                weights[i, j] -= rate(update) * mean / (Math.Sqrt(square) + 1e-3f);
            });
        };
    }

    private static SequenceTrainerOptions Unclipped(SequenceOptimizer optimizer, float rate) =>
        Plain.Options with { Optimizer = optimizer, LearningRate = rate, GradientClipNorm = float.PositiveInfinity };

    private static void Compare(string cell, HeadKind head, SequenceTrainerOptions options,
        Action<string, double[,], double[,], int> update, int embeddingSize = 2, double falls = 0.9)
    {
        var spec = new NetworkShape
        {
            Input = StepFeatureKind.Tokens, InputSize = 4, EmbeddingSize = embeddingSize, Cell = cell, HiddenSize = 3,
            Bidirectional = true,
            Head = head, NumberOfOutputs = head == HeadKind.Softmax ? 3 : 1,
        };
        List<Example> batch = Batch(head);
        SequenceDataset data = LearningTasks.Dataset(spec, batch);
        (double[] expected, ReferenceWeights weights, bool clipped) = ByHand(spec, data, batch, options.GradientClipNorm, update);

        (Network trained, IReadOnlyList<TrainingEpoch> history, _) = Trainer.Train(new TrainingJob
        {
            Spec = spec, Data = data, Options = options with { NumberOfEpochs = Updates, BatchSize = batch.Count }, Seed = Seed,
        });
        double[] losses = [.. history.Select(epoch => epoch.TrainingLoss)];

        Assert.Equal(float.IsFinite(options.GradientClipNorm), clipped);
        Assert.Equal(Updates, losses.Length);
        Assert.True(losses[^1] < falls * losses[0]);
        for (int i = 0; i < Updates; i++)
            Assert.Equal(expected[i], losses[i], 1e-5);
        foreach (Parameter parameter in trained.Parameters.All)
        {
            double[,] actual = Matrices.Read(parameter, trained.Parameters.Values);
            ForEach(actual, (i, j) => Assert.Equal(weights[parameter.Name][i, j], actual[i, j], 5e-5));
        }
    }

    private static (double[] Losses, ReferenceWeights Weights, bool Clipped) ByHand(NetworkShape spec, SequenceDataset data,
        List<Example> batch, float clip, Action<string, double[,], double[,], int> update)
    {
        LabelTransform labels = spec.Head == HeadKind.Regression ? LabelTransform.Standard(new RowSelection(data))
            : LabelTransform.None;
        var layers = new EncoderNetwork(spec, FrameTransform.None, labels);
        layers.Parameters.Allocate();
        layers.Initialize(Seed);
        UnreachedRows.Clear(layers, new RowSelection(data), dropsWords: false);
        var weights = new ReferenceWeights { TargetMean = labels.Mean, TargetScale = labels.Deviation };
        foreach (Parameter parameter in layers.Parameters.All)
            weights[parameter.Name] = Matrices.Read(parameter, layers.Parameters.Values);

        var network = new ReferenceNetwork(spec, weights);
        double[] losses = new double[Updates];
        bool clipped = false;
        for (int t = 0; t < Updates; t++)
        {
            losses[t] = network.Loss(batch);
            Dictionary<string, double[,]> gradients = layers.Parameters.All.ToDictionary(p => p.Name,
                p => FiniteDifferences.Gradient(weights[p.Name], () => network.Loss(batch)));
            double norm = Math.Sqrt(gradients.Values.Sum(gradient => gradient.Cast<double>().Sum(g => g * g)));
            clipped |= norm > clip;
            foreach ((string name, double[,] gradient) in gradients)
            {
                ForEach(gradient, (i, j) => gradient[i, j] *= Math.Min(1, clip / norm));
                update(name, gradient, weights[name], t + 1);
            }
        }
        return (losses, weights, clipped);
    }

    /// <summary>Token 4 does not occur: its row is zero, and has no gradient.</summary>
    private static List<Example> Batch(HeadKind head)
    {
        uint[][] tokens = [[1, 2, 3], [3], [2, 2, 0, 1, 3], [], [1, 1], [3, 2, 1, 2]];
        return [.. tokens.Select((t, i) => new Example(t, null,
            head switch { HeadKind.Sigmoid => i % 2, HeadKind.Softmax => i % 3, _ => 10 * t.Length }, 1 + i % 2))];
    }

    private static double[,] Of(Dictionary<string, double[,]> sums, string name, double[,] like) =>
        sums.TryGetValue(name, out double[,]? sum) ? sum : sums[name] = new double[like.GetLength(0), like.GetLength(1)];

    private static void ForEach(double[,] matrix, Action<int, int> visit)
    {
        for (int i = 0; i < matrix.GetLength(0); i++)
            for (int j = 0; j < matrix.GetLength(1); j++)
                visit(i, j);
    }
}
