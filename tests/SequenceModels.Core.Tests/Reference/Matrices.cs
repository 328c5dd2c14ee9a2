using SequenceModels.Kernels;
using SequenceModels.Parameters;
using Xunit;

namespace SequenceModels.Tests.Reference;

/// <summary>
/// Between the engine's parameters, which lie in panels, and plain matrices [rows, G·H] whose columns are gate-major.
/// </summary>
internal static unsafe class Matrices
{
    /// <summary>Random values in [-range, range] that a float holds exactly.</summary>
    public static double[,] Random(int rows, int columns, Random random, double range = 0.5)
    {
        var matrix = new double[rows, columns];
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++)
                matrix[i, j] = (float)(range * (2 * random.NextDouble() - 1));
        return matrix;
    }

    public static void Write(Parameter parameter, FloatBuffer buffer, double[,] matrix)
    {
        for (int row = 0; row < parameter.Rows; row++)
            for (int column = 0; column < parameter.Gates * parameter.Units; column++)
                parameter.In(buffer)[IndexOf(parameter, row, column)] = (float)matrix[row, column];
    }

    public static double[,] Read(Parameter parameter, FloatBuffer buffer)
    {
        var matrix = new double[parameter.Rows, parameter.Gates * parameter.Units];
        for (int row = 0; row < parameter.Rows; row++)
            for (int column = 0; column < parameter.Gates * parameter.Units; column++)
                matrix[row, column] = parameter.In(buffer)[IndexOf(parameter, row, column)];
        return matrix;
    }

    /// <summary>Fails unless two gradients agree, as a whole and each element by itself.</summary>
    public static void AssertAgree(string name, double[,] expected, double[,] actual, double tolerance = 1e-4)
    {
        Assert.Equal((expected.GetLength(0), expected.GetLength(1)), (actual.GetLength(0), actual.GetLength(1)));
        double difference = 0, size = 0, largest = expected.Cast<double>().Select(Math.Abs).DefaultIfEmpty().Max();
        for (int i = 0; i < expected.GetLength(0); i++)
            for (int j = 0; j < expected.GetLength(1); j++)
            {
                double e = expected[i, j], a = actual[i, j];
                difference += (e - a) * (e - a);
                size += (Math.Abs(e) + Math.Abs(a)) * (Math.Abs(e) + Math.Abs(a));
                // Float's rounding is relative to the sums that an element is made of, so the largest element sets the floor.
                Assert.True(Math.Abs(e - a) <= tolerance * Math.Abs(e) + tolerance / 10 * largest + 1e-7,
                    $"{name}[{i}, {j}] is {a}, not {e}");
            }
        double error = Math.Sqrt(difference) / Math.Max(Math.Sqrt(size), 1e-6);
        Assert.True(error <= tolerance, $"{name}: relative error {error:E1}");
    }

    private static long IndexOf(Parameter parameter, int row, int column) =>
        parameter.IndexOf(row, column / parameter.Units, column % parameter.Units);
}
