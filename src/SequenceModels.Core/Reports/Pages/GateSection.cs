namespace SequenceModels.Reports;

/// <summary>The gates while one example is read.</summary>
internal static class GateSection
{
    /// <summary>Steps up to which each is a cell with its name; more are drawn as lines.</summary>
    private const int MostCells = 80;

    /// <summary>Layers and directions that are shown.</summary>
    private const int MostLayers = 8;

    public static void Write(Markup page, SequenceNetwork network, GateTrace trace)
    {
        bool named = trace.Steps.Any(step => step.Length > 0);
        string[] names = [.. trace.Steps.Select((step, t) => named ? step : Numbers.Count(t + 1))];
        page.Element("p",
            $"One of the measured rows, of median length: {Numbers.Count(names.Length, "step")}. At each step, and for each " +
            "gate, the mean " +
            "absolute value over the units.", ("class", "note"));
        for (int i = 0; i < Math.Min(MostLayers, trace.Layers.Length); i++)
        {
            LayerTrace layer = trace.Layers[i];
            string where = LayerNames.Of(layer.Layer, layer.IsReverse, network);
            string title = where.Length == 0 ? "Gates over the steps of an example"
                : $"Gates over the steps of an example: {where}";
            var table = new DataTable(["step", .. named ? ["token"] : Array.Empty<string>(), .. layer.Names],
                [.. names.Select((name, t) => (string[])
                [Numbers.Count(t + 1), .. named ? [name]
                    : Array.Empty<string>(), .. layer.Means.Select(gate => Numbers.Of(gate[t]))])]);
            Figure figure = names.Length <= MostCells ? AsCells(i, title, layer, names, named, table)
                : AsLines(i, title, layer, names.Length, table);
            figure.Write(page);
        }
        if (trace.Layers.Length > MostLayers)
            page.Element("p", Invariant($"The first {MostLayers} of {trace.Layers.Length} layers and directions."),
                ("class", "note"));
    }

    private static HeatMap AsCells(int number, string title, LayerTrace layer, string[] names, bool named, DataTable table) =>
        new()
        {
            Id = Invariant($"gates-{number + 1}"),
            Title = title,
            Caption = Caption(layer),
            RowNames = layer.Names,
            ColumnNames = names,
            Values = [.. layer.Means.Select(gate => gate.Select(value => (double)value).ToArray())],
            RowLabel = "gate",
            ColumnLabel = named ? "tokens in their order" : "step",
            Meaning = "mean absolute value over the units",
            Table = table,
        };

    private static LineChart AsLines(int number, string title, LayerTrace layer, int steps, DataTable table) => new()
    {
        Id = Invariant($"gates-{number + 1}"),
        Title = title,
        Caption = Caption(layer),
        XLabel = "step",
        YLabel = "mean absolute value over the units",
        Series = [.. layer.Names.Select((name, gate) =>
            new Series(name, [.. Enumerable.Range(0, steps).Select(t => (t + 1.0, (double)layer.Means[gate][t]))]))],
        Table = table,
    };

    private static string Caption(LayerTrace layer) => layer.Names.Length == 1
        ? "The cell has no gates; the hidden state shows where it reacts."
        : "A gate near 1 lets through, one near 0 holds back. Where the hidden state changes, the network takes note.";
}
