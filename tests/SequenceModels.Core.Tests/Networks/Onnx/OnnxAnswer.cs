using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Xunit;

namespace SequenceModels.Tests.Networks;

/// <summary>What a model gives of a batch, whoever runs it.</summary>
/// <param name="outputs">All numbers of each output.</param>
/// <param name="rows">Of the batch.</param>
internal sealed class OnnxAnswer(IReadOnlyDictionary<string, double[]> outputs, int rows)
{
    public static OnnxAnswer Run(InferenceSession session, IReadOnlyCollection<NamedOnnxValue> inputs, int rows)
    {
        using var outputs = session.Run(inputs);
        return new(outputs.ToDictionary(output => output.Name, output => output.ElementType == TensorElementType.Float
            ? Array.ConvertAll(output.AsTensor<float>().ToArray(), value => (double)value)
            : Array.ConvertAll(output.AsTensor<long>().ToArray(), value => (double)value)), rows);
    }

    public double[] this[string name] => outputs[name];

    /// <summary>Scores and labels are those that the network gives; beyond a sequence's end stands nothing.</summary>
    public void AssertIs(OwnScores own, double tolerance)
    {
        for (int row = 0; row < rows; row++)
        {
            AssertClose(own.Scores[row], Of("scores", row, own.Scores[row].Length, beyond: 0), tolerance);
            if (own.Tags is { } tags)
                Assert.Equal(tags[row], Of("labels", row, tags[row].Length, beyond: -1).Select(label => (int)label));
        }
    }

    public static void AssertClose(IReadOnlyList<float> expected, IReadOnlyList<double> actual, double tolerance = 1e-5)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (int i = 0; i < expected.Count; i++)
            Assert.Equal(expected[i], actual[i], tolerance);
    }

    private double[] Of(string name, int row, int count, double beyond)
    {
        double[] all = outputs[name];
        int each = all.Length / rows;
        double[] own = all[(row * each)..((row + 1) * each)];
        Assert.All(own[count..], value => Assert.Equal(beyond, value));
        return own[..count];
    }
}
