using SequenceModels.Files;
using SequenceModels.Heads;
using SequenceModels.Sequences;

namespace SequenceModels.Networks;

/// <summary>
/// Everything that decides the shape of a network, and so the number and meaning of its weights. Each topology is a record of its
/// own, made of parts that check, write and read themselves.
/// </summary>
internal abstract record NetworkSpec
{
    /// <summary>What the network gives.</summary>
    public required OutputSpec Output { get; init; }

    /// <summary>What the topology is called in files.</summary>
    public abstract string Topology { get; }

    /// <summary>What a step is that enters.</summary>
    public abstract StepFeatures Inputs { get; }

    /// <summary>
    /// Whether a sequence with an output for every step may be read piece by piece, its states carried from one to the next.
    /// </summary>
    public abstract bool ReadsInPieces { get; }

    /// <summary>Whether the state after a step may depend on the steps behind it.</summary>
    public abstract bool SeesLaterSteps { get; }

    /// <summary>What is wrong with the shape; null: nothing.</summary>
    public abstract string? Validate();

    /// <summary>A network of this shape, without memory for its weights.</summary>
    /// <exception cref="ArgumentException">There is no such network.</exception>
    public abstract Network CreateNetwork(FrameTransform frames, LabelTransform labels);

    /// <summary>All that decides the shape, as names and texts, so that a difference can be shown.</summary>
    public abstract IEnumerable<(string Name, string Value)> Settings();

    public void Write(PayloadWriter writer)
    {
        writer.Write(Topology);
        WriteParts(writer);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is no shape of a network.</exception>
    public static NetworkSpec Read(PayloadReader reader)
    {
        string topology = reader.ReadString();
        NetworkSpec spec = topology switch
        {
            EncoderNetworkSpec.Name => EncoderNetworkSpec.ReadParts(reader),
            TranslationSpec.Name => TranslationSpec.ReadParts(reader),
            _ => throw reader.Invalid($"it is a network of the kind '{topology}', which this version does not know"),
        };
        return spec.Validate() is { } contradiction ? throw reader.Invalid(contradiction) : spec;
    }

    protected abstract void WriteParts(PayloadWriter writer);
}
