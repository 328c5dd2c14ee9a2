using SequenceModels.Cells;
using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Parameters;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using Xunit;

namespace SequenceModels.Tests;

/// <summary>The weights a training starts from.</summary>
public class NetworkTests
{
    private const int Hidden = 20;

    [Fact]
    public void Each_gate_remembers_with_an_orthogonal_matrix()
    {
        foreach ((RecurrentCell cell, string name, double[,] matrix) in Initial(".R"))
            for (int gate = 0; gate < cell.Gates; gate++)
                for (int a = 0; a < Hidden; a++)
                    for (int b = 0; b < Hidden; b++)
                    {
                        double product = 0;
                        for (int row = 0; row < Hidden; row++)
                            product += matrix[row, gate * Hidden + a] * matrix[row, gate * Hidden + b];
                        Assert.True(Math.Abs(product - (a == b ? 1 : 0)) < 1e-5,
                            $"{name}: gate {gate}, columns {a} and {b}: {product}");
                    }
    }

    [Fact]
    public void Input_weights_lie_in_the_range_of_Glorot()
    {
        foreach ((_, string name, double[,] matrix) in Initial(".W"))
        {
            int units = name.StartsWith("output", StringComparison.Ordinal) ? matrix.GetLength(1) : Hidden;
            double limit = Math.Sqrt(6.0 / (matrix.GetLength(0) + units));
            double largest = matrix.Cast<double>().Max(Math.Abs);
            Assert.True(largest <= limit && largest > 0.8 * limit, $"{name}: {largest} of {limit}");
        }
    }

    [Fact]
    public void Biases_are_zero_but_for_the_forget_gate()
    {
        foreach ((RecurrentCell cell, string name, double[,] bias) in Initial(".b").Concat(Initial(".bR")))
            for (int column = 0; column < bias.GetLength(1); column++)
                Assert.Equal(cell.HasCellState && name.StartsWith("layer", StringComparison.Ordinal) &&
                    column / Hidden == cell.RetainGate ? 1 : 0,
                    bias[0, column]);
    }

    [Fact]
    public void Parameters_of_a_cells_own_begin_as_it_says()
    {
        foreach ((RecurrentCell cell, string name, double[,] own) in Initial(".P"))
            for (int column = 0; column < own.GetLength(1); column++)
                Assert.Equal(cell.Parameters[column / Hidden].InitialValue, own[0, column]);
    }

    [Fact]
    public void The_seed_decides_every_weight()
    {
        double[] Weights(int seed) =>
            [.. Initial(".W", seed).Concat(Initial(".R", seed)).SelectMany(m => m.Matrix.Cast<double>())];
        Assert.Equal(Weights(1), Weights(1));
        Assert.DoesNotContain(0, Weights(1).Zip(Weights(2), (a, b) => a - b));
    }

    private static IEnumerable<(RecurrentCell Cell, string Name, double[,] Matrix)> Initial(string suffix, int seed = 1)
    {
        foreach (RecurrentCell cell in RecurrentCells.All)
        {
            var spec = new NetworkShape
            {
                Input = StepFeatureKind.Tokens, InputSize = 30, EmbeddingSize = 8, Cell = cell.Name, HiddenSize = Hidden,
                NumberOfLayers = 2,
                Bidirectional = true, Head = HeadKind.Softmax, NumberOfOutputs = 5,
            };
            var layers = new EncoderNetwork(spec, FrameTransform.None, LabelTransform.None);
            layers.Parameters.Allocate();
            layers.Initialize(seed);
            Parameter[] found = [.. layers.Parameters.All.Where(p => p.Name.EndsWith(suffix, StringComparison.Ordinal))];
            Assert.True(found.Length > 0 || suffix is ".bR" or ".P");
            foreach (Parameter parameter in found)
                yield return (cell, parameter.Name, Matrices.Read(parameter, layers.Parameters.Values));
        }
    }
}
