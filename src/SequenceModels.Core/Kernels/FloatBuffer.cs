namespace SequenceModels.Kernels;

/// <summary>Floats that begin on a cache line and never move. Grows on demand; its content is then lost.</summary>
internal sealed unsafe class FloatBuffer
{
    private const int LineBytes = Rows.Line * sizeof(float);

    private float[] _array = [];

    public FloatBuffer() { }

    public FloatBuffer(long length) => Reserve(length);

    /// <summary>Null where the length is 0.</summary>
    public float* Data { get; private set; }

    public long Length { get; private set; }

    public Span<float> Span => new(Data, checked((int)Length));

    /// <summary>
    /// Makes room for <paramref name="length"/> floats; new room is zero. A buffer that has been used before gets a quarter more
    /// than it had, so that batches which grow a little each time do not make a new one each time.
    /// </summary>
    /// <exception cref="InvalidOperationException">More than an array can hold.</exception>
    public void Reserve(long length)
    {
        if (length <= Length)
            return;
        long padded = Math.Max(length, Math.Min(Length + Length / 4, Array.MaxLength - Rows.Line)) + Rows.Line;
        _array = GC.AllocateArray<float>(ArrayLength.Of(padded), pinned: true);
        nint address = (nint)System.Runtime.CompilerServices.Unsafe.AsPointer(
            ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(_array));
        Data = (float*)((address + LineBytes - 1) & ~(nint)(LineBytes - 1));
        Length = padded - Rows.Line;
    }

    public void Clear(long length) => System.Runtime.InteropServices.NativeMemory.Clear(Data, (nuint)(length * sizeof(float)));
}
