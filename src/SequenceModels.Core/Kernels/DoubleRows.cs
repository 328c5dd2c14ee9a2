using System.Runtime.CompilerServices;

namespace SequenceModels.Kernels;

/// <summary>
/// Loops over rows of doubles whose lengths are multiples of 16. Sums are taken lane by lane, so that they do not depend on
/// where a row lies in memory.
/// </summary>
internal static unsafe class DoubleRows
{
    /// <summary>a *= b; the sum of the products.</summary>
    public static double Multiply(double* a, double* b, int count)
    {
        double sum;
        Simd.RunDoubles<MultiplyKernel, Operands>(new() { A = a, B = b, Destination = a, Count = count, Result = &sum });
        return sum;
    }

    /// <summary>destination = a * b; the sum of the products.</summary>
    public static double Multiply(double* a, double* b, double* destination, int count)
    {
        double sum;
        Simd.RunDoubles<MultiplyKernel, Operands>(
            new() { A = a, B = b, Destination = destination, Count = count, Result = &sum });
        return sum;
    }

    /// <summary>The sum of a * b.</summary>
    public static double Dot(double* a, double* b, int count)
    {
        double sum;
        Simd.RunDoubles<DotKernel, Operands>(new() { A = a, B = b, Count = count, Result = &sum });
        return sum;
    }

    public static double Sum(double* row, int count)
    {
        double sum;
        Simd.RunDoubles<SumKernel, Operands>(new() { A = row, Count = count, Result = &sum });
        return sum;
    }

    /// <summary>row *= factor; the smallest of the products that is not 0.</summary>
    public static double Scale(double* row, double factor, int count)
    {
        double least;
        Simd.RunDoubles<ScaleKernel, Operands>(new() { A = row, Factor = factor, Count = count, Result = &least });
        return least;
    }

    private struct Operands
    {
        public double* A, B, Destination, Result;
        public double Factor;
        public int Count;
    }

    private static double SumOfLanes<V>(V value) where V : struct, IDoubles<V>
    {
        Span<double> lanes = stackalloc double[8];
        V.CopyTo(value, lanes);
        double sum = 0;
        for (int i = 0; i < V.Count; i++)
            sum += lanes[i];
        return sum;
    }

    private readonly struct MultiplyKernel : IDoubleKernel<Operands>
    {
        [MethodImpl(Simd.Kernel)]
        public static void Run<V>(in Operands o) where V : struct, IDoubles<V>
        {
            V sum = V.Create(0);
            for (int i = 0; i < o.Count; i += V.Count)
            {
                V product = V.Load(o.A + i) * V.Load(o.B + i);
                sum += product;
                V.Store(product, o.Destination + i);
            }
            *o.Result = SumOfLanes(sum);
        }
    }

    private readonly struct DotKernel : IDoubleKernel<Operands>
    {
        [MethodImpl(Simd.Kernel)]
        public static void Run<V>(in Operands o) where V : struct, IDoubles<V>
        {
            V sum = V.Create(0);
            for (int i = 0; i < o.Count; i += V.Count)
                sum += V.Load(o.A + i) * V.Load(o.B + i);
            *o.Result = SumOfLanes(sum);
        }
    }

    private readonly struct SumKernel : IDoubleKernel<Operands>
    {
        [MethodImpl(Simd.Kernel)]
        public static void Run<V>(in Operands o) where V : struct, IDoubles<V>
        {
            V sum = V.Create(0);
            for (int i = 0; i < o.Count; i += V.Count)
                sum += V.Load(o.A + i);
            *o.Result = SumOfLanes(sum);
        }
    }

    private readonly struct ScaleKernel : IDoubleKernel<Operands>
    {
        [MethodImpl(Simd.Kernel)]
        public static void Run<V>(in Operands o) where V : struct, IDoubles<V>
        {
            V factor = V.Create(o.Factor), least = V.Create(double.PositiveInfinity);
            for (int i = 0; i < o.Count; i += V.Count)
            {
                V product = V.Load(o.A + i) * factor;
                least = V.Min(least, V.InfinityForZero(product));
                V.Store(product, o.A + i);
            }
            Span<double> lanes = stackalloc double[8];
            V.CopyTo(least, lanes);
            double smallest = lanes[0];
            for (int i = 1; i < V.Count; i++)
                smallest = Math.Min(smallest, lanes[i]);
            *o.Result = smallest;
        }
    }
}
