namespace SequenceModels.Reports;

/// <summary>What layers and directions are called where there are several.</summary>
internal static class LayerNames
{
    /// <summary>
    /// "layer 2, forward", as far as the network needs it to tell its layers apart; empty where there is one of one direction.
    /// </summary>
    public static string Of(int layer, bool isReverse, SequenceNetwork network) => string.Join(", ", new[]
    {
        network.NumberOfLayers > 1 ? Invariant($"layer {layer}") : "",
        !network.Bidirectional ? "" : isReverse ? "backward" : "forward",
    }.Where(part => part.Length > 0));

    /// <summary>The same, with a name for the only layer.</summary>
    public static string OrOnly(int layer, bool isReverse, SequenceNetwork network) =>
        Of(layer, isReverse, network) is { Length: > 0 } name ? name : "the recurrent layer";

    /// <summary>A gate of it.</summary>
    public static string WithGate(int layer, bool isReverse, string gate, SequenceNetwork network) =>
        string.Join(": ", new[] { Of(layer, isReverse, network), gate }.Where(part => part.Length > 0)) is { Length: > 0 } name
            ? name : "the recurrent layer";
}
