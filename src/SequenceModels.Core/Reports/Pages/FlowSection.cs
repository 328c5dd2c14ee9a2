namespace SequenceModels.Reports;

/// <summary>How far back through time the gradient reaches.</summary>
internal static class FlowSection
{
    /// <summary>What the curves are, for every page that has some.</summary>
    public const string Explanation =
        "Each point is the norm of the gradient of a sequence's loss with respect to the hidden state h, so many steps back " +
        "from " +
        "the last step that is read; the root mean square over the sequences. What the network could learn from a step is in " +
        "proportion to it. A straight " +
        "line down is a gradient that vanishes by the same factor at each step; a level line one that survives.";

    public static void Write(Markup page, SequenceNetwork network, NetworkInsight insight)
    {
        int sequences = insight.Layers.Max(layer => layer.Sequences.DefaultIfEmpty().Max());
        Write(page, "flow", "Gradient flow",
            $"{Explanation} Measured on {Numbers.Count(sequences)} of {Numbers.Count(insight.ChosenFrom)} {insight.Rows}.",
            [.. insight.Layers.Select(layer => (LayerNames.OrOnly(layer.Layer, layer.IsReverse, network), layer))]);
    }

    /// <summary>One chart of several curves.</summary>
    public static void Write(Markup page, string id, string title, string caption,
        IReadOnlyList<(string Name, LayerInsight Layer)> curves)
    {
        int longest = curves.Max(curve => curve.Layer.GradientNorms.Length);
        if (longest == 0)
        {
            page.Element("p", "No gradient was measured: every sequence is empty.", ("class", "note"));
            return;
        }
        LayerInsight counted = curves.MaxBy(curve => curve.Layer.Sequences.Length).Layer;
        new LineChart
        {
            Id = id,
            Title = title,
            Caption = caption,
            XLabel = "steps back from the last one",
            YLabel = "norm of dLoss/dh (logarithmic)",
            IsLog = true,
            Series = [.. curves.Select(curve =>
                new Series(curve.Name, [.. curve.Layer.GradientNorms.Select((norm, back) => ((double)back, norm))]))],
            Table = new DataTable(["steps back", .. curves.Select(curve => curve.Name), "sequences"],
                [.. Enumerable.Range(0, longest).Select(back => (string[])
                [Numbers.Count(back), .. curves.Select(curve =>
                    Numbers.Of(back < curve.Layer.GradientNorms.Length ? curve.Layer.GradientNorms[back] : double.NaN)),
                    Numbers.Count(counted.Sequences[back])])]),
        }.Write(page);
    }

    /// <summary>The norm at the far end by the norm at the last step; NaN where nothing was measured.</summary>
    public static double Survival(double[] norms) => norms.Length == 0 ? double.NaN : norms[^1] / norms[0];
}
