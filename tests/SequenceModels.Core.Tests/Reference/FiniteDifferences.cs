namespace SequenceModels.Tests.Reference;

/// <summary>Gradients without calculus: move one weight a little both ways and watch the loss.</summary>
internal static class FiniteDifferences
{
    // In double the error of the central difference is about Step² + 1e-16 / Step: 1e-10 here.
    private const double Step = 1e-5;

    /// <summary>dLoss/dMatrix, element by element; the matrix is as before when it returns.</summary>
    public static double[,] Gradient(double[,] matrix, Func<double> loss)
    {
        var gradient = new double[matrix.GetLength(0), matrix.GetLength(1)];
        for (int i = 0; i < matrix.GetLength(0); i++)
            for (int j = 0; j < matrix.GetLength(1); j++)
            {
                double value = matrix[i, j];
                matrix[i, j] = value + Step;
                double above = loss();
                matrix[i, j] = value - Step;
                double below = loss();
                matrix[i, j] = value;
                gradient[i, j] = (above - below) / (2 * Step);
            }
        return gradient;
    }
}
