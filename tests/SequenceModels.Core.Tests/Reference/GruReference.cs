using SequenceModels.Layers;

namespace SequenceModels.Tests.Reference;

/// <summary>
/// Gates update z, reset r, candidate n; the reset applies after the recurrent product, hence the second bias b_R:
/// n = tanh(x·Wn + bn + r (h·Rn + bRn)), h' = (1 - z) n + z h.
/// </summary>
internal sealed class GruReference(double[,] w, double[,] r, double[,] b, double[,] recurrentBias) : ReferenceCell(w, r, b)
{
    private const int Update = 0, Reset = 1, Candidate = 2;

    public override int States => 1;

    public override double[][] Step(double[] x, double[][] state)
    {
        double[] h = state[0];
        var next = new double[Hidden];
        for (int j = 0; j < Hidden; j++)
        {
            double z = Sigmoid(FromInput(x, Update, j) + Recurrent(h, Update, j));
            double reset = Sigmoid(FromInput(x, Reset, j) + Recurrent(h, Reset, j));
            double n = Math.Tanh(FromInput(x, Candidate, j) + reset * Recurrent(h, Candidate, j));
            next[j] = (1 - z) * n + z * h[j];
        }
        return [next];
    }

    private double Recurrent(double[] h, int gate, int unit) => FromState(h, gate, unit) + recurrentBias[0, gate * Hidden + unit];
}
