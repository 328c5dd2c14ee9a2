using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace SequenceModels.Kernels;

/// <summary>Loops over whole rows whose lengths are multiples of 16 floats and which begin on a cache line.</summary>
internal static unsafe class Rows
{
    /// <summary>Floats in 64 bytes, which most caches bring at once.</summary>
    public const int Line = 16;

    /// <summary>
    /// The smallest multiple of 16 that holds <paramref name="count"/> floats: rows are padded to whole cache lines.
    /// </summary>
    public static int Padded(int count) => checked(count + 15) & ~15;

    public static void Copy(float* source, float* destination, long count) =>
        Buffer.MemoryCopy(source, destination, count * sizeof(float), count * sizeof(float));

    /// <summary>
    /// Asks for <paramref name="count"/> floats to be brought into the second-level cache, where the machine can be asked.
    /// </summary>
    public static void Prefetch(float* row, int count)
    {
        if (Sse.IsSupported)
            for (int i = 0; i < count; i += Line)
                Sse.Prefetch1(row + i);
    }

    /// <summary>Writes out the rows that <paramref name="source"/> names, <paramref name="stride"/> floats each.</summary>
    public static void CopyAll(Start source, int rows, float* destination, nint stride)
    {
        for (int row = 0; row < rows; row++)
            if (source[row] != destination + row * stride)
                Copy(source[row], destination + row * stride, stride);
    }

    /// <summary>Row i of <paramref name="to"/> becomes row <paramref name="places"/>[i] of <paramref name="from"/>.</summary>
    public static void Take(FloatBuffer from, FloatBuffer to, ReadOnlySpan<int> places, int stride)
    {
        to.Reserve((long)places.Length * stride);
        for (int i = 0; i < places.Length; i++)
            Copy(from.Data + (long)places[i] * stride, to.Data + (long)i * stride, stride);
    }

    /// <summary>destination += source.</summary>
    public static void Add(float* source, float* destination, int count) => Sum(source, destination, destination, count);

    /// <summary>destination = a + b.</summary>
    public static void Sum(float* a, float* b, float* destination, int count) =>
        Simd.Run<SumKernel, Operands>(new() { A = a, B = b, Destination = destination, Count = count });

    /// <summary>
    /// destination [count] += the sum of <paramref name="rows"/> rows of <paramref name="count"/> floats, in their order.
    /// </summary>
    public static void AddAll(float* source, nint stride, int rows, float* destination, int count) =>
        Simd.Run<AddAllKernel, Operands>(new()
        {
            A = source, AStride = stride, Destination = destination, Rows = rows,
            Count = count
        });

    public static double SumOfSquares(float* values, int count) =>
        System.Numerics.Tensors.TensorPrimitives.SumOfSquares(new ReadOnlySpan<float>(values, count));

    /// <summary>Row index[r] of the destination += row r of the source, in the order of r.</summary>
    public static void AddByIndex(float* source, nint stride, int rows, int* index, float* destination, nint destinationStride,
        int count) =>
        Simd.Run<AddByIndexKernel, Operands>(new()
        {
            A = source,
            AStride = stride,
            Index = index,
            Destination = destination,
            DestinationStride = destinationStride,
            Rows = rows,
            Count = count,
        });

    /// <summary>destination += factor * source.</summary>
    public static void AddScaled(float* source, float factor, float* destination, int count)
    {
        int first = 0;
        AddScaledByIndex(source, count, 1, &first, &factor, destination);
    }

    /// <summary>
    /// destination [stride] += the sum of factors[i] * row index[i] of the source, in the order of i.
    /// </summary>
    public static void AddScaledByIndex(float* source, nint stride, int rows, int* index, float* factors, float* destination) =>
        Simd.Run<AddScaledKernel, Operands>(new()
        {
            A = source,
            AStride = stride,
            B = factors,
            Index = index,
            Destination = destination,
            Rows = rows,
            Count = (int)stride,
        });

    private struct Operands
    {
        public float* A, B, Destination;
        public nint AStride, DestinationStride;
        public int* Index;
        public int Rows, Count;
    }

    private readonly struct SumKernel : IKernel<Operands>
    {
        [MethodImpl(Simd.Kernel)]
        public static void Run<V>(in Operands o) where V : struct, IVector<V>
        {
            for (int i = 0; i < o.Count; i += V.Count)
                V.Store(V.Load(o.A + i) + V.Load(o.B + i), o.Destination + i);
        }
    }

    private readonly struct AddAllKernel : IKernel<Operands>
    {
        [MethodImpl(Simd.Kernel)]
        public static void Run<V>(in Operands o) where V : struct, IVector<V>
        {
            for (int i = 0; i < o.Count; i += V.Count)
            {
                V sum = V.Load(o.Destination + i);
                for (int row = 0; row < o.Rows; row++)
                    sum += V.Load(o.A + row * o.AStride + i);
                V.Store(sum, o.Destination + i);
            }
        }
    }

    private readonly struct AddScaledKernel : IKernel<Operands>
    {
        [MethodImpl(Simd.Kernel)]
        public static void Run<V>(in Operands o) where V : struct, IVector<V>
        {
            for (int i = 0; i < o.Count; i += V.Count)
            {
                V sum = V.Load(o.Destination + i);
                for (int row = 0; row < o.Rows; row++)
                    sum = V.MultiplyAdd(V.Create(o.B[row]), V.Load(o.A + o.Index[row] * o.AStride + i), sum);
                V.Store(sum, o.Destination + i);
            }
        }
    }

    private readonly struct AddByIndexKernel : IKernel<Operands>
    {
        [MethodImpl(Simd.Kernel)]
        public static void Run<V>(in Operands o) where V : struct, IVector<V>
        {
            for (int row = 0; row < o.Rows; row++)
            {
                float* from = o.A + row * o.AStride, to = o.Destination + o.Index[row] * o.DestinationStride;
                for (int i = 0; i < o.Count; i += V.Count)
                    V.Store(V.Load(to + i) + V.Load(from + i), to + i);
            }
        }
    }
}
