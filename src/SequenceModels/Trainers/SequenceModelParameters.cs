namespace SequenceModels;

/// <summary>What a trainer has learned.</summary>
public sealed class SequenceModelParameters
{
    internal SequenceModelParameters(SequenceNetwork network) => Network = network;

    /// <summary>The trained network: immutable, safe to share between threads, and usable without ML.NET.</summary>
    public SequenceNetwork Network { get; }
}
