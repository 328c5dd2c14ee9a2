using SequenceModels.Sequences;
using SequenceModels.Training;

namespace SequenceModels.Reports;

/// <summary>What a look into a trained network shows: its predictions, the flow of its gradients, its memory and its gates.</summary>
internal sealed record NetworkInsight
{
    /// <summary>Rows that the gradient flow is measured on, at most.</summary>
    private const int MostFlow = 256;

    /// <summary>What kind of rows was measured, such as "training rows".</summary>
    public required string Rows { get; init; }

    /// <summary>The network's predictions for up to 2,000 rows.</summary>
    public required Predictions Predictions { get; init; }

    /// <summary>Mean loss of the rows that the gradient flow was measured on; NaN where there are none.</summary>
    public required double Loss { get; init; }

    /// <summary>Each layer and direction, the lowest first, measured on up to 256 rows.</summary>
    public required LayerInsight[] Layers { get; init; }

    /// <summary>The gates over one example; null where every row is empty.</summary>
    public required GateTrace? Trace { get; init; }

    /// <summary>Looks into a network. Depends on nothing but network and rows, not on the number of threads.</summary>
    /// <param name="network">A trained network; is not changed.</param>
    /// <param name="data">Where the rows are; with labels.</param>
    /// <param name="rows">The rows to choose from: the first 2,000, 256 or one of them, evenly spread.</param>
    /// <param name="names">What classes, tokens and rows are called.</param>
    /// <param name="threads">How many batches are measured at a time; 0: as many as there are processors.</param>
    public static NetworkInsight Measure(SequenceNetwork network, SequenceDataset data, IReadOnlyList<int> rows, InsightNames names, int threads = 0)
    {
        if (rows.Count == 0)
            throw new ArgumentException("There are no rows to measure.", nameof(rows));
        int parallel = threads == 0 ? -1 : threads;
        var measurement = new FlowMeasurement(network.Layers, data);
        int[] flowRows = FlowRows(data, rows);
        (LayerInsight[] layers, double loss) = measurement.Measure(flowRows, parallel);
        return new NetworkInsight
        {
            Rows = names.Rows,
            Predictions = PredictionMeasurement.Measure(network, data, ExampleRows.Spread(rows), names.Class, parallel),
            Loss = loss,
            Layers = layers,
            Trace = flowRows.Length == 0 ? null : measurement.Trace(Typical(data, flowRows), names.Token),
        };
    }

    /// <summary>The rows that the gradient flow is measured on; none of them is empty.</summary>
    public static int[] FlowRows(SequenceDataset data, IReadOnlyList<int> rows) =>
        ExampleRows.Spread([.. rows.Where(row => data.Length(row) > 0)], MostFlow);

    public void Write(BinaryWriter writer) => InsightFile.Write(writer, this);

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
    public Func<int, string> Class { get; init; } = index => $"class {index + 1}";

    /// <summary>Of the token with a key from 1; 0 and keys above the vocabulary are unknown tokens.</summary>
    public Func<uint, string> Token { get; init; } = key => key == 0 ? "unknown" : $"#{key}";

    /// <summary>What the measured rows are to the network.</summary>
    public string Rows { get; init; } = "training rows";
}
