using SequenceModels.Networks;

namespace SequenceModels;

/// <summary>
/// Where a <see cref="TranscriptionStepper"/> stands in a stream, and what it has heard so far. One thread may use a state at a
/// time.
/// </summary>
public sealed class TranscriptionState
{
    internal TranscriptionState(StepperState network, BestPath path) => (Network, Path) = (network, path);

    /// <summary>Steps that the stream has had.</summary>
    public int NumberOfSteps => Path.Steps;

    /// <summary>The keys of what was heard so far; grows with the stream.</summary>
    public IReadOnlyList<uint> Tokens => Path.Tokens;

    /// <summary>When each token was heard; the last one may still go on.</summary>
    public IReadOnlyList<TokenTime> Times => Path.Times;

    internal StepperState Network { get; }

    internal BestPath Path { get; }

    /// <summary>Another state that stands at the same place and goes its own way.</summary>
    public TranscriptionState Copy() => new(Network.Copy(), Path.Copy());
}
