using SequenceModels.Files;

namespace SequenceModels.Heads;

/// <summary>The shape of a network's end: for what there are outputs, how many, and what they mean.</summary>
internal sealed record OutputSpec
{
    /// <summary>A bound that no real network reaches, so that products of sizes can't overflow.</summary>
    private const int LargestSize = 1 << 24;

    /// <summary>What the outputs mean.</summary>
    public required HeadKind Head { get; init; }

    /// <summary>K: number of classes, 1 for binary classification and regression, or labels times the outputs of each.</summary>
    public required int NumberOfOutputs { get; init; }

    /// <summary>Whether each step has an output of its own, instead of one for the sequence.</summary>
    public bool EveryStep { get; init; }

    /// <summary>How the states of all steps become one vector; not read where <see cref="EveryStep"/>.</summary>
    public SequencePooling Pooling { get; init; }

    /// <summary>The quantiles that each label has outputs for, each between 0 and 1; of heads with several labels.</summary>
    public Quantiles Quantiles { get; init; } = Quantiles.None;

    /// <summary>What tags may stand beside each other, where the head is a CRF; null: any.</summary>
    public CrfConstraints? Constraints { get; init; }

    /// <summary>Whether the weights are those of the embedding: K is V + 1, and the states have the vectors' length.</summary>
    public bool TiedEmbeddings { get; init; }

    /// <summary>F: numbers that each sequence has as a whole, beside its steps; 0: none.</summary>
    public int RowFeatureSize { get; init; }

    /// <summary>
    /// T: steps of a sequence whose numbers are also summed to the outputs, each with a weight of its own; all sequences then
    /// have so many. 0: none are.
    /// </summary>
    public int LinearSteps { get; init; }

    /// <summary>Whether labels are classes.</summary>
    public bool HasClasses => HeadRegistry.HasClasses(Head);

    /// <summary>What is wrong with the shape; null: nothing.</summary>
    public string? Validate() => this switch
    {
        { Head: HeadKind.Crf, EveryStep: false } => "a CRF needs an output for every step",
        { Head: HeadKind.Ctc, EveryStep: false } => "CTC needs an output for every step",
        { Head: HeadKind.Ctc, NumberOfOutputs: < 2 } => "CTC needs a token beside the blank",
        { Head: HeadKind.Crf, NumberOfOutputs: > CrfOutputLayer.MostTags } =>
            Invariant($"a CRF has at most {CrfOutputLayer.MostTags} tags, not {NumberOfOutputs}"),
        { Head: not HeadKind.Crf, Constraints: not null } => "only a CRF has constraints",
        { Constraints: { } constraints } when constraints.Tags != NumberOfOutputs =>
            Invariant($"the constraints are of {constraints.Tags} tags where there are {NumberOfOutputs}"),
        { TiedEmbeddings: true, Head: not HeadKind.Softmax } => "its output layer cannot have the embedding's weights",
        { EveryStep: true, RowFeatureSize: > 0 } =>
            "what a whole row has beside its steps belongs to one output for the row, not to one for every step",
        { EveryStep: true, LinearSteps: > 0 } or { Head: HeadKind.Crf, LinearSteps: > 0 } =>
            "a linear path leads from a whole sequence to its one output",
        { EveryStep: true } when QuantileHead.Is(Head) => "a forecast has no output for every step",
        _ when QuantileHead.Is(Head) && !QuantileHead.Fits(Head, NumberOfOutputs, Quantiles.Count) =>
            $"{Counted.Of(NumberOfOutputs, "output")} and {Counted.Of(Quantiles.Count, "quantile")} do not go together",
        { Quantiles.Count: > 0 } when !QuantileHead.Is(Head) => "only a forecast has quantiles",
        { Head: HeadKind.Sigmoid or HeadKind.Regression, NumberOfOutputs: not 1 } =>
            Invariant($"NumberOfOutputs is {NumberOfOutputs} where one is possible"),
        _ => null,
    };

    /// <summary>All that decides the shape, as names and texts.</summary>
    public IEnumerable<(string Name, string Value)> Settings() =>
    [
        (nameof(Head), InvariantText.Of(Head)),
        (nameof(NumberOfOutputs), InvariantText.Of(NumberOfOutputs)),
        (nameof(EveryStep), InvariantText.Of(EveryStep)),
        (nameof(Pooling), InvariantText.Of(Pooling)),
        (nameof(Quantiles), Quantiles.Count == 0 ? "none" : InvariantText.Of(Quantiles)),
        (nameof(Constraints), Constraints is null ? "none" : InvariantText.Of(Constraints)),
        (nameof(TiedEmbeddings), InvariantText.Of(TiedEmbeddings)),
        (nameof(RowFeatureSize), InvariantText.Of(RowFeatureSize)),
        (nameof(LinearSteps), InvariantText.Of(LinearSteps)),
    ];

    public void Write(PayloadWriter writer)
    {
        writer.Write((int)Head);
        writer.Write(NumberOfOutputs);
        writer.Write(EveryStep);
        writer.Write((int)Pooling);
        writer.Write(TiedEmbeddings);
        writer.Write(RowFeatureSize);
        writer.Write(LinearSteps);
        writer.Write(Quantiles.Count);
        foreach (float quantile in Quantiles)
            writer.Write(quantile);
        writer.Write(Constraints is not null);
        Constraints?.Write(writer);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static OutputSpec Read(PayloadReader reader)
    {
        var spec = new OutputSpec
        {
            Head = reader.ReadEnum<HeadKind>("kind of output"),
            NumberOfOutputs = reader.ReadInt32("NumberOfOutputs", 1, LargestSize),
            EveryStep = reader.ReadBoolean(),
            Pooling = reader.ReadEnum<SequencePooling>("pooling"),
            TiedEmbeddings = reader.ReadBoolean(),
            RowFeatureSize = reader.ReadInt32("RowFeatureSize", 0, LargestSize),
            LinearSteps = reader.ReadInt32("LinearSteps", 0, LargestSize),
            Quantiles = ReadQuantiles(reader),
        };
        return reader.ReadBoolean() ? spec with { Constraints = CrfConstraints.Read(reader, spec.NumberOfOutputs) } : spec;
    }

    private static Quantiles ReadQuantiles(PayloadReader reader)
    {
        float[] values = new float[reader.ReadCount("the number of quantiles", sizeof(float))];
        reader.ReadSingles(values);
        return values.All(value => value is > 0 and < 1) ? new Quantiles(values)
            : throw reader.Invalid("a quantile is not between 0 and 1");
    }
}
