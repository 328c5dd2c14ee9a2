using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Sequences;

namespace SequenceModels.Tests;

/// <summary>The shape of a network written flat, for tests that vary one size after the other.</summary>
internal sealed record NetworkShape
{
    /// <summary>What the first feature of a step is, its size, and the length of its learned vectors.</summary>
    public required StepFeatureKind Input { get; init; }

    public required int InputSize { get; init; }

    public int EmbeddingSize { get; init; }

    /// <summary>What a step has beside that.</summary>
    public IReadOnlyList<StepFeature> Features { get; init; } = [];

    public required string Cell { get; init; }

    public required int HiddenSize { get; init; }

    public int NumberOfLayers { get; init; } = 1;

    public bool Bidirectional { get; init; }

    public bool Reversed { get; init; }

    public SequencePooling Pooling { get; init; }

    public bool EveryStep { get; init; }

    public required HeadKind Head { get; init; }

    public required int NumberOfOutputs { get; init; }

    public Quantiles Quantiles { get; init; } = Quantiles.None;

    public CrfConstraints? Constraints { get; init; }

    public bool TiedEmbeddings { get; init; }

    public int RowFeatureSize { get; init; }

    public int LinearSteps { get; init; }

    public StepFeatures Inputs =>
        [Input == StepFeatureKind.Frames ? StepFeature.Frames(InputSize)
            : StepFeature.Tokens(InputSize, EmbeddingSize), .. Features];

    public EncoderNetworkSpec Spec => new()
    {
        Encoder = new EncoderSpec
        {
            Inputs = Inputs, Cell = Cell, HiddenSize = HiddenSize, NumberOfLayers = NumberOfLayers, Bidirectional = Bidirectional,
            Reversed = Reversed,
        },
        Output = new OutputSpec
        {
            Head = Head, NumberOfOutputs = NumberOfOutputs, EveryStep = EveryStep, Pooling = Pooling, Quantiles = Quantiles,
            Constraints = Constraints, TiedEmbeddings = TiedEmbeddings,
            RowFeatureSize = RowFeatureSize, LinearSteps = LinearSteps,
        },
    };

    public static implicit operator EncoderNetworkSpec(NetworkShape shape) => shape.Spec;

    public static implicit operator NetworkShape(NetworkSpec spec)
    {
        (EncoderSpec encoder, OutputSpec output) = (((EncoderNetworkSpec)spec).Encoder, spec.Output);
        return new NetworkShape
        {
            Input = encoder.Inputs[0].Kind, InputSize = encoder.Inputs[0].Size, EmbeddingSize = encoder.Inputs[0].EmbeddingSize,
            Features = [.. encoder.Inputs.Skip(1)], Cell = encoder.Cell, HiddenSize = encoder.HiddenSize,
            NumberOfLayers = encoder.NumberOfLayers, Bidirectional = encoder.Bidirectional, Reversed = encoder.Reversed,
            Pooling = output.Pooling,
            EveryStep = output.EveryStep, Head = output.Head, NumberOfOutputs = output.NumberOfOutputs,
            Quantiles = output.Quantiles,
            Constraints = output.Constraints, TiedEmbeddings = output.TiedEmbeddings,
            RowFeatureSize = output.RowFeatureSize, LinearSteps = output.LinearSteps,
        };
    }
}
