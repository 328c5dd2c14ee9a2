namespace SequenceModels.Tests.Reference;

/// <summary>Gates input i, forget f, candidate g, output o: c' = f c + i g, h' = o tanh(c').</summary>
internal sealed class LstmReference(double[,] w, double[,] r, double[,] b) : ReferenceCell(w, r, b)
{
    private const int Input = 0, Forget = 1, Candidate = 2, Output = 3;

    public override int States => 2;

    public override double[][] Step(double[] x, double[][] state)
    {
        double[] h = state[0], c = state[1];
        var nextH = new double[Hidden];
        var nextC = new double[Hidden];
        for (int j = 0; j < Hidden; j++)
        {
            double Sum(int gate) => FromInput(x, gate, j) + FromState(h, gate, j);
            nextC[j] = Sigmoid(Sum(Forget)) * c[j] + Sigmoid(Sum(Input)) * Math.Tanh(Sum(Candidate));
            nextH[j] = Sigmoid(Sum(Output)) * Math.Tanh(nextC[j]);
        }
        return [nextH, nextC];
    }
}
