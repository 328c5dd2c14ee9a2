namespace SequenceModels;

/// <summary>Neighbouring steps that belong together, such as the tokens of a name.</summary>
/// <param name="Type">What the span is, as the tags' names say: PER of B-PER and I-PER.</param>
/// <param name="First">Its first step, from 0.</param>
/// <param name="Count">Its steps.</param>
public readonly record struct TaggedSpan(string Type, int First, int Count)
{
    /// <summary>The values, in the invariant culture.</summary>
    public override string ToString() => Invariant($"{Type} at {First}, {Count} long");
}
