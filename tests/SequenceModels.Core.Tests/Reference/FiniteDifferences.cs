using Xunit;

namespace SequenceModels.Tests.Reference;

/// <summary>Gradients without calculus: move one weight a little both ways and watch the loss.</summary>
internal static class FiniteDifferences
{
    // In double the error of the central difference is about Step² + 1e-16 / Step: 1e-10 here.
    private const double Step = 1e-5;

    /// <summary>Elements of a matrix up to which each is measured.</summary>
    private const int Few = 100;

    /// <summary>dLoss/dMatrix, element by element; the matrix is as before when it returns.</summary>
    public static double[,] Gradient(double[,] matrix, Func<double> loss)
    {
        var gradient = new double[matrix.GetLength(0), matrix.GetLength(1)];
        for (int i = 0; i < matrix.GetLength(0); i++)
            for (int j = 0; j < matrix.GetLength(1); j++)
                gradient[i, j] = Of(matrix, i, j, loss);
        return gradient;
    }

    /// <summary>
    /// Fails unless a gradient is dLoss/dMatrix; gives what was expected. Of a large matrix so many elements are measured that
    /// each row and column has some.
    /// </summary>
    public static double[] AssertGradient(string name, double[,] matrix, Func<double> loss, double[,] actual,
        double tolerance = 1e-4)
    {
        Assert.Equal((matrix.GetLength(0), matrix.GetLength(1)), (actual.GetLength(0), actual.GetLength(1)));
        int columns = matrix.GetLength(1), apart = matrix.Length <= Few ? 1 : columns % 7 == 0 ? 11
            : 7, count = (matrix.Length + apart - 1) / apart;
        double[,] expected = new double[1, count], measured = new double[1, count];
        for (int k = 0; k < count; k++)
        {
            (int i, int j) = Math.DivRem(k * apart, columns);
            (expected[0, k], measured[0, k]) = (Of(matrix, i, j, loss), actual[i, j]);
        }
        Matrices.AssertAgree(name, expected, measured, tolerance);
        return [.. expected.Cast<double>()];
    }

    private static double Of(double[,] matrix, int i, int j, Func<double> loss)
    {
        double value = matrix[i, j];
        matrix[i, j] = value + Step;
        double above = loss();
        matrix[i, j] = value - Step;
        double below = loss();
        matrix[i, j] = value;
        return (above - below) / (2 * Step);
    }
}
