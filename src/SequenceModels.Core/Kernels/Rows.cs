namespace SequenceModels.Kernels;

/// <summary>Loops over whole rows whose lengths are multiples of 16 floats and which begin on a cache line.</summary>
internal static unsafe class Rows
{
    /// <summary>The smallest multiple of 16 that holds <paramref name="count"/> floats: rows are padded to whole cache lines.</summary>
    public static int Padded(int count) => checked(count + 15) & ~15;

    public static void Copy(float* source, float* destination, long count) =>
        Buffer.MemoryCopy(source, destination, count * sizeof(float), count * sizeof(float));

    /// <summary>destination += source.</summary>
    public static void Add(float* source, float* destination, int count) =>
        Simd.Run<AddKernel, RowPair>(new() { Source = source, Destination = destination, Rows = 1, Count = count });

    /// <summary>destination [count] += the sum of <paramref name="rows"/> rows of <paramref name="count"/> floats, in their order.</summary>
    public static void AddAll(float* source, nint stride, int rows, float* destination, int count) =>
        Simd.Run<AddKernel, RowPair>(new() { Source = source, SourceStride = stride, Destination = destination, Rows = rows, Count = count });

    private struct RowPair
    {
        public float* Source, Destination;
        public nint SourceStride;
        public int Rows, Count;
    }

    private readonly struct AddKernel : IKernel<RowPair>
    {
        public static void Run<V>(in RowPair a) where V : struct, IVector<V>
        {
            for (int i = 0; i < a.Count; i += V.Count)
            {
                V sum = V.Load(a.Destination + i);
                for (int row = 0; row < a.Rows; row++)
                    sum += V.Load(a.Source + row * a.SourceStride + i);
                V.Store(sum, a.Destination + i);
            }
        }
    }
}
