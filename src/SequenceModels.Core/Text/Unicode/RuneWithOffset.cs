namespace SequenceModels.Text;

/// <summary>A rune of a text that was made of another one.</summary>
/// <param name="Value">Its scalar value.</param>
/// <param name="Start">Where its source begins in the other text.</param>
/// <param name="End">Where its source ends.</param>
internal readonly record struct RuneWithOffset(int Value, int Start, int End);
