namespace SequenceModels.Tests.Reference;

/// <summary>
/// Gates input i, forget f, candidate g, output o; i and f see c, o sees c' (peepholes i, f, o): c' = f c + i g, h' = o tanh(c').
/// </summary>
internal sealed class PeepholeLstmReference(double[,] w, double[,] r, double[,] b, double[,] p) : ReferenceCell(w, r, b)
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
            double Peephole(int place) => p[0, place * Hidden + j];
            double input = Sigmoid(Sum(Input) + Peephole(0) * c[j]), forget = Sigmoid(Sum(Forget) + Peephole(1) * c[j]);
            nextC[j] = forget * c[j] + input * Math.Tanh(Sum(Candidate));
            nextH[j] = Sigmoid(Sum(Output) + Peephole(2) * nextC[j]) * Math.Tanh(nextC[j]);
        }
        return [nextH, nextC];
    }
}
