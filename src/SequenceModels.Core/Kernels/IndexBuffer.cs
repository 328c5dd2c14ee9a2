using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SequenceModels.Kernels;

/// <summary>
/// Whole numbers that never move: which row of a table each row of a batch has. Grows on demand; its content is then lost.
/// </summary>
internal sealed unsafe class IndexBuffer
{
    private int[] _array = [];

    /// <summary>Null where nothing was reserved.</summary>
    public int* Data { get; private set; }

    public Span<int> Span => _array;

    public void Reserve(int length)
    {
        if (length <= _array.Length)
            return;
        _array = GC.AllocateArray<int>((int)Math.Min(Math.Max(length, 2L * _array.Length), Array.MaxLength), pinned: true);
        Data = (int*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_array));
    }
}
