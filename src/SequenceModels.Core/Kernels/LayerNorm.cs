using System.Runtime.CompilerServices;

namespace SequenceModels.Kernels;

/// <summary>
/// Layer normalisation of one vector, N(a) = (a - mean) / sqrt(variance + 1e-5), and its gradient. The vector stands in blocks,
/// each padded with zeros to whole cache lines; the padding does not count, and stays zero.
/// </summary>
/// <remarks>Ba, Kiros and Hinton, "Layer Normalization", arXiv:1607.06450, 2016.</remarks>
internal static unsafe class LayerNorm
{
    private const float Epsilon = 1e-5f;

    /// <summary>Floats in the widest register.</summary>
    private const int Lanes = 16;

    private static readonly FloatBuffer s_mask = CreateMask();

    /// <param name="source">[blocks, units] a.</param>
    /// <param name="normal">[blocks, units] becomes N(a); may be the source.</param>
    /// <param name="blocks">How many blocks.</param>
    /// <param name="units">Floats in a block, a multiple of 16.</param>
    /// <param name="size">How many of them are no padding.</param>
    /// <returns>1 / sqrt(variance + 1e-5).</returns>
    [MethodImpl(Simd.Kernel)]
    public static float Normalize<V>(float* source, float* normal, int blocks, int units, int size) where V : struct, IVector<V>
    {
        float count = (float)blocks * size;
        V sum = V.Create(0);
        for (int k = 0; k < blocks * units; k += V.Count)
            sum += V.Load(source + k);
        V mean = V.Create(V.Sum(sum) / count), squares = V.Create(0);
        for (int block = 0; block < blocks; block++)
            for (int u = 0; u < units; u += V.Count)
            {
                V centred = (V.Load(source + block * units + u) - mean) * Mask<V>(size - u);
                squares = V.MultiplyAdd(centred, centred, squares);
                V.Store(centred, normal + block * units + u);
            }
        float scale = 1 / MathF.Sqrt(V.Sum(squares) / count + Epsilon);
        for (int k = 0; k < blocks * units; k += V.Count)
            V.Store(V.Load(normal + k) * V.Create(scale), normal + k);
        return scale;
    }

    /// <summary>
    /// From the gradient of gain * N(a) to that of a: scale * (n - mean(n) - N(a) * mean(n * N(a))), where n = gain * dOutput.
    /// </summary>
    /// <param name="dOutput">[blocks, units] the gradient of gain * N(a); zero in the padding.</param>
    /// <param name="gain">[blocks, units].</param>
    /// <param name="normal">[blocks, units] N(a).</param>
    /// <param name="scale">As <see cref="Normalize"/> returned it.</param>
    /// <param name="dSource">[blocks, units] added to, or set; may be one of the others where it is set.</param>
    /// <param name="adds">Whether dSource is added to.</param>
    /// <param name="blocks">As in Normalize.</param>
    /// <param name="units">As in Normalize.</param>
    /// <param name="size">As in Normalize.</param>
    [MethodImpl(Simd.Kernel)]
    public static void Backward<V>(float* dOutput, float* gain, float* normal, float scale, float* dSource, bool adds,
        int blocks, int units, int size) where V : struct, IVector<V>
    {
        float count = (float)blocks * size;
        V sum = V.Create(0), product = V.Create(0);
        for (int k = 0; k < blocks * units; k += V.Count)
        {
            V n = V.Load(dOutput + k) * V.Load(gain + k);
            sum += n;
            product = V.MultiplyAdd(n, V.Load(normal + k), product);
        }
        V mean = V.Create(V.Sum(sum) / count), slope = V.Create(V.Sum(product) / count);
        for (int block = 0; block < blocks; block++)
            for (int u = 0; u < units; u += V.Count)
            {
                int k = block * units + u;
                V n = V.Load(dOutput + k) * V.Load(gain + k);
                V d = V.FlushTiny((n - mean - slope * V.Load(normal + k)) * V.Create(scale) * Mask<V>(size - u));
                V.Store(adds ? V.Load(dSource + k) + d : d, dSource + k);
            }
    }

    /// <summary>1 in the first <paramref name="count"/> lanes, 0 in the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Mask<V>(int count) where V : struct, IVector<V> =>
        V.Load(s_mask.Data + Lanes - Math.Clamp(count, 0, V.Count));

    /// <summary>16 ones, then 16 zeros.</summary>
    private static FloatBuffer CreateMask()
    {
        var mask = new FloatBuffer(2 * Lanes);
        mask.Span[..Lanes].Fill(1);
        return mask;
    }
}
