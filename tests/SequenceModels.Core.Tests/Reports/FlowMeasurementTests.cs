using SequenceModels.Cells;
using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Parameters;
using SequenceModels.Reports;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using Xunit;

namespace SequenceModels.Tests.Reports;

/// <summary>
/// dLoss/dh against the textbook network in double, whose states are moved a little: what the loss answers is the gradient.
/// </summary>
public class FlowMeasurementTests
{
    private const int Features = 3, Hidden = 5;

    public static IEnumerable<TheoryDataRow<string>> Cells =>
        RecurrentCells.All.Select(cell => new TheoryDataRow<string>(cell.Name));

    [Theory]
    [MemberData(nameof(Cells))]
    public void Norms_are_those_of_the_textbook_for_both_layers_and_directions(string cell)
    {
        Check(Spec(cell));
        Check(Spec(cell) with { Pooling = SequencePooling.Mean, Head = HeadKind.Regression, NumberOfOutputs = 1 });
        Check(Spec(cell) with { Pooling = SequencePooling.Max, Head = HeadKind.Sigmoid, NumberOfOutputs = 1 });
        Check(Spec(cell) with { EveryStep = true });
    }

    private static void Check(NetworkShape spec)
    {
        var run = new NetworkRun(spec);
        Example[] examples = [.. new[] { 6, 4, 9 }.Select((length, i) => MakeExample(spec, length, i))];
        LayerInsight[] layers = Measure(run, examples).Layers;

        Assert.Equal([(1, false), (1, true), (2, false), (2, true)], layers.Select(layer => (layer.Layer, layer.IsReverse)));
        foreach (LayerInsight layer in layers)
        {
            Assert.Equal(4, layer.GradientNorms.Length); // as far as all three reach: fewer than five are no mean
            Assert.All(layer.Sequences, count => Assert.Equal(3, count));
            for (int back = 0; back < layer.GradientNorms.Length; back++)
            {
                double squares = examples.Sum(example => SquaredNorm(spec, run, example, layer, back));
                double expected = Math.Sqrt(squares / examples.Length);
                Assert.Equal(expected, layer.GradientNorms[back], 1e-6 + 1e-4 * expected);
            }
        }
    }

    [Fact]
    public void Batches_and_threads_do_not_change_a_bit()
    {
        var run = new NetworkRun(Spec("LSTM"));
        Example[] examples = [.. Enumerable.Range(0, 100).Select(i => MakeExample(Spec("LSTM"), 1 + i % 13, i))];
        LayerInsight[] one = Measure(run, examples, threads: 1).Layers, four = Measure(run, examples, threads: 4).Layers;
        for (int i = 0; i < one.Length; i++)
        {
            Assert.Equal(one[i].GradientNorms, four[i].GradientNorms);
            Assert.Equal(one[i].HalfLives, four[i].HalfLives);
        }
        Assert.Equal(13, one[0].GradientNorms.Length);
        Assert.Equal(100, one[0].Sequences[0]);
        Assert.Equal(7, one[0].Sequences[12]);
    }

    [Fact]
    public void The_loss_is_the_mean_of_the_sequences_losses()
    {
        var run = new NetworkRun(Spec("GRU"));
        Example[] examples = [.. Enumerable.Range(0, 40).Select(i => MakeExample(Spec("GRU"), 1 + i % 5, i))];
        Assert.Equal(new ReferenceNetwork(Spec("GRU"), run.Weights).Loss(examples), Measure(run, examples).Loss, 1e-5);
    }

    [Theory]
    [InlineData("LSTM", "f", 1)]
    [InlineData("GRU", "z", 0)]
    public void Half_lives_are_those_of_the_gate_that_keeps_the_state(string cell, string gate, int place)
    {
        // Zero weights and a bias make the gate the same at every step: sigmoid of the bias.
        var run = new NetworkRun(Spec(cell) with { NumberOfLayers = 1, Bidirectional = false });
        SequenceNetwork network = run.Network;
        foreach (Parameter parameter in network.Layers.Parameters.All)
            if (parameter.Name.StartsWith("layer", StringComparison.Ordinal))
                for (int row = 0; row < parameter.Rows; row++)
                    for (int g = 0; g < parameter.Gates; g++)
                        parameter.Write(network.Layers.Parameters.Values, row, g,
                            [.. Enumerable.Range(0, Hidden).Select(unit =>
                                parameter.Name.EndsWith(".b", StringComparison.Ordinal) && g == place ? unit : 0f)]);
        LayerInsight layer = Assert.Single(Measure(run, [MakeExample(Spec(cell), 7, 0)]).Layers);
        Assert.EndsWith(" " + gate, RecurrentCells.Find(cell)!.GateNames[place], StringComparison.Ordinal);
        for (int unit = 0; unit < Hidden; unit++)
            Assert.Equal(Math.Log(0.5) / Math.Log(1 / (1 + Math.Exp(-unit))), layer.HalfLives[25 * unit],
                1e-4 * (1 + unit * unit));
    }

    [Fact]
    public void A_plain_cell_has_no_half_life() =>
        Assert.All(Measure(new NetworkRun(Spec("RNN")), [MakeExample(Spec("RNN"), 3, 0)]).Layers,
        layer => Assert.Empty(layer.HalfLives));

    [Fact]
    public void A_trace_has_the_gates_in_the_order_of_the_example()
    {
        NetworkShape spec = Spec("RNN") with { NumberOfLayers = 1 };
        var run = new NetworkRun(spec);
        Example example = MakeExample(spec, 6, 1);
        GateTrace trace = new FlowMeasurement(run.Network.Layers, Data(spec, [example])).Trace(0, _ => "");
        var layers = new ReferenceStates(spec, run);
        for (int d = 0; d < 2; d++)
        {
            double[][] states = layers.Of(example, backward: d == 1);
            for (int t = 0; t < 6; t++)
                Assert.Equal(states[t].Average(Math.Abs), Assert.Single(trace.Layers[d].Means)[t], 1e-5);
        }
    }

    [Fact]
    public void Gates_of_a_trace_have_the_cells_names()
    {
        foreach (RecurrentCell cell in RecurrentCells.All)
        {
            Assert.True(cell.GateNames.Count == cell.Gates || cell.GateNames.Count == 0);
            var run = new NetworkRun(Spec(cell.Name));
            GateTrace trace = new FlowMeasurement(run.Network.Layers, Data(Spec(cell.Name), [MakeExample(Spec(cell.Name), 4, 0)]))
                .Trace(0, _ => "");
            Assert.All(trace.Layers, layer => Assert.Equal([.. cell.GateNames, "hidden state h"], layer.Names));
            Assert.All(trace.Layers.SelectMany(layer => layer.Means).SelectMany(gate => gate), mean =>
                Assert.InRange(mean, 1e-6, 1));
        }
    }

    private static (LayerInsight[] Layers, double Loss) Measure(NetworkRun run, Example[] examples, int threads = -1) =>
        new FlowMeasurement(run.Network.Layers, Data(run.Network.Spec, examples))
        .Measure([.. Enumerable.Range(0, examples.Length)], threads);

    private static SequenceDataset Data(NetworkShape spec, Example[] examples)
    {
        SequenceDataset data = examples[0].NewDataset(spec);
        foreach (Example example in examples)
            example.AddTo(data);
        return data;
    }

    private static double SquaredNorm(NetworkShape spec, NetworkRun run, Example example, LayerInsight at, int back)
    {
        const double Step = 1e-5;
        int place = example.Frames!.Length / Features - 1 - back;
        double Loss(int unit, double by) => new ReferenceNetwork(spec, run.Weights)
        {
            Nudge = (layer, backward, step, u) => layer == at.Layer - 1 && backward == at.IsReverse && step == place &&
                u == unit ? by : 0,
        }.Loss([example]);
        return Enumerable.Range(0, Hidden).Sum(unit => Math.Pow((Loss(unit, Step) - Loss(unit, -Step)) / (2 * Step), 2));
    }

    private static Example MakeExample(NetworkShape spec, int length, int seed)
    {
        float[] frames =
            [.. RandomSequences.Create(Features, [length], seed).Single().SelectMany(frame => frame).Select(x => (float)x)];
        float Label(int i) => spec.Head == HeadKind.Sigmoid ? i % 2 : i % 3;
        return new Example(null, frames, Label(seed))
        {
            StepLabels = spec.EveryStep
            ? [.. Enumerable.Range(0, length).Select(t => Label(seed + t))] : null
        };
    }

    private static NetworkShape Spec(string cell) => new()
    {
        Input = StepFeatureKind.Frames, InputSize = Features, Cell = cell, HiddenSize = Hidden, NumberOfLayers = 2,
        Bidirectional = true,
        Head = HeadKind.Softmax, NumberOfOutputs = 3,
    };

    /// <summary>The textbook's states of a network of one layer.</summary>
    private sealed class ReferenceStates(NetworkShape spec, NetworkRun run)
    {
        public double[][] Of(Example example, bool backward)
        {
            var cell = ReferenceCell.Create(spec.Cell, name => run.Weights[ReferenceWeights.Recurrent(0, backward, name)]);
            double[][] steps = [.. example.Frames!.Chunk(Features).Select(frame =>
                frame.Select((x, i) => (x - run.Weights.FrameMean(i)) * run.Weights.FrameScale(i)).ToArray())];
            return backward ? cell.RunFromEnd(steps) : cell.Run(steps);
        }
    }
}
