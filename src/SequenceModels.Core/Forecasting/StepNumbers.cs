using SequenceModels.Kernels;

namespace SequenceModels.Forecasting;

/// <summary>The numbers of many steps, [rows, N], in blocks of rows: what is there is not copied where it grows.</summary>
internal sealed class StepNumbers
{
    private readonly List<float[]> _blocks = [];
    private readonly int _size, _blockBits;

    /// <summary>Has no rows yet.</summary>
    /// <param name="size">N: targets, then covariates of the past, of the future and of the series.</param>
    public StepNumbers(int size) => (_size, _blockBits) = (size, 10);

    /// <summary>Has the rows of an array, which may be written over.</summary>
    /// <param name="numbers">[rows, N].</param>
    /// <param name="size">N.</param>
    public StepNumbers(float[] numbers, int size)
    {
        (_size, _blockBits) = (size, 31); // one block, of as many rows as there can be
        _blocks.Add(numbers);
    }

    /// <summary>Rows that were added.</summary>
    public int Count { get; private set; }

    /// <summary>[N] of a row.</summary>
    public ReadOnlySpan<float> this[int row] => Of(row);

    /// <summary>Adds a row [N].</summary>
    public void Add(ReadOnlySpan<float> numbers)
    {
        if (Count == _blocks.Count << _blockBits)
            _blocks.Add(new float[ArrayLength.Of(1 << _blockBits, _size)]);
        numbers.CopyTo(Of(Count++));
    }

    private Span<float> Of(int row) => _blocks[row >> _blockBits].AsSpan((row & ((1 << _blockBits) - 1)) * _size, _size);
}
