using SequenceModels.Heads;
using SequenceModels.Sequences;

namespace SequenceModels.Networks;

/// <summary>Everything that decides the shape of a network, and so the number and meaning of its weights.</summary>
internal sealed record NetworkSpec
{
    /// <summary>Tokens (also one-hot steps) or frames.</summary>
    public required SequenceInput Input { get; init; }

    /// <summary>V, the number of tokens (keys 1..V; 0 is unknown), or F, the numbers in a frame.</summary>
    public required int InputSize { get; init; }

    /// <summary>Length of a token's learned vector; 0: the token selects a row of the first layer's weights.</summary>
    public int EmbeddingSize { get; init; }

    /// <summary>Whether the output layer's weights are the embedding: K is V + 1, and the states have the vectors' length.</summary>
    public bool TiedEmbeddings { get; init; }

    /// <summary>
    /// What a step has beside that. The vectors of all features stand side by side; tokens then need an <see cref="EmbeddingSize"/>.
    /// </summary>
    public StepFeatures Features { get; init; } = StepFeatures.None;

    /// <summary>Whether tokens select rows of the first layer's weights.</summary>
    public bool ReadsOneHot => Input == SequenceInput.Tokens && EmbeddingSize == 0 && Features.Count == 0;

    /// <summary>All that a step has, in the order of the vectors.</summary>
    public IReadOnlyList<StepFeature> AllFeatures() =>
        [Input == SequenceInput.Frames ? StepFeature.Frames(InputSize) : StepFeature.Tokens(InputSize, EmbeddingSize), .. Features];

    /// <summary>Name of the cell in the registry.</summary>
    public required string Cell { get; init; }

    public required int HiddenSize { get; init; }

    public int NumberOfLayers { get; init; } = 1;

    public bool Bidirectional { get; init; }

    /// <summary>How the states of all steps become one vector; not read where <see cref="EveryStep"/>.</summary>
    public SequencePooling Pooling { get; init; }

    /// <summary>Whether each step has an output of its own, instead of one for the sequence.</summary>
    public bool EveryStep { get; init; }

    public required HeadKind Head { get; init; }

    /// <summary>K: number of classes, 1 for binary classification and regression, or labels times the outputs of each.</summary>
    public required int NumberOfOutputs { get; init; }

    /// <summary>The quantiles that each label has outputs for, each between 0 and 1; of heads with several labels.</summary>
    public Quantiles Quantiles { get; init; } = Quantiles.None;

    /// <summary>What tags may stand beside each other, where the head is a CRF; null: any.</summary>
    public CrfConstraints? Constraints { get; init; }

    /// <summary>Whether labels are classes.</summary>
    public bool HasClasses => HeadRegistry.HasClasses(Head);

    /// <summary>
    /// Why no score of a sequence is known before its end, and the option that would change that. Null: each step's score needs the steps before
    /// it alone, so that a sequence may be read step by step or in pieces.
    /// </summary>
    public string? NeedsWholeSequences => this switch
    {
        { Bidirectional: true } => "A bidirectional network reads a sequence from its end too: it cannot be fed step by step. " +
            "Train with Bidirectional = false.",
        _ when HeadRegistry.DecidesOnWholeSequences(Head) => "A CRF decides on the tags of a whole sequence: it cannot be fed step by step. Train with " +
            "TaggingOptions.TagDecoding = Softmax.",
        _ => null,
    };

    /// <summary>Whether a sequence with an output for every step may be read piece by piece, its states carried from one to the next.</summary>
    public bool ReadsInPieces => EveryStep && NeedsWholeSequences is null;

    /// <summary>What is wrong with the head and what it is given; null: nothing.</summary>
    public string? Contradiction() => this switch
    {
        { Head: HeadKind.Crf, EveryStep: false } => "a CRF needs an output for every step",
        { Head: HeadKind.Crf, NumberOfOutputs: > CrfOutputLayer.MostTags } =>
            Invariant($"a CRF has at most {CrfOutputLayer.MostTags} tags, not {NumberOfOutputs}"),
        { Head: not HeadKind.Crf, Constraints: not null } => "only a CRF has constraints",
        { Constraints: { } constraints } when constraints.Tags != NumberOfOutputs =>
            Invariant($"the constraints are of {constraints.Tags} tags where there are {NumberOfOutputs}"),
        { TiedEmbeddings: true } when Input != SequenceInput.Tokens || Bidirectional || EmbeddingSize != HiddenSize || NumberOfOutputs != InputSize + 1 ||
            Features.Count > 0 || Head != HeadKind.Softmax => "its output layer cannot have the embedding's weights",
        { EveryStep: true } when QuantileHead.Is(Head) => "a forecast has no output for every step",
        _ when QuantileHead.Is(Head) && !QuantileHead.Fits(Head, NumberOfOutputs, Quantiles.Count) =>
            $"{Counted.Of(NumberOfOutputs, "output")} and {Counted.Of(Quantiles.Count, "quantile")} do not go together",
        { Quantiles.Count: > 0 } when !QuantileHead.Is(Head) => "only a forecast has quantiles",
        { Input: SequenceInput.Tokens, EmbeddingSize: 0, Features.Count: > 0 } => "its tokens have no vectors to stand beside those of other features",
        { Features.Count: > 0 } when InputSize + Features.Sum(feature => (long)feature.VectorSize) > Array.MaxLength =>
            "its features together are larger than any vector",
        { Head: HeadKind.Sigmoid or HeadKind.Regression, NumberOfOutputs: not 1 } => Invariant($"NumberOfOutputs is {NumberOfOutputs} where one is possible"),
        _ => null,
    };
}
