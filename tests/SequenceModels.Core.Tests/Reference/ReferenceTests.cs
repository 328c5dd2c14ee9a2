using SequenceModels.Heads;
using SequenceModels.Sequences;
using SequenceModels.Tests.Onnx;
using Xunit;

namespace SequenceModels.Tests.Reference;

/// <summary>The measure itself is measured: the textbook states must be those of ONNX Runtime.</summary>
public class ReferenceTests
{
    [Theory]
    [InlineData("RNN", 1, false)]
    [InlineData("RNN", 1, true)]
    [InlineData("GRU", 3, false)]
    [InlineData("GRU", 3, true)]
    [InlineData("LSTM", 4, false)]
    [InlineData("LSTM", 4, true)]
    public void The_textbook_states_are_those_of_OnnxRuntime(string cell, int gates, bool bidirectional)
    {
        const int Features = 3;
        var spec = new NetworkSpec
        {
            Input = SequenceInput.Frames,
            InputSize = Features,
            Cell = cell,
            HiddenSize = 5,
            Bidirectional = bidirectional,
            Head = HeadKind.Regression,
            NumberOfOutputs = 1,
        };
        ReferenceWeights weights = ReferenceWeights.Random(spec, gates, recurrentBias: cell == "GRU", seed: 3);
        var random = new Random(4);
        float[][] frames = [.. new[] { 4, 7, 1 }.Select(steps => Enumerable.Range(0, steps * Features).Select(_ => random.NextSingle()).ToArray())];

        OnnxDirection Direction(bool backward)
        {
            double[,] Part(string name) => weights[ReferenceWeights.Recurrent(0, backward, name)];
            return new(Part("W"), Part("R"), Part("b"), cell == "GRU" ? Part("bR") : null);
        }
        double[][][] expected = OnnxRecurrent.Run(cell, bidirectional ? [Direction(false), Direction(true)] : [Direction(false)],
            [.. frames.Select(f => f.Chunk(Features).Select(step => Array.ConvertAll(step, x => (double)x)).ToArray())]);

        var network = new ReferenceNetwork(spec, weights);
        for (int b = 0; b < frames.Length; b++)
        {
            double[][] actual = network.States(new Example(null, frames[b], 0));
            Assert.Equal(expected[b].Length, actual.Length);
            for (int t = 0; t < actual.Length; t++)
                for (int j = 0; j < actual[t].Length; j++)
                    Assert.Equal(expected[b][t][j], actual[t][j], 1e-6);
        }
    }
}
