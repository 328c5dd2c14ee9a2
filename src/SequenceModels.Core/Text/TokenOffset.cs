namespace SequenceModels.Text;

/// <summary>Where a token stands in the text that it was cut from, in UTF-16 units.</summary>
/// <param name="Start">Of its first unit.</param>
/// <param name="Length">Number of units; 0 for what stands in no text, such as a start token.</param>
internal readonly record struct TokenOffset(int Start, int Length)
{
    public int End => Start + Length;

    public static TokenOffset Between(int start, int end) => new(start, Math.Max(0, end - start));
}
