using System.Runtime.CompilerServices;

namespace SequenceModels.Kernels;

/// <summary>The softmax of a row: e^x_i / sum_j e^x_j, taken from the largest x so that nothing overflows.</summary>
internal static unsafe class Softmax
{
    /// <summary>Replaces a row by <paramref name="factor"/> times its softmax.</summary>
    /// <param name="row">[padded] values; what stands beyond <paramref name="count"/> becomes 0.</param>
    /// <param name="count">K.</param>
    /// <param name="padded">K padded to a multiple of 16.</param>
    /// <param name="factor">What the probabilities are multiplied with.</param>
    /// <returns>log(sum_j e^x_j).</returns>
    public static double Scaled(float* row, int count, int padded, float factor)
    {
        double logOfSum;
        Simd.Run<Kernel, Arguments>(new() { Row = row, Count = count, Padded = padded, Factor = factor, LogOfSum = &logOfSum });
        return logOfSum;
    }

    /// <summary>
    /// From the gradients of probabilities p to those of what they are the softmax of: p_i (d_i - sum_j p_j d_j).
    /// </summary>
    /// <param name="probabilities">[padded], zero in the padding.</param>
    /// <param name="gradients">[padded] replaced.</param>
    /// <param name="padded">A multiple of 16.</param>
    public static void Backward(float* probabilities, float* gradients, int padded) =>
        Simd.Run<BackwardKernel, Arguments>(new() { Row = probabilities, Gradients = gradients, Padded = padded });

    private struct Arguments
    {
        public float* Gradients;
        public float* Row;
        public int Count, Padded;
        public float Factor;
        public double* LogOfSum;
    }

    private readonly struct Kernel : IKernel<Arguments>
    {
        [MethodImpl(Simd.Kernel)]
        public static void Run<V>(in Arguments a) where V : struct, IVector<V>
        {
            float* row = a.Row;
            for (int i = a.Count; i < a.Padded; i++)
                row[i] = float.NegativeInfinity;

            V largest = V.Load(row);
            for (int i = V.Count; i < a.Padded; i += V.Count)
                largest = V.Max(largest, V.Load(row + i));
            float max = V.Max(largest);

            V shift = V.Create(max), sums = V.Create(0);
            for (int i = 0; i < a.Padded; i += V.Count)
            {
                V e = Activations.Exp(V.Load(row + i) - shift);
                V.Store(e, row + i);
                sums += e;
            }
            float sum = V.Sum(sums);
            *a.LogOfSum = Math.Log(sum) + max;

            V scale = V.Create(a.Factor / sum);
            for (int i = 0; i < a.Padded; i += V.Count)
                V.Store(V.Load(row + i) * scale, row + i);
            for (int i = a.Count; i < a.Padded; i++)
                row[i] = 0;
        }
    }

    private readonly struct BackwardKernel : IKernel<Arguments>
    {
        [MethodImpl(Simd.Kernel)]
        public static void Run<V>(in Arguments a) where V : struct, IVector<V>
        {
            V sums = V.Create(0);
            for (int i = 0; i < a.Padded; i += V.Count)
                sums = V.MultiplyAdd(V.Load(a.Row + i), V.Load(a.Gradients + i), sums);
            V mean = V.Create(V.Sum(sums));
            for (int i = 0; i < a.Padded; i += V.Count)
                V.Store(V.Load(a.Row + i) * (V.Load(a.Gradients + i) - mean), a.Gradients + i);
        }
    }
}
