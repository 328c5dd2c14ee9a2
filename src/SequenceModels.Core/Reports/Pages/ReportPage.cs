using SequenceModels.Heads;

namespace SequenceModels.Reports;

/// <summary>The page about one trained network.</summary>
internal static class ReportPage
{
    /// <param name="network">The network.</param>
    /// <param name="history">Of its training; empty where it is not known.</param>
    /// <param name="insight">What a look into it has shown; null where nobody looked.</param>
    public static string Render(SequenceNetwork network, IReadOnlyList<TrainingEpoch> history, NetworkInsight? insight)
    {
        List<(string, Action<Markup>)> sections = [("Training", page => TrainingSection.Write(page, history))];
        if (insight is null)
            sections.Add(("Inside the network", page => page.Element("p",
                "The model keeps no measurements of its predictions, gradients and gates.", ("class", "note"))));
        else
        {
            sections.Add(insight.Heard is { } heard ? ("What is heard", page => TranscriptionSection.Write(page, heard))
                : ("Predictions", page => PredictionSection.Write(page, insight, QuantileHead.Is(network.Spec.Output.Head)
                ? "of the first target one step ahead, on the scale of each window" : "in the label's unit")));
            sections.Add(("Gradient flow", page => FlowSection.Write(page, network, insight)));
            sections.Add(("Memory", page =>
                MemorySection.Write(page, [.. insight.Layers.Select(layer => (network, layer, ""))])));
            if (insight.Trace is { Steps.Length: > 0 } trace)
                sections.Add(("Gates", page => GateSection.Write(page, network, trace)));
        }
        return PageFrame.Render($"{network.Cell} for {Task(network)}",
            "What the network learned, and how: the course of its training, its predictions, " +
            "and what goes on inside.", [.. Facts(network, history, insight)], sections);
    }

    /// <summary>What the network is for.</summary>
    public static string Task(SequenceNetwork network) =>
        (network.Spec.Output.EveryStep ? "each step: " : "") + network.Layers.Output.Describe();

    private static IEnumerable<(string, string)> Facts(SequenceNetwork network, IReadOnlyList<TrainingEpoch> history,
        NetworkInsight? insight)
    {
        ValidationMetrics? kept = TrainingSection.Kept(history)?.Validation;
        if (kept is { SpanF1Score: { } spans })
            yield return ("F1 of spans, validation rows", Numbers.Percent(spans));
        // Of all validation rows, where training measured itself on some.
        if (kept is { TokenErrorRate: { } rate })
            yield return ("Token error rate, validation rows", Numbers.Percent(rate));
        if (kept is { Accuracy: { } accuracy })
            yield return ("Accuracy, validation rows", Numbers.Percent(accuracy));
        else if (kept is { RootMeanSquaredError: { } error })
            yield return ($"RMSE{OfScale(network)}, validation rows", Numbers.Of(error));
        else if (insight is { Predictions: { Classes: > 0 } classes })
            yield return ($"Accuracy, {insight.Rows}", Numbers.Percent(classes.Accuracy));
        else if (insight is { Predictions.Count: > 0 })
            yield return ($"RMSE{OfScale(network)}, {insight.Rows}", Numbers.Of(insight.Predictions.RootMeanSquaredError));
        if (kept is { } validation)
            yield return ("Validation loss", Numbers.Of(validation.Loss));
        yield return ("Input", network.TakesTokens ? Numbers.Count(network.InputSize, "token")
            : $"frames of {Numbers.Count(network.InputSize)}");
        if (network.EmbeddingSize > 0)
            yield return ("Embedding", Numbers.Count(network.EmbeddingSize));
        yield return ("Recurrent layers", Invariant($"{network.NumberOfLayers} × {Numbers.Count(network.HiddenSize, "unit")}"));
        yield return ("Direction", network.Bidirectional ? "both" : "forward");
        if (!network.Spec.Output.EveryStep)
            yield return ("Pooling", network.Pooling.ToString());
        if (network.RowFeatureSize > 0)
            yield return ("Beside the sequence", Numbers.Count(network.RowFeatureSize, "row feature"));
        if (network.Spec.Output.LinearSteps > 0)
            yield return ("Linear path", $"from {Numbers.Count(network.Spec.Output.LinearSteps, "step")}");
        yield return ("Weights", Numbers.Count(network.NumberOfParameters));
        foreach ((string, string) fact in TrainingSection.Facts(history))
            yield return fact;
    }

    private static string OfScale(SequenceNetwork network) =>
        QuantileHead.Is(network.Spec.Output.Head) ? " on window scale" : "";
}
