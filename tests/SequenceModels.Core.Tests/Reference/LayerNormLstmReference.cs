namespace SequenceModels.Tests.Reference;

/// <summary>
/// Gates input i, forget f, candidate g, output o of a = u N(x·W) + v N(h·R) + s, each of 4H numbers: c' = f c + i g,
/// h' = o tanh(w N(c') + d). The parameters stand in the order u, v, s, w, d.
/// </summary>
internal sealed class LayerNormLstmReference(double[,] w, double[,] r, double[,] p)
    : ReferenceCell(w, r, new double[1, r.GetLength(1)])
{
    private const int Gates = 4, Input = 0, Forget = 1, Candidate = 2, Output = 3;

    public override int States => 2;

    public override double[][] Step(double[] x, double[][] state)
    {
        double[] h = state[0], c = state[1];
        double[] fromInput =
            Normal([.. from gate in Enumerable.Range(0, Gates) from j in Enumerable.Range(0,
                Hidden) select FromInput(x, gate, j)]);
        double[] fromState =
            Normal([.. from gate in Enumerable.Range(0, Gates) from j in Enumerable.Range(0,
                Hidden) select FromState(h, gate, j)]);
        double Sum(int gate, int j)
        {
            int k = gate * Hidden + j;
            return p[0, k] * fromInput[k] + p[0, Gates * Hidden + k] * fromState[k] + p[0, 2 * Gates * Hidden + k];
        }
        double[] nextC = [.. Enumerable.Range(0, Hidden).Select(j =>
            Sigmoid(Sum(Forget, j)) * c[j] + Sigmoid(Sum(Input, j)) * Math.Tanh(Sum(Candidate, j)))];
        double[] normal = Normal(nextC);
        int gain = 3 * Gates * Hidden, shift = gain + Hidden;
        return [[.. Enumerable.Range(0, Hidden).Select(j =>
            Sigmoid(Sum(Output, j)) * Math.Tanh(p[0, gain + j] * normal[j] + p[0, shift + j]))], nextC];
    }

    private static double[] Normal(double[] values)
    {
        double mean = values.Average(), variance = values.Average(value => (value - mean) * (value - mean));
        return [.. values.Select(value => (value - mean) / Math.Sqrt(variance + 1e-5))];
    }
}
