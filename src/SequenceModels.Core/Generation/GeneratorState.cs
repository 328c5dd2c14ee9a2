using SequenceModels.Files;
using SequenceModels.Text;

namespace SequenceModels;

/// <summary>
/// Where a text stands that a <see cref="SequenceGenerator"/> writes: what the network remembers, which tokens have occurred,
/// and a character that is not complete yet. A value of its own: it may be copied to write on in several ways, kept and saved;
/// no model changes with it.
/// </summary>
/// <remarks>One thread may use a state at a time; different states may be used at once.</remarks>
public sealed class GeneratorState
{
    private const string Kind = "SEQGENER";
    private const int Version = 1;

    internal GeneratorState(StepperState network, SortedSet<uint> seen, DetokenizerState text) =>
        (Network, Seen, Text) = (network, seen, text);

    /// <summary>How many tokens the text has, prompt included.</summary>
    public long Length => Network.NumberOfSteps;

    internal StepperState Network { get; }

    internal SortedSet<uint> Seen { get; }

    /// <summary>Where the text stands, a character that is not complete included.</summary>
    internal DetokenizerState Text { get; set; }

    /// <summary>Another state at the same place of the text.</summary>
    public GeneratorState Copy() => new(Network.Copy(), [.. Seen], Text);

    /// <summary>Writes the state to a stream, which stays open. The format carries a checksum.</summary>
    /// <param name="stream">Where to write.</param>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        SealedPayload.Write(stream, Kind, Version, writer =>
        {
            Network.Write(writer);
            writer.WriteArray(Seen, (to, key) => to.Write(key));
            Text.Write(writer);
        });
    }

    internal static GeneratorState Read(Stream stream, SequenceStepper stepper, uint largestKey) =>
        SealedPayload.Read(stream, Kind, Version, reader =>
    {
        StepperState network = stepper.ReadState(reader);
        if (network.NumberOfSteps == 0)
            throw reader.Invalid("it stands before the first step of its text");
        uint[] seen = reader.ReadArray("tokens seen", sizeof(uint), from => from.ReadUInt32());
        if (seen.FirstOrDefault(key => key > largestKey) is > 0 and uint beyond)
            throw reader.Invalid(Invariant($"among the tokens seen is key {beyond} of a vocabulary of {largestKey}"));
        return new GeneratorState(network, [.. seen], DetokenizerState.Read(reader));
    });
}
