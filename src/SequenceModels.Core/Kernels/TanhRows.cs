using System.Runtime.CompilerServices;

namespace SequenceModels.Kernels;

/// <summary>tanh over whole rows, and the way back through it. Counts are multiples of 16.</summary>
internal static unsafe class TanhRows
{
    /// <summary>values = tanh(values).</summary>
    public static void Apply(float* values, long count) => Simd.Run<ForwardKernel, Operands>(new() { Y = values, Count = count });

    /// <summary>gradient *= 1 - y², y being what tanh gave.</summary>
    public static void Backward(float* y, float* gradient, long count) =>
        Simd.Run<BackwardKernel, Operands>(new() { Y = y, Gradient = gradient, Count = count });

    private struct Operands
    {
        public float* Y, Gradient;
        public long Count;
    }

    private readonly struct ForwardKernel : IKernel<Operands>
    {
        [MethodImpl(Simd.Kernel)]
        public static void Run<V>(in Operands o) where V : struct, IVector<V>
        {
            for (long i = 0; i < o.Count; i += V.Count)
                V.Store(Activations.Tanh(V.Load(o.Y + i)), o.Y + i);
        }
    }

    private readonly struct BackwardKernel : IKernel<Operands>
    {
        [MethodImpl(Simd.Kernel)]
        public static void Run<V>(in Operands o) where V : struct, IVector<V>
        {
            for (long i = 0; i < o.Count; i += V.Count)
                V.Store(V.Load(o.Gradient + i) * Activations.TanhSlope(V.Load(o.Y + i)), o.Gradient + i);
        }
    }
}
