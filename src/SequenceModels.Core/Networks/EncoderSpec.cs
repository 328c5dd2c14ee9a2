using SequenceModels.Cells;
using SequenceModels.Files;
using SequenceModels.Layers;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Networks;

/// <summary>The shape of what reads a sequence: the features of its steps, and the recurrent layers over them.</summary>
internal sealed record EncoderSpec
{
    /// <summary>A bound on sizes that no real network reaches, so that products of sizes can't overflow.</summary>
    private const int LargestSize = 1 << 24;

    /// <summary>What a step is.</summary>
    public required StepFeatures Inputs { get; init; }

    /// <summary>Name of the cell in the registry.</summary>
    public required string Cell { get; init; }

    /// <summary>H: units in each layer and direction.</summary>
    public required int HiddenSize { get; init; }

    public int NumberOfLayers { get; init; } = 1;

    public bool Bidirectional { get; init; }

    /// <summary>
    /// Whether the sequences that it learned from were turned round, so that it reads them from their last step to their first.
    /// Whoever hands it sequences turns them round.
    /// </summary>
    public bool Reversed { get; init; }

    /// <summary>1, or 2 where layers also read from the end.</summary>
    public int Directions => Bidirectional ? 2 : 1;

    /// <summary>Prefix of the names of a layer's parameters, the lowest being 1.</summary>
    public static string LayerName(int layer) => Invariant($"layer{layer}");

    /// <summary>The recurrent layers.</summary>
    /// <param name="parameters">Takes their parameters.</param>
    /// <param name="embedder">What they read.</param>
    /// <param name="depth">Of the top layer's parameters.</param>
    public RecurrentStack CreateStack(ParameterSet parameters, StepEmbedder embedder, int depth = 1) =>
        new(parameters, RecurrentCells.Find(Cell)!,
        new StackShape(embedder.Size, HiddenSize, NumberOfLayers, Bidirectional, embedder.IsOneHot ? StackInput.Tokens
            : Inputs.Any(feature => feature.Kind == StepFeatureKind.Frames) ? StackInput.Numbers : StackInput.Vectors, depth),
        LayerName);

    /// <summary>What is wrong with the shape; null: nothing.</summary>
    public string? Validate() =>
        RecurrentCells.Find(Cell) is null ? $"there is no recurrent cell '{Cell}'"
        : Inputs.Count > 1 && Inputs.Any(feature => feature.IsOneHot)
        ? "its tokens have no vectors to stand beside those of other features"
        : Inputs.Count > 1 && Inputs.Sum(feature => (long)feature.VectorSize) > Array.MaxLength
        ? "its features together are larger than any vector"
        : null;

    /// <summary>All that decides the shape, as names and texts.</summary>
    public IEnumerable<(string Name, string Value)> Settings() =>
    [
        .. Inputs.Settings(),
        (nameof(Cell), Cell),
        (nameof(HiddenSize), InvariantText.Of(HiddenSize)),
        (nameof(NumberOfLayers), InvariantText.Of(NumberOfLayers)),
        (nameof(Bidirectional), InvariantText.Of(Bidirectional)),
        (nameof(Reversed), InvariantText.Of(Reversed)),
    ];

    public void Write(PayloadWriter writer)
    {
        Inputs.Write(writer);
        writer.Write(Cell);
        writer.Write(HiddenSize);
        writer.Write(NumberOfLayers);
        writer.Write(Bidirectional);
        writer.Write(Reversed);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static EncoderSpec Read(PayloadReader reader)
    {
        var spec = new EncoderSpec
        {
            Inputs = StepFeatures.Read(reader),
            Cell = reader.ReadString(),
            HiddenSize = reader.ReadInt32("HiddenSize", 1, LargestSize),
            NumberOfLayers = reader.ReadInt32("NumberOfLayers", 1, 64),
            Bidirectional = reader.ReadBoolean(),
            Reversed = reader.ReadBoolean(),
        };
        return RecurrentCells.Find(spec.Cell) is not null ? spec
            : throw reader.Invalid($"it names a recurrent cell '{spec.Cell}' that this version does not know");
    }
}
