using SequenceModels.Tests.Onnx;
using Xunit;

namespace SequenceModels.Tests.Reference;

/// <summary>The measure itself is measured: the textbook cells must give the states of ONNX Runtime.</summary>
public class ReferenceTests
{
    [Theory]
    [InlineData("RNN", 1, false)]
    [InlineData("RNN", 1, true)]
    [InlineData("GRU", 3, false)]
    [InlineData("GRU", 3, true)]
    [InlineData("LSTM", 4, false)]
    [InlineData("LSTM", 4, true)]
    public void Textbook_cells_give_the_states_of_OnnxRuntime(string name, int gates, bool fromEnd)
    {
        const int Features = 3, Hidden = 5;
        var random = new Random(3);
        double[,] Weight(int rows) => Matrices.Random(rows, gates * Hidden, random);
        double[,] w = Weight(Features), r = Weight(Hidden), b = Weight(1);
        double[,]? recurrentBias = name == "GRU" ? Weight(1) : null;
        double[][][] sequences = RandomSequences.Create(Features, [4, 7, 1]);

        var cell = ReferenceCell.Create(name, w, r, b, recurrentBias);
        double[][][] expected = OnnxRecurrent.Run(name, [new(w, r, b, recurrentBias)], sequences, fromEnd);
        for (int s = 0; s < sequences.Length; s++)
        {
            double[][] actual = fromEnd ? cell.RunFromEnd(sequences[s]) : cell.Run(sequences[s]);
            for (int t = 0; t < sequences[s].Length; t++)
                for (int j = 0; j < Hidden; j++)
                    Assert.Equal(expected[s][t][j], actual[t][j], 1e-6);
        }
    }
}
