using SequenceModels.Files;
using SequenceModels.Networks;

namespace SequenceModels;

/// <summary>
/// Where a <see cref="TranscriptionStepper"/> stands in a stream, and what it has heard so far. One thread may use a state at a
/// time.
/// </summary>
public sealed class TranscriptionState
{
    private const string Kind = "SEQHEARD";
    private const int Version = 1;

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

    /// <summary>
    /// Writes the state, with all that was heard, to a stream, which stays open. The format carries a checksum.
    /// </summary>
    /// <param name="stream">Where to write.</param>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        SealedPayload.Write(stream, Kind, Version, writer =>
        {
            Network.Write(writer);
            Path.Write(writer);
        });
    }

    internal static TranscriptionState Read(Stream stream, SequenceStepper stepper, int largestKey) =>
        SealedPayload.Read(stream, Kind, Version, reader =>
        {
            StepperState network = stepper.ReadState(reader);
            return new TranscriptionState(network, BestPath.Read(reader, network.NumberOfSteps, largestKey));
        });
}
