using SequenceModels.Heads;
using SequenceModels.Networks;

namespace SequenceModels.Training;

/// <summary>The figure of the validation rows by which epochs are compared.</summary>
internal static class WatchedFigure
{
    /// <summary>The figure as a cost: of two epochs the one with the smaller cost is the better one.</summary>
    /// <exception cref="InvalidOperationException">It is no number.</exception>
    public static double CostOf(ValidationMetrics metrics, TrainingSelection selection)
    {
        double? figure = selection switch
        {
            TrainingSelection.Accuracy => -metrics.Accuracy,
            TrainingSelection.ErrorRate => metrics.ErrorRate,
            TrainingSelection.AreaUnderRocCurve => -metrics.AreaUnderRocCurve,
            TrainingSelection.SpanF1Score => -metrics.SpanF1Score,
            TrainingSelection.RootMeanSquaredError => metrics.RootMeanSquaredError,
            TrainingSelection.TokenErrorRate => metrics.TokenErrorRate,
            TrainingSelection.SequenceErrorRate => metrics.SequenceErrorRate,
            TrainingSelection.Bleu => -metrics.Bleu,
            _ => metrics.Loss,
        };
        if (selection == TrainingSelection.AreaUnderRocCurve && figure is double.NaN)
            throw new InvalidOperationException($"{nameof(TrainingOptions.SelectBy)} is {selection}, but the validation rows " +
                "are of one class, and have no such figure. Give validation rows of both classes, or select by another figure.");
        return figure ?? throw new InvalidOperationException($"There is no {selection} of this task.");
    }

    /// <summary>Throws if a network of this kind has no figure to select by that the options ask for.</summary>
    /// <param name="options">The options.</param>
    /// <param name="spec">The network.</param>
    /// <param name="hasSpans">Whether the tags of its steps make up spans.</param>
    /// <exception cref="ArgumentException">It has none; the message names the option and those that there are.</exception>
    public static void Require(TrainingOptions options, NetworkSpec spec, bool hasSpans)
    {
        if (Of(spec, hasSpans).Contains(options.SelectBy))
            return;
        string why = options.SelectBy == TrainingSelection.SpanF1Score && spec.Output is { EveryStep: true, HasClasses: true }
            ? "the labels' names are of no scheme that makes spans of them (BIO, IOB1, BIOES, BILOU, BMES, IO)"
            : "the task has no such figure";
        throw new ArgumentException($"{options.NameOf(nameof(options.SelectBy))} is {options.SelectBy}, but {why}. It can be " +
            $"{string.Join(" or ", Of(spec, hasSpans))}.", nameof(options));
    }

    /// <summary>The figures that there are.</summary>
    private static IEnumerable<TrainingSelection> Of(NetworkSpec spec, bool hasSpans)
    {
        OutputSpec output = spec.Output;
        yield return TrainingSelection.Loss;
        if (spec is TranslationSpec)
        {
            yield return TrainingSelection.SequenceErrorRate;
            yield return TrainingSelection.Bleu;
        }
        if (output.Head == HeadKind.Ctc)
        {
            yield return TrainingSelection.TokenErrorRate;
            yield return TrainingSelection.SequenceErrorRate;
        }
        if (output.HasClasses)
        {
            yield return TrainingSelection.Accuracy;
            yield return TrainingSelection.ErrorRate;
        }
        if (output is { Head: HeadKind.Sigmoid, EveryStep: false })
            yield return TrainingSelection.AreaUnderRocCurve;
        if (hasSpans)
            yield return TrainingSelection.SpanF1Score;
        if (output.Head == HeadKind.Regression || QuantileHead.Is(output.Head))
            yield return TrainingSelection.RootMeanSquaredError;
    }
}
