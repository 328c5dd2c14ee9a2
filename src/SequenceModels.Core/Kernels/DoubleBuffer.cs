namespace SequenceModels.Kernels;

/// <summary>Doubles that begin on a cache line and never move. Grows on demand; its content is then lost.</summary>
internal sealed unsafe class DoubleBuffer
{
    private readonly FloatBuffer _memory = new();

    /// <summary>Null where the length is 0.</summary>
    public double* Data => (double*)_memory.Data;

    /// <summary>Makes room for <paramref name="length"/> doubles; new room is zero.</summary>
    /// <exception cref="InvalidOperationException">More than an array can hold.</exception>
    public void Reserve(long length) => _memory.Reserve(2 * length);

    /// <summary>The first <paramref name="length"/> doubles.</summary>
    public Span<double> First(long length) => new(Data, ArrayLength.Of(length));
}
