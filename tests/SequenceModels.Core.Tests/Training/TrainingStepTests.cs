using SequenceModels.Cells;
using SequenceModels.Heads;
using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Networks;
using SequenceModels.Parameters;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Training;

public sealed class TrainingStepTests
{
    private const int Rows = 12;
    private const float Rate = 0.01f;

    /// <summary>Ends of the names of biases, and of a cell's own parameters.</summary>
    private static readonly string[] s_vectors = [".b", ".bR", ".P"];

    public static IEnumerable<TheoryDataRow<string, int>> CellsAndEmbeddings =>
        from cell in RecurrentCells.All
        from embeddingSize in new[] { 0, 7 }
        select new TheoryDataRow<string, int>(cell.Name, embeddingSize);

    [Theory]
    [MemberData(nameof(CellsAndEmbeddings))]
    public void Every_matrix_decays_and_no_vector_does(string cell, int embeddingSize)
    {
        const float Decay = 0.5f;
        EncoderNetwork before = Network(cell, embeddingSize), adam = Network(cell, embeddingSize),
            adamW = Network(cell, embeddingSize);
        Learn(adam, SequenceOptimizer.Adam());
        Learn(adamW, SequenceOptimizer.AdamW(Decay));
        Assert.True(before.Parameters.DenseLength > 1 << 14); // several blocks, some of which begin or end within a parameter
        foreach ((Parameter parameter, int i) in before.Parameters.All.Select((parameter, i) => (parameter, i)))
        {
            float share = s_vectors.Any(suffix => parameter.Name.EndsWith(suffix, StringComparison.Ordinal)) ? 0 : Rate * Decay;
            double[,] old = Matrices.Read(parameter, before.Parameters.Values),
                plain = Matrices.Read(parameter, adam.Parameters.Values);
            double[,] found = Matrices.Read(parameter, adamW.Parameters.Values);
            for (int row = 0; row < old.GetLength(0); row++)
                for (int column = 0; column < old.GetLength(1); column++)
                    Assert.Equal(plain[row, column] - share * old[row, column], found[row, column], share == 0 ? 0 : 1e-6);
        }

        static void Learn(EncoderNetwork network, SequenceOptimizer optimizer)
        {
            using TrainingStep step = Step(network, optimizer);
            RunOnce(step);
        }
    }

    [Fact]
    public void The_rate_is_the_size_of_the_step()
    {
        EncoderNetwork before = Network("GRU", 7), small = Network("GRU", 7), large = Network("GRU", 7);
        using TrainingStep one = Step(small, SequenceOptimizer.Sgd()), other = Step(large, SequenceOptimizer.Sgd());
        RunOnce(one, rate: 1 / 16f);
        RunOnce(other, rate: 1 / 4f);
        float[] old = before.Parameters.Values.Span.ToArray();
        Assert.NotEqual(old, small.Parameters.Values.Span.ToArray());
        for (int i = 0; i < old.Length; i++)
            Assert.Equal(4 * (small.Parameters.Values.Span[i] - old[i]), large.Parameters.Values.Span[i] - old[i], 1e-6);
    }

    [Fact]
    public void Weights_sums_and_their_number_are_all_that_the_next_step_builds_on()
    {
        foreach (SequenceOptimizer optimizer in new[] { SequenceOptimizer.AdamW(), SequenceOptimizer.RmsProp(momentum: 0.5f),
            SequenceOptimizer.Sgd() })
        {
            EncoderNetwork network = Network("LSTM", 7), copy = Network("LSTM", 7);
            using TrainingStep first = Step(network, optimizer), second = Step(copy, optimizer);
            for (int i = 0; i < 3; i++)
                RunOnce(first);
            Assert.Equal(3, first.Updates);

            network.Parameters.Values.Span.CopyTo(copy.Parameters.Values.Span);
            for (int i = 0; i < first.State.Count; i++)
                first.State[i].Span.CopyTo(second.State[i].Span);
            Assert.True(second.TryResume(first.Updates, first.Average?.Reached ?? []));
            for (int i = 0; i < 2; i++)
                Assert.Equal(RunOnce(first), RunOnce(second));
            Assert.Equal(5, second.Updates);
            Assert.Equal(network.Parameters.Values.Span, copy.Parameters.Values.Span);
        }
    }

    private static (double, double, double) RunOnce(TrainingStep step, float rate = Rate) =>
        step.Run(s_rows, StepRange.All, rate);

    private static readonly NetworkShape s_spec = new()
    {
        Input = StepFeatureKind.Tokens, InputSize = 40, Cell = "LSTM", HiddenSize = 60, NumberOfLayers = 2, Bidirectional = true,
        Head = HeadKind.Softmax, NumberOfOutputs = 4,
    };

    private static readonly SequenceDataset s_data = LearningTasks.Dataset(s_spec, LearningTasks.LastTokenWins(Rows, seed: 3));

    private static readonly int[] s_rows = [.. Enumerable.Range(0, Rows).OrderByDescending(s_data.Length)];

    /// <summary>The same weights each time, biases of all sizes among them.</summary>
    private static EncoderNetwork Network(string cell, int embeddingSize)
    {
        var layers = new EncoderNetwork(s_spec with { Cell = cell, EmbeddingSize = embeddingSize }, FrameTransform.None,
            LabelTransform.None);
        layers.Parameters.Allocate();
        layers.Initialize(1);
        foreach (Parameter bias in layers.Parameters.All.Where(parameter => parameter.Rows == 1))
            for (int gate = 0; gate < bias.Gates; gate++)
                bias.Write(layers.Parameters.Values, 0, gate,
                    [.. Enumerable.Range(0, bias.Units).Select(unit => (unit % 5 - 2) / 4f)]);
        return layers;
    }

    private static TrainingStep Step(Network network, SequenceOptimizer optimizer) => new(network, s_data,
        Plain.Options with { BatchSize = Rows, Optimizer = optimizer, Dropout = 0.2f, NumberOfThreads = 2 }, seed: 1);
}
