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

/// <summary>
/// Labels of every step are learned from piece by piece, an update after each, the states carried on:
/// against the same training in double, in which each piece is a sequence that begins with the states that the last one ended in,
/// as constants.
/// </summary>
public class PiecesTests
{
    private const int Steps = 2, Batches = 3, Classes = 3;
    private const float Rate = 0.2f;

    public static IEnumerable<TheoryDataRow<string, bool>> Cases =>
        from cell in RecurrentCells.All
        from firstPieceCounts in new[] { true, false }
        select new TheoryDataRow<string, bool>(cell.Name, firstPieceCounts);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_piece_moves_the_weights_as_by_hand(string cell, bool firstPieceCounts)
    {
        NetworkShape spec = Spec(cell);
        List<Example> batch = Batch(t => firstPieceCounts || t >= Steps);
        float[] classWeights = [0, 1, 2];
        var run = new NetworkRun(spec);
        SequenceDataset data = LearningTasks.Dataset(spec, batch);
        using var step = new TrainingStep(run.Network.Layers, data, Options, seed: 1, classWeights);
        int[] rows = [.. Enumerable.Range(0, batch.Count)];
        for (int i = 0; i < Batches; i++)
        {
            (double Loss, double Weight, double Norm) expected = ByHand(spec, run.Weights, batch,
                label => classWeights[(int)label], Steps, Rate);
            (double loss, double weight, double norm) = step.Run(data, rows, Options.LearningRate);
            Assert.Equal(expected.Loss, loss, 1e-4);
            Assert.Equal(expected.Weight, weight, 1e-6);
            Assert.Equal(expected.Norm, norm, 1e-4);
        }
        foreach (Parameter parameter in run.Network.Layers.Parameters.All)
        {
            double[,] expected = run.Weights[parameter.Name],
                actual = Matrices.Read(parameter, run.Network.Layers.Parameters.Values);
            for (int i = 0; i < expected.GetLength(0); i++)
                for (int j = 0; j < expected.GetLength(1); j++)
                    Assert.Equal(expected[i, j], actual[i, j], 2e-5);
        }
    }

    [Fact]
    public void One_piece_of_all_steps_is_the_whole()
    {
        foreach (RecurrentCell cell in RecurrentCells.All)
        {
            Assert.Equal(Trained(cell.Name, threads: 1, steps: 0), Trained(cell.Name, threads: 1, steps: 60));
            Assert.NotEqual(Trained(cell.Name, threads: 1, steps: 0), Trained(cell.Name, threads: 1, Steps));
        }
    }

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        foreach (RecurrentCell cell in RecurrentCells.All)
        {
            float[] one = Trained(cell.Name, threads: 1, Steps);
            foreach (int threads in new[] { 2, 3, 8 })
                Assert.Equal(one, Trained(cell.Name, threads, Steps));
        }
    }

    private static SequenceTrainerOptions Options => Plain.Options with
    {
        BatchSize = 64,
        TruncatedBackpropagationSteps = Steps,
        LearningRate = Rate,
        Optimizer = SequenceOptimizer.Sgd(momentum: 0),
        GradientClipNorm = float.PositiveInfinity,
        NumberOfThreads = 2,
    };

    /// <summary>The weights after two batches of 42 sequences, with all that draws or weighs.</summary>
    private static float[] Trained(string cell, int threads, int steps)
    {
        NetworkShape spec = Spec(cell);
        List<Example> batch = [.. Enumerable.Range(0, 42).Select(i => Sequence(12 - i / 4, i, _ => true))];
        var run = new NetworkRun(spec);
        SequenceDataset data = LearningTasks.Dataset(spec, batch);
        using var step = new TrainingStep(run.Network.Layers, data, Options with
        {
            Dropout = 0.3f,
            RecurrentDropout = 0.2f,
            WordDropout = 0.1f,
            LabelSmoothing = 0.1f,
            TruncatedBackpropagationSteps = steps,
            NumberOfThreads = threads,
        }, seed: 1, classWeights: [1, 2, 0.5f]);
        for (int i = 0; i < 2; i++)
            step.Run(data, [.. Enumerable.Range(0, batch.Count)], Options.LearningRate);
        return run.Network.Layers.Parameters.Values.Span.ToArray();
    }

    /// <summary>Moves the weights piece by piece; returns sums of losses and weights, and the largest norm.</summary>
    internal static (double Loss, double Weight, double Norm) ByHand(NetworkShape spec, ReferenceWeights weights,
        List<Example> batch, Func<float, double> classWeight, int steps, float rate)
    {
        (double Loss, double Weight, double Norm) all = default;
        Dictionary<(int Layer, int Sequence), double[][]> before = [], after = [];
        for (int first = 0; first < batch[0].Tokens!.Length; first += steps)
        {
            List<Example> piece = [.. batch.Select(example => Piece(example, first, steps))];
            bool records = true;
            var network = new ReferenceNetwork(spec, weights)
            {
                ClassWeight = classWeight,
                Into = (place, state) =>
                {
                    if (records && place.Step == place.Length)
                        after[(place.Layer, place.Sequence)] = state;
                    return place.Step == 0 && first > 0 ? before[(place.Layer, place.Sequence)] : state;
                },
            };
            double loss = network.Loss(piece),
                weight = piece.Sum(e => e.Weight * e.StepLabels!.Sum(label => classWeight(label)));
            records = false;
            if (weight > 0)
            {
                var gradients = ParameterNames(spec).ToDictionary(name => name,
                    name => FiniteDifferences.Gradient(weights[name], () => network.Loss(piece)));
                double norm = Math.Sqrt(gradients.Values.Sum(gradient => gradient.Cast<double>().Sum(g => g * g)));
                foreach ((string name, double[,] gradient) in gradients)
                    for (int i = 0; i < gradient.GetLength(0); i++)
                        for (int j = 0; j < gradient.GetLength(1); j++)
                            weights[name][i, j] -= rate * gradient[i, j];
                all = (all.Loss + loss * weight, all.Weight + weight, Math.Max(all.Norm, norm));
            }
            (before, after) = (after, []);
        }
        return all;
    }

    private static IEnumerable<string> ParameterNames(NetworkShape spec) => new NetworkRun(spec).ParameterNames;

    private static Example Piece(Example example, int first, int count)
    {
        Range steps = Math.Min(first, example.Tokens!.Length)..Math.Min(first + count, example.Tokens.Length);
        return example with { Tokens = example.Tokens[steps], StepLabels = example.StepLabels![steps] };
    }

    /// <summary>Longest first, in two shards: 7 7 5 4 4 3 2 1 0.</summary>
    private static List<Example> Batch(Func<int, bool> counts) =>
        [.. ((int[])[7, 7, 5, 4, 4, 3, 2, 1, 0]).Select((length, i) => Sequence(length, i, counts))];

    /// <summary>Labels are 0, the class without weight, where a step does not count.</summary>
    private static Example Sequence(int length, int number, Func<int, bool> counts) => new(
        [.. Enumerable.Range(0, length).Select(t => (uint)(number * 3 + t * t) % 5)], null, float.NaN, 1 + number % 3)
    {
        StepLabels = [.. Enumerable.Range(0, length).Select(t => counts(t) ? (number + t + t / 3) % Classes : 0f)],
    };

    private static NetworkShape Spec(string cell) => new()
    {
        Input = StepFeatureKind.Tokens, InputSize = 4, EmbeddingSize = 3, Cell = cell, HiddenSize = 3, NumberOfLayers = 2,
        EveryStep = true,
        Head = HeadKind.Softmax, NumberOfOutputs = Classes,
    };
}
