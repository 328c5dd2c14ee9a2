using System.Text;

namespace SequenceModels.Text;

/// <summary>
/// A text that was made of another one, each of its UTF-16 units with the place in the other that it comes from.
/// </summary>
internal sealed class TextWithOffsets
{
    private char[] _units = new char[64];
    private int[] _starts = new int[64], _ends = new int[64];

    public int Length { get; private set; }

    public Span<char> Text => _units.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <param name="rune">What the new text has.</param>
    /// <param name="start">Where its source begins.</param>
    /// <param name="end">Where its source ends; the start, where it has none.</param>
    public void Add(Rune rune, int start, int end)
    {
        Reserve(2);
        int count = rune.EncodeToUtf16(_units.AsSpan(Length));
        for (int i = 0; i < count; i++)
            (_starts[Length + i], _ends[Length + i]) = (start, end);
        Length += count;
    }

    public void Add(char unit, int start, int end)
    {
        Reserve(1);
        (_units[Length], _starts[Length], _ends[Length]) = (unit, start, end);
        Length++;
    }

    /// <summary>Takes the last unit away.</summary>
    public void RemoveLast() => Length--;

    /// <summary>
    /// What these units of the new text come from. Marks may have changed places, so that the first unit need not come from the
    /// first.
    /// </summary>
    public TokenOffset SourceOf(int start, int length)
    {
        if (length == 0)
            return new(start < Length ? _starts[start] : Length == 0 ? 0 : _ends[Length - 1], 0);
        int first = int.MaxValue, end = -1;
        for (int i = start; i < start + length; i++)
            if (_ends[i] > _starts[i])
                (first, end) = (Math.Min(first, _starts[i]), Math.Max(end, _ends[i]));
        return end < 0 ? new(_starts[start], 0) : TokenOffset.Between(first, end);
    }

    private void Reserve(int more)
    {
        if (Length + more <= _units.Length)
            return;
        int size = Math.Max(Length + more, 2 * _units.Length);
        Array.Resize(ref _units, size);
        Array.Resize(ref _starts, size);
        Array.Resize(ref _ends, size);
    }
}
