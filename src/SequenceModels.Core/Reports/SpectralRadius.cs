using System.Numerics.Tensors;
using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Parameters;

namespace SequenceModels.Reports;

/// <summary>
/// The largest absolute value of a square matrix's eigenvalues, complex ones included: what repeated multiplication with the
/// matrix grows by in the long run.
/// </summary>
/// <remarks>Gelfand's formula: the limit of ||A^k||^(1/k). Any norm will do; this is the Frobenius norm.</remarks>
internal static class SpectralRadius
{
    /// <summary>Rows up to which A is squared again and again; a larger one is multiplied with a vector instead.</summary>
    private const int LargestSquared = 256;

    /// <summary>Rows up to which it is worked out at all.</summary>
    public const int Largest = 2048;

    private const int Squarings = 40, Steps = 400;

    /// <summary>Of each block of R of a network, layer by layer; none where its layers are too large to work them out.</summary>
    public static BlockRadius[] OfBlocks(SequenceNetwork network)
    {
        if (network.HiddenSize > Largest)
            return [];
        (int Layer, Recurrent Direction, int Gate)[] blocks =
            [.. network.Layers.Stack.SelectMany((layer, i) => layer.Directions.SelectMany(direction =>
            Enumerable.Range(0, direction.RecurrentWeight.Gates).Select(gate => (i + 1, direction, gate))))];
        var radii = new double[blocks.Length];
        Parallel.For(0, blocks.Length, i =>
            radii[i] = Of(blocks[i].Direction.RecurrentWeight, network.Layers.Parameters.Values, blocks[i].Gate));
        return [.. blocks.Select((block, i) => new BlockRadius(block.Layer, block.Direction.IsReverse,
            block.Direction.Cell.GateNames.Count == 0 ? "" : block.Direction.Cell.GateNames[block.Gate], radii[i]))];
    }

    /// <summary>Of one gate's block [H, H] of R.</summary>
    public static double Of(Parameter weight, FloatBuffer values, int gate)
    {
        int size = weight.Rows;
        var matrix = new double[(long)size * size];
        float[] row = new float[size];
        for (int r = 0; r < size; r++)
        {
            weight.Read(values, r, gate, row);
            for (int c = 0; c < size; c++)
                matrix[r * size + c] = row[c];
        }
        return Of(matrix, size);
    }

    /// <summary>Of a matrix [size, size]; to about 1e-4 of itself, above 256 rows to about a hundredth.</summary>
    public static double Of(double[] matrix, int size) =>
        size <= LargestSquared ? BySquaring(matrix, size) : ByVector(matrix, size);

    /// <summary>log ||A^(2^m)|| / 2^m for growing m; each power is scaled to norm 1, and the scale kept as a logarithm.</summary>
    private static double BySquaring(double[] matrix, int size)
    {
        double[] power = [.. matrix], square = new double[matrix.Length];
        double logScale = 0, estimate = double.PositiveInfinity;
        for (int m = 0; m < Squarings; m++)
        {
            double norm = TensorPrimitives.Norm<double>(power);
            if (norm == 0 || !double.IsFinite(norm))
                return norm;
            TensorPrimitives.Divide(power, norm, power);
            logScale = 2 * logScale + Math.Log(norm); // of A^(2^m)
            double next = Math.Exp(Math.ScaleB(logScale, -m));
            // Once within reach of the limit, what is left halves with each squaring.
            if (m > 8 && Math.Abs(estimate - next) < 2e-5 * next)
                return next;
            estimate = next;
            Square(power, square, size);
            (power, square) = (square, power);
        }
        return estimate;
    }

    private static void Square(double[] matrix, double[] square, int size)
    {
        Array.Clear(square);
        for (int r = 0; r < size; r++)
        {
            Span<double> row = square.AsSpan(r * size, size);
            for (int k = 0; k < size; k++)
                TensorPrimitives.MultiplyAdd(matrix.AsSpan(k * size, size), matrix[r * size + k], row, row);
        }
    }

    /// <summary>
    /// The mean growth of a vector over many products. A pair of complex eigenvalues lets the growth of single steps swing;
    /// over many it evens out.
    /// </summary>
    private static double ByVector(double[] matrix, int size)
    {
        var random = RandomStream.For(seed: 1, purpose: 0);
        double[] vector = new double[size], next = new double[size];
        for (int i = 0; i < size; i++)
            vector[i] = random.NextDouble() - 0.5;
        double log = 0;
        for (int step = 0; step < Steps; step++)
        {
            double norm = TensorPrimitives.Norm<double>(vector);
            if (norm == 0 || !double.IsFinite(norm))
                return norm;
            if (step > Steps / 2) // the first half only turns the vector towards the largest eigenvalues
                log += Math.Log(norm);
            TensorPrimitives.Divide(vector, norm, vector);
            for (int r = 0; r < size; r++)
                next[r] = TensorPrimitives.Dot<double>(matrix.AsSpan(r * size, size), vector);
            (vector, next) = (next, vector);
        }
        return Math.Exp(log / (Steps - 1 - Steps / 2));
    }
}

/// <summary>The spectral radius of a gate's block of R.</summary>
/// <param name="Layer">Number of the layer, from 1.</param>
/// <param name="IsReverse">Whether it reads from the end.</param>
/// <param name="Gate">What the gate is called; empty for a cell without gates.</param>
/// <param name="Radius">The largest absolute eigenvalue.</param>
internal readonly record struct BlockRadius(int Layer, bool IsReverse, string Gate, double Radius);
