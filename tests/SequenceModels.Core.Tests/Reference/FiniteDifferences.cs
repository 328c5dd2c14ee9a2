namespace SequenceModels.Tests.Reference;

/// <summary>Gradients without calculus: move one weight a little both ways and watch the loss.</summary>
internal static class FiniteDifferences
{
    // In double the error of the central difference is about step² + 1e-16 / step: 1e-10 here.
    private const double Step = 1e-5;

    public static double[,] Gradient(ReferenceNetwork network, ReferenceWeights weights, string name, IReadOnlyList<Example> batch)
    {
        double[,] matrix = weights[name];
        var gradient = new double[matrix.GetLength(0), matrix.GetLength(1)];
        for (int i = 0; i < matrix.GetLength(0); i++)
            for (int j = 0; j < matrix.GetLength(1); j++)
            {
                double value = matrix[i, j];
                matrix[i, j] = value + Step;
                double above = network.Loss(batch);
                matrix[i, j] = value - Step;
                double below = network.Loss(batch);
                matrix[i, j] = value;
                gradient[i, j] = (above - below) / (2 * Step);
            }
        return gradient;
    }
}
