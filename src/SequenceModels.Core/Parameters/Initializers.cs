using System.Numerics.Tensors;
using SequenceModels.Kernels;

namespace SequenceModels.Parameters;

/// <summary>The values that training starts from.</summary>
internal static class Initializers
{
    /// <summary>
    /// Uniform in ±sqrt(6 / (rows + units)), each gate on its own: signals keep their size going forward and back.
    /// </summary>
    /// <param name="parameter">Takes the values.</param>
    /// <param name="values">Where they stand.</param>
    /// <param name="random">Draws them.</param>
    /// <param name="gain">A factor of the range.</param>
    /// <remarks>Glorot and Bengio, AISTATS 2010, equation 16.</remarks>
    public static void Glorot(Parameter parameter, FloatBuffer values, ref RandomStream random, double gain = 1) =>
        Uniform(parameter, values, gain * Math.Sqrt(6.0 / (parameter.Rows + parameter.Units)), ref random);

    /// <summary>
    /// Uniform in ±sqrt(6 / rows): signals keep their size going forward, however many units there are. Of a vocabulary,
    /// <see cref="Glorot"/>'s weights would be so small that hardly anything came back through them.
    /// </summary>
    /// <remarks>He, Zhang, Ren and Sun, ICCV 2015, equation 10.</remarks>
    public static void He(Parameter parameter, FloatBuffer values, ref RandomStream random) =>
        Uniform(parameter, values, Math.Sqrt(6.0 / parameter.Rows), ref random);

    /// <summary>Uniform in ±<paramref name="limit"/>.</summary>
    public static void Uniform(Parameter parameter, FloatBuffer values, double limit, ref RandomStream random)
    {
        float[] row = new float[parameter.Units];
        for (int gate = 0; gate < parameter.Gates; gate++)
            for (int r = 0; r < parameter.Rows; r++)
            {
                for (int i = 0; i < row.Length; i++)
                    row[i] = (float)((2 * random.NextDouble() - 1) * limit);
                parameter.Write(values, r, gate, row);
            }
    }

    /// <summary>
    /// A random orthogonal matrix for each gate: the hidden state neither grows nor shrinks by being multiplied.
    /// </summary>
    /// <remarks>Saxe, McClelland and Ganguli, ICLR 2014.</remarks>
    public static void Orthogonal(Parameter parameter, FloatBuffer values, ref RandomStream random)
    {
        int size = parameter.Units;
        float[] row = new float[size];
        for (int gate = 0; gate < parameter.Gates; gate++)
        {
            double[][] basis = OrthonormalRows(size, ref random);
            for (int r = 0; r < size; r++)
            {
                for (int i = 0; i < size; i++)
                    row[i] = (float)basis[r][i];
                parameter.Write(values, r, gate, row);
            }
        }
    }

    /// <summary>Standard normal values, divided by <paramref name="divisor"/>.</summary>
    public static void Normal(Parameter parameter, FloatBuffer values, double divisor, ref RandomStream random)
    {
        float[] row = new float[parameter.Units];
        for (int r = 0; r < parameter.Rows; r++)
            for (int gate = 0; gate < parameter.Gates; gate++)
            {
                for (int i = 0; i < row.Length; i++)
                    row[i] = (float)(random.NextNormal() / divisor);
                parameter.Write(values, r, gate, row);
            }
    }

    /// <summary>The same value for all units of one gate of a bias.</summary>
    public static void Constant(Parameter bias, int gate, float value, FloatBuffer values)
    {
        float[] row = new float[bias.Units];
        row.AsSpan().Fill(value);
        bias.Write(values, 0, gate, row);
    }

    /// <summary>Gram-Schmidt on normal rows; done twice for each, which makes them orthogonal to rounding.</summary>
    private static double[][] OrthonormalRows(int size, ref RandomStream random)
    {
        double[][] rows = new double[size][];
        for (int r = 0; r < size; r++)
        {
            double[] row = rows[r] = new double[size];
            for (int i = 0; i < size; i++)
                row[i] = random.NextNormal();
            for (int pass = 0; pass < 2; pass++)
                for (int before = 0; before < r; before++)
                    TensorPrimitives.MultiplyAdd(rows[before], -TensorPrimitives.Dot<double>(rows[before], row), row, row);
            TensorPrimitives.Divide(row, TensorPrimitives.Norm<double>(row), row);
        }
        return rows;
    }
}
