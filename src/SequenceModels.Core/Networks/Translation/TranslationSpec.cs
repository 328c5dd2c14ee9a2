using SequenceModels.Cells;
using SequenceModels.Files;
using SequenceModels.Heads;
using SequenceModels.Layers;
using SequenceModels.Sequences;

namespace SequenceModels.Networks;

/// <summary>The shape of a <see cref="TranslationNetwork"/>: what reads the source, and what writes the target.</summary>
internal sealed record TranslationSpec : NetworkSpec
{
    public const string Name = "translation";

    public required EncoderSpec Encoder { get; init; }

    public required DecoderSpec Decoder { get; init; }

    public override string Topology => Name;

    public override StepFeatures Inputs => Encoder.Inputs;

    public override bool ReadsInPieces => false;

    public override bool SeesLaterSteps => true;

    /// <summary>What the decoder knows of the encoder's states.</summary>
    public SourceShape Source => new(Encoder.Directions, Encoder.HiddenSize);

    /// <summary>The outputs of a decoder: the next token, or the end.</summary>
    /// <param name="decoder">Its shape.</param>
    /// <param name="tied">Whether the weights are those of its embedding.</param>
    public static OutputSpec OutputOf(DecoderSpec decoder, bool tied) => new()
    {
        Head = HeadKind.Softmax,
        NumberOfOutputs = decoder.NumberOfOutputs,
        EveryStep = true,
        TiedEmbeddings = tied,
    };

    public override string? Validate() => Encoder.Validate() ?? Decoder.Validate(Source.Size) ?? Output.Validate()
        ?? (Encoder.Inputs is [{ IsOneHot: true }] ? "its source tokens have no vectors" : null)
        ?? (Output == OutputOf(Decoder, Output.TiedEmbeddings) ? null : "its outputs are not those of a decoder")
        ?? (Output.TiedEmbeddings && Decoder.Attention == AttentionKind.None && Decoder.EmbeddingSize != Decoder.HiddenSize
            ? "its output layer cannot have the weights of vectors that are longer or shorter than the decoder's states" : null);

    public override Network CreateNetwork(FrameTransform frames, LabelTransform labels) =>
        new TranslationNetwork(this, frames, labels);

    /// <summary>The decoder, its parameters in a set.</summary>
    public DecoderShape ShapeOfDecoder() => new(RecurrentCells.Find(Encoder.Cell)!, Source, Decoder.VocabularySize + 1,
        Decoder.EmbeddingSize, Decoder.HiddenSize, Decoder.NumberOfLayers, Decoder.Attention, Decoder.InputFeeding,
        Output.TiedEmbeddings);

    public override IEnumerable<(string Name, string Value)> Settings() =>
        [.. Encoder.Settings(), .. Decoder.Settings(), .. Output.Settings()];

    protected override void WriteParts(PayloadWriter writer)
    {
        Encoder.Write(writer);
        Decoder.Write(writer);
        writer.Write(Output.TiedEmbeddings);
    }

    /// <summary>Reads what <see cref="WriteParts"/> wrote.</summary>
    public static TranslationSpec ReadParts(PayloadReader reader)
    {
        EncoderSpec encoder = EncoderSpec.Read(reader);
        DecoderSpec decoder = DecoderSpec.Read(reader);
        return new() { Encoder = encoder, Decoder = decoder, Output = OutputOf(decoder, reader.ReadBoolean()) };
    }
}
