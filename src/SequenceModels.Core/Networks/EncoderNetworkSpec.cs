using SequenceModels.Files;
using SequenceModels.Heads;
using SequenceModels.Sequences;

namespace SequenceModels.Networks;

/// <summary>The shape of an <see cref="EncoderNetwork"/>: what reads the sequence, and what it gives.</summary>
internal sealed record EncoderNetworkSpec : NetworkSpec
{
    public const string Name = "encoder";

    public required EncoderSpec Encoder { get; init; }

    public override string Topology => Name;

    /// <summary>
    /// Why a sequence cannot be scored after each of its steps, and the option that would change that. Null:
    /// each step's score needs the steps before it alone, so that a sequence may be read step by step or in pieces.
    /// </summary>
    public string? NeedsWholeSequences =>
        Encoder.Bidirectional
        ? "A bidirectional network reads a sequence from its end too: it cannot be fed step by step. Train with " +
            "Bidirectional = false."
        : HeadRegistry.DecidesOnWholeSequences(Output.Head)
        ? "A CRF decides on the tags of a whole sequence: it cannot be fed step by step. " +
            "Train with TaggingOptions.TagDecoding = Softmax."
        : Output.LinearSteps > 0
        ? Invariant($"This network has a linear path from all {Output.LinearSteps} steps of a window: it cannot be fed step ") +
            "by step. Train with ForecastOptions.LinearPath = false."
        : Encoder.Inputs is [{ Stacked: > 1 and int stacked }]
        ? Invariant($"This network reads {stacked} steps as one: it cannot be fed step by step. Train with ") +
            "SequenceTrainerOptions.FrameStacking = 1."
        : null;

    public override bool ReadsInPieces => Output.EveryStep && NeedsWholeSequences is null &&
        !HeadRegistry.LearnsWholeSequences(Output.Head);

    public override bool SeesLaterSteps => Encoder.Bidirectional;

    public override string? Validate() => Encoder.Validate() ?? Output.Validate()
        ?? (CanBeTied ? null : "its output layer cannot have the embedding's weights")
        ?? (Output.LinearSteps == 0 || Inputs.AreFrames ? null : "only numbers of steps have a linear path to the outputs")
        ?? ((long)Output.LinearSteps * Inputs[0].Size <= Array.MaxLength ? null
            : "a linear path leads from more numbers than an array can hold");

    public override Network CreateNetwork(FrameTransform frames, LabelTransform labels) =>
        new EncoderNetwork(this, frames, labels);

    public override IEnumerable<(string Name, string Value)> Settings() => [.. Encoder.Settings(), .. Output.Settings()];

    public override StepFeatures Inputs => Encoder.Inputs;

    protected override void WriteParts(PayloadWriter writer)
    {
        Encoder.Write(writer);
        Output.Write(writer);
    }

    /// <summary>Reads what <see cref="WriteParts"/> wrote.</summary>
    public static EncoderNetworkSpec ReadParts(PayloadReader reader) =>
        new() { Encoder = EncoderSpec.Read(reader), Output = OutputSpec.Read(reader) };

    private bool CanBeTied =>
        !Output.TiedEmbeddings || (Output.EveryStep &&
        Encoder is { Bidirectional: false, Inputs: [{ Kind: StepFeatureKind.Tokens } tokens] } &&
        tokens.EmbeddingSize == Encoder.HiddenSize && Output.NumberOfOutputs == tokens.Size + 1);
}
