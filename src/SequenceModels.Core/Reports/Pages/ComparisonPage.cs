namespace SequenceModels.Reports;

/// <summary>One of the networks that are compared.</summary>
internal sealed record ComparedNetwork
{
    /// <summary>After training.</summary>
    public required SequenceNetwork Network { get; init; }

    public required IReadOnlyList<TrainingEpoch> History { get; init; }

    /// <summary>Its layers before training.</summary>
    public required LayerInsight[] Before { get; init; }

    /// <summary>A look into it after training.</summary>
    public required NetworkInsight After { get; init; }

    /// <summary>Place of the forward direction of the layer that the output reads.</summary>
    public int Top => Array.FindLastIndex(Before, layer => !layer.IsReverse);
}

/// <summary>The page that sets networks of different cells side by side.</summary>
internal static class ComparisonPage
{
    public static string Render(IReadOnlyList<ComparedNetwork> networks)
    {
        string cells = string.Join(", ", networks.Select(network => network.Network.Cell));
        SequenceNetwork first = networks[0].Network;
        bool several = networks[0].Before.Length > 1;
        return PageFrame.Render($"Gradient flow: {cells}",
            $"The same rows, options and seed for each cell; {ReportPage.Task(first)}.",
            [
                ("Recurrent layers", Invariant($"{first.NumberOfLayers} × {Numbers.Count(first.HiddenSize, "unit")}")),
                .. networks.Select(network =>
                    ($"{network.Network.Cell}: far end by last step, trained", Numbers.Of(Survival(network, before: false)))),
            ],
            [
                ("Before and after training", page =>
                {
                    Flow(page, networks, "flow-before", "Before training", network => network.Before[network.Top], several,
                        explain: true);
                    Flow(page, networks, "flow-after", "After training", network => network.After.Layers[network.Top], several,
                        explain: false);
                    Summary(page, networks);
                }),
                ("Layer by layer", page =>
                {
                    foreach (ComparedNetwork network in networks)
                        FlowSection.Write(page, $"flow-{network.Network.Cell}", network.Network.Cell,
                            "Before training and after it.",
                            [.. Layers(network, network.Before, "before"), .. Layers(network, network.After.Layers, "after")]);
                }),
                ("Course of the training", page => Losses(page, networks)),
                ("Memory", page => MemorySection.Write(page, [.. from network in networks from layer in network.After.Layers
                    select (network.Network, layer, network.Network.Cell + ": ")])),
            ]);
    }

    private static void Flow(Markup page, IReadOnlyList<ComparedNetwork> networks, string id, string title,
        Func<ComparedNetwork, LayerInsight> layer, bool several, bool explain) =>
            FlowSection.Write(page, id, title,
                (explain ? FlowSection.Explanation : "The same, with the trained weights. Where a network has " +
            "learned its rows, their loss and with it the whole curve is lower: look at its slope.") +
                (several ? " The layer next to the output, forward." : ""),
            [.. networks.Select(network => (network.Network.Cell, layer(network)))]);

    private static IEnumerable<(string, LayerInsight)> Layers(ComparedNetwork network, LayerInsight[] layers, string when) =>
        layers.Select(layer => (string.Join(", ",
            new[] { LayerNames.Of(layer.Layer, layer.IsReverse, network.Network), when }.Where(part => part.Length > 0)), layer));

    private static void Summary(Markup page, IReadOnlyList<ComparedNetwork> networks)
    {
        page.Element("h3", "In numbers");
        bool classes = networks[0].After.Predictions.Classes > 0;
        new DataTable(["cell", "far end by last step, before", "after", "loss reached",
            classes ? "accuracy" : "root mean squared error"],
            [.. networks.Select(network => (string[])[network.Network.Cell, Numbers.Of(Survival(network, before: true)),
                Numbers.Of(Survival(network, before: false)),
                Numbers.Of(network.After.Loss),
                classes ? Numbers.Percent(network.After.Predictions.Accuracy)
                    : Numbers.Of(network.After.Predictions.RootMeanSquaredError)])])
            .WriteOpen(page, "Gradient flow and what was learned");
    }

    private static double Survival(ComparedNetwork network, bool before) =>
        FlowSection.Survival((before ? network.Before : network.After.Layers)[network.Top].GradientNorms);

    private static void Losses(Markup page, IReadOnlyList<ComparedNetwork> networks)
    {
        int epochs = networks.Max(network => network.History.Count);
        if (epochs == 0)
        {
            page.Element("p", "The models keep no history of their training.", ("class", "note"));
            return;
        }
        new LineChart
        {
            Id = "losses",
            Title = "Training loss",
            Caption = "Taken as each batch is trained on. A cell whose gradient vanishes cannot learn what the far end of the " +
                "sequence decides.",
            XLabel = "epoch",
            YLabel = "mean loss per example",
            Series = [.. networks.Select(network =>
                new Series(network.Network.Cell,
                    [.. network.History.Select(epoch => ((double)epoch.Epoch, epoch.TrainingLoss))]))],
            Table = new DataTable(["epoch", .. networks.Select(network => network.Network.Cell)],
                [.. Enumerable.Range(0, epochs).Select(i => (string[])
                [Numbers.Count(i + 1), .. networks.Select(network =>
                    Numbers.Of(i < network.History.Count ? network.History[i].TrainingLoss : double.NaN))])]),
        }.Write(page);
    }
}
