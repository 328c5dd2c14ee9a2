namespace SequenceModels.Tests.Reference;

/// <summary>h' = tanh(x·W + h·R + b).</summary>
internal sealed class RnnReference(double[,] w, double[,] r, double[,] b) : ReferenceCell(w, r, b)
{
    public override int States => 1;

    public override double[][] Step(double[] x, double[][] state)
    {
        var next = new double[Hidden];
        for (int j = 0; j < Hidden; j++)
            next[j] = Math.Tanh(FromInput(x, 0, j) + FromState(state[0], 0, j));
        return [next];
    }
}
