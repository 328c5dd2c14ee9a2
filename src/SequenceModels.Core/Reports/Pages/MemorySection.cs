namespace SequenceModels.Reports;

/// <summary>How long units remember, and how strongly the recurrent weights multiply.</summary>
internal static class MemorySection
{
    private static readonly int[] s_quantiles = [0, 10, 25, 50, 75, 90, 100];

    public static void Write(Markup page, IReadOnlyList<(SequenceNetwork Network, LayerInsight Layer, string Prefix)> layers)
    {
        WriteHalfLives(page, [.. layers.Where(layer => layer.Layer.HalfLives.Length > 0)]);
        WriteRadii(page, [.. from network in layers.Select(layer => (layer.Network, layer.Prefix)).Distinct()
            from block in SpectralRadius.OfBlocks(network.Network)
            select (network.Prefix + LayerNames.WithGate(block.Layer, block.IsReverse, block.Gate, network.Network),
                block.Radius)]);
    }

    private static void WriteHalfLives(Markup page, (SequenceNetwork Network, LayerInsight Layer, string Prefix)[] layers)
    {
        if (layers.Length == 0)
        {
            page.Element("p", "The plain recurrent cell has no gate that keeps its state, and so no half-life.",
                ("class", "note"));
            return;
        }
        (string Name, double[] HalfLives)[] curves = [.. layers.Select(layer =>
            (layer.Prefix + LayerNames.OrOnly(layer.Layer.Layer, layer.Layer.IsReverse, layer.Network), layer.Layer.HalfLives))];
        new LineChart
        {
            Id = "half-life",
            Title = "Half-life of the memory",
            Caption = "In how many steps the gate that keeps the state (the forget gate of an LSTM, the update gate of a GRU) " +
                "halves what a unit holds: " +
                "ln ½ / ln f, with f the gate's mean over all steps. From the unit that forgets soonest to the one that " +
                "remembers longest.",
            XLabel = "units up to this half-life (%)",
            YLabel = "half-life in steps (logarithmic)",
            IsLog = true,
            Series = [.. curves.Select(curve =>
                new Series(curve.Name, [.. curve.HalfLives.Select((steps, percent) => ((double)percent, steps))]))],
            Table = new DataTable(["units", .. s_quantiles.Select(percent => Invariant($"{percent} %"))],
                [.. curves.Select(curve =>
                    (string[])[curve.Name, .. s_quantiles.Select(percent => Numbers.Of(curve.HalfLives[percent]))])]),
        }.Write(page);
    }

    private static void WriteRadii(Markup page, (string Name, double Radius)[] all)
    {
        if (all.Length == 0)
        {
            page.Element("p",
                $"The spectral radius is worked out for layers of up to {Numbers.Count(SpectralRadius.Largest)} units.",
                ("class", "note"));
            return;
        }
        const int Most = 32;
        new BarChart
        {
            Id = "radius",
            Title = "Spectral radius of the recurrent weights",
            Caption = "The largest absolute eigenvalue of each block of R. In a plain recurrent cell a radius well below 1 " +
                "lets the gradient vanish, one well above 1 " +
                "may let it explode (Pascanu et al., 2013); with gates it is one factor of several. Before training every " +
                "block has radius 1." +
                (all.Length > Most ? Invariant($" The first {Most} of {all.Length}; the table has all.") : ""),
            XLabel = "spectral radius",
            Reference = 1,
            Bars = all[..Math.Min(Most, all.Length)],
            Table = new DataTable(["block", "spectral radius"],
                [.. all.Select(bar => (string[])[bar.Name, Numbers.Of(bar.Radius)])]),
        }.Write(page);
    }
}
