using SequenceModels.Networks;

namespace SequenceModels.Reports;

/// <summary>The page about one trained translator.</summary>
internal static class TranslationReportPage
{
    /// <param name="spec">Of the network.</param>
    /// <param name="weights">How many it has.</param>
    /// <param name="history">Of its training; empty where it is not known.</param>
    /// <param name="insight">What it makes of some rows; null where nobody looked.</param>
    public static string Render(TranslationSpec spec, long weights, IReadOnlyList<TrainingEpoch> history,
        TranslationInsight? insight)
    {
        List<(string, Action<Markup>)> sections = [("Training", page => TrainingSection.Write(page, history))];
        if (insight is null)
            sections.Add(("Translations", page => page.Element("p", "The model keeps no measurements of its translations.",
                ("class", "note"))));
        else
        {
            sections.Add(("Translations", page => TranslationSection.Write(page, insight)));
            if (insight.Examples.Any(example => example.Attention.Length > 0))
                sections.Add(("Attention", page => AttentionSection.Write(page, insight.Examples)));
        }
        return PageFrame.Render($"{spec.Encoder.Cell} for translation",
            "What the network learned, and how: the course of its training, its translations, and what it looks at.",
            [.. Facts(spec, weights, history, insight)], sections);
    }

    private static IEnumerable<(string, string)> Facts(TranslationSpec spec, long weights, IReadOnlyList<TrainingEpoch> history,
        TranslationInsight? insight)
    {
        if (TrainingSection.Kept(history)?.Validation is { } validation)
        {
            if (validation.Bleu is { } bleu)
                yield return ("BLEU, validation rows", Numbers.Of(bleu));
            if (validation.SequenceErrorRate is { } wrong)
                yield return ("Wrong rows, validation rows", Numbers.Percent(wrong));
            yield return ("Validation loss", Numbers.Of(validation.Loss));
        }
        else if (insight is { NumberOfRows: > 0 })
            yield return ($"Wrong rows, {insight.Rows}",
                Numbers.Percent(insight.Lengths.Sum(length => length.WrongRows) / (double)insight.NumberOfRows));
        yield return ("Source", spec.Inputs.AreTokens ? Numbers.Count(spec.Inputs[0].Size, "token")
            : $"frames of {Numbers.Count(spec.Inputs[0].Size)}");
        yield return ("Target", Numbers.Count(spec.Decoder.VocabularySize, "token"));
        yield return ("Encoder",
            Invariant($"{spec.Encoder.NumberOfLayers} × {Numbers.Count(spec.Encoder.HiddenSize, "unit")}, ") +
            (spec.Encoder.Bidirectional ? "both directions" : "forward"));
        yield return ("Decoder",
            Invariant($"{spec.Decoder.NumberOfLayers} × {Numbers.Count(spec.Decoder.HiddenSize, "unit")}"));
        yield return ("Attention", InvariantText.Of(spec.Decoder.Attention) +
            (spec.Decoder.InputFeeding ? ", with input feeding" : ""));
        yield return ("Weights", Numbers.Count(weights));
        foreach ((string, string) fact in TrainingSection.Facts(history))
            yield return fact;
    }
}
