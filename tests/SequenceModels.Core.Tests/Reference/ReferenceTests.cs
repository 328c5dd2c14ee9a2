using SequenceModels.Cells;
using SequenceModels.Tests.Onnx;
using Xunit;

namespace SequenceModels.Tests.Reference;

/// <summary>The measure itself is measured: the textbook cells must give the states of ONNX Runtime.</summary>
public class ReferenceTests
{
    public static IEnumerable<TheoryDataRow<string, bool>> Cells =>
        from cell in RecurrentCells.All
        where cell.Onnx is not null
        from fromEnd in new[] { false, true }
        select new TheoryDataRow<string, bool>(cell.Name, fromEnd);

    [Theory]
    [MemberData(nameof(Cells))]
    public void Textbook_cells_give_the_states_of_OnnxRuntime(string name, bool fromEnd)
    {
        const int Features = 3, Hidden = 5;
        RecurrentCell cell = RecurrentCells.Find(name)!;
        var random = new Random(3);
        double[,] Weight(int rows, int blocks) => Matrices.Random(rows, blocks * Hidden, random);
        var parts = new Dictionary<string, double[,]>
        {
            ["W"] = Weight(Features, cell.Gates), ["R"] = Weight(Hidden, cell.Gates), ["b"] = Weight(1, cell.Gates),
            ["P"] = Weight(1, cell.Parameters.Count),
        };
        if (cell.SeparateProducts)
            parts["bR"] = Weight(1, cell.Gates);
        double[][][] sequences = RandomSequences.Create(Features, [4, 7, 1]);

        var textbook = ReferenceCell.Create(name, part => parts[part]);
        double[][][] expected = OnnxRecurrent.Run(cell.Onnx!, [parts], sequences, fromEnd);
        for (int s = 0; s < sequences.Length; s++)
        {
            double[][] actual = fromEnd ? textbook.RunFromEnd(sequences[s]) : textbook.Run(sequences[s]);
            for (int t = 0; t < sequences[s].Length; t++)
                for (int j = 0; j < Hidden; j++)
                    Assert.Equal(expected[s][t][j], actual[t][j], 1e-6);
        }
    }
}
