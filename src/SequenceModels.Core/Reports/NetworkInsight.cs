using SequenceModels.Files;
using SequenceModels.Sequences;
using SequenceModels.Training;

namespace SequenceModels.Reports;

/// <summary>
/// What a look into a trained network shows: its predictions, the flow of its gradients, its memory and its gates.
/// </summary>
internal sealed record NetworkInsight
{
    /// <summary>Rows that the gradient flow is measured on, at most, and their steps.</summary>
    private const int MostFlow = 256, MostFlowSteps = 1 << 14;

    /// <summary>What kind of rows was measured, such as "training rows".</summary>
    public required string Rows { get; init; }

    /// <summary>How many of them were measured.</summary>
    public required int NumberOfRows { get; init; }

    /// <summary>How many there were to choose from.</summary>
    public required int ChosenFrom { get; init; }

    /// <summary>The network's predictions for these rows.</summary>
    public required Predictions Predictions { get; init; }

    /// <summary>Mean loss of the rows that the gradient flow was measured on; NaN where there are none.</summary>
    public required double Loss { get; init; }

    /// <summary>Each layer and direction, the lowest first, measured on up to 256 of the rows.</summary>
    public required LayerInsight[] Layers { get; init; }

    /// <summary>The gates over one example; null where every row is empty.</summary>
    public required GateTrace? Trace { get; init; }

    /// <summary>What is heard in one example; null where the network does not transcribe.</summary>
    public HeardExample? Heard { get; init; }

    /// <summary>
    /// Measures a trained network when it is first asked for, so that training takes no longer.
    /// </summary>
    /// <remarks>
    /// Threads that ask at once may each measure; all get the same figures. An error is not kept:
    /// the next one to ask tries again.
    /// </remarks>
    public static Lazy<NetworkInsight>? OnDemand(TrainingResult result, InsightNames names, int threads) =>
        result.Examples is not { } examples ? null
        : new Lazy<NetworkInsight>(() => Measure(result.Network, examples, names, threads), LazyThreadSafetyMode.PublicationOnly);

    /// <summary>Looks into a network. Depends on nothing but network and rows, not on the number of threads.</summary>
    /// <param name="network">A trained network; is not changed.</param>
    /// <param name="examples">The rows; with labels.</param>
    /// <param name="names">What classes and tokens are called.</param>
    /// <param name="threads">How many batches are measured at a time; 0: as many as there are processors.</param>
    public static NetworkInsight Measure(SequenceNetwork network, SampledRows examples, InsightNames names, int threads = 0)
    {
        SequenceDataset data = examples.Data;
        if (data.Count == 0)
            throw new ArgumentException("There are no rows to measure.", nameof(examples));
        int parallel = threads == 0 ? -1 : threads;
        var measurement = new FlowMeasurement(network.Layers, data);
        int[] flowRows = FlowRows(data);
        (LayerInsight[] layers, double loss) = measurement.Measure(flowRows, parallel);
        return new NetworkInsight
        {
            Rows = examples.Kind,
            NumberOfRows = data.Count,
            ChosenFrom = examples.Of,
            Predictions = PredictionMeasurement.Measure(network, data, names.Class, parallel),
            Loss = loss,
            Layers = layers,
            Trace = flowRows.Length > 0 && measurement.Trace(Typical(data, flowRows), names.Token) is { IsFinite: true } trace
                ? trace : null,
            Heard = flowRows.Length == 0 ? null : HeardExample.Of(network.Layers, data, Typical(data, flowRows), names.Class),
        };
    }

    /// <summary>The rows that the gradient flow is measured on; none of them is empty.</summary>
    public static int[] FlowRows(SequenceDataset data) =>
        SampledRows.Spread(data, [.. Enumerable.Range(0, data.Count).Where(row => data.Length(row) > 0)], MostFlow,
            MostFlowSteps);

    public void Write(PayloadWriter writer) => InsightFile.Write(writer, this);

    public static NetworkInsight Read(PayloadReader reader) => InsightFile.Read(reader);

    /// <summary>The first row of median length.</summary>
    private static int Typical(SequenceDataset data, int[] rows)
    {
        int median = rows.Select(data.Length).Order().ElementAt(rows.Length / 2);
        return rows.First(row => data.Length(row) == median);
    }
}

/// <summary>What a page calls things.</summary>
internal sealed record InsightNames
{
    /// <summary>Of the class with an index from 0.</summary>
    public Func<int, string> Class { get; init; } = index => Invariant($"class {index + 1}");

    /// <summary>Of the token with a key from 1; 0 and keys above the vocabulary are unknown tokens.</summary>
    public Func<uint, string> Token { get; init; } = key => key == 0 ? "unknown" : Invariant($"#{key}");
}
