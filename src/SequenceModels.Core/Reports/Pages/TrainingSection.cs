namespace SequenceModels.Reports;

/// <summary>The course of the training: losses, metrics, learning rate and the gradient's norm by epoch.</summary>
internal static class TrainingSection
{
    public static void Write(Markup page, IReadOnlyList<TrainingEpoch> history)
    {
        if (history.Count == 0)
        {
            page.Element("p", "The model keeps no history of its training.", ("class", "note"));
            return;
        }
        Chart(page, history, "loss", "Loss", "mean loss per example",
            "The training loss is taken as each batch is trained on, with dropout and before " +
            "the weights move" + (history.Any(epoch => epoch.Validation is not null)
                ? "; the validation loss at the end of the epoch. Where the first falls and the second rises, the network " +
                    "learns its rows by heart." : "."),
            false, ("training", epoch => epoch.TrainingLoss), ("validation", epoch => epoch.Validation?.Loss));
        Chart(page, history, "accuracy", "Validation accuracy", "share of rows",
            "On the validation rows at the end of each epoch." +
            (history.Any(epoch => epoch.Validation?.AreaUnderRocCurve is not null)
                ? " Area under the ROC curve: how often a positive row has a larger score than a negative one." : "") +
            (history.Any(epoch => epoch.Validation?.SpanF1Score is not null)
                ? " F1 of spans: the harmonic mean of precision and recall of whole spans." : ""), false,
            ("accuracy", epoch => epoch.Validation?.Accuracy),
            ("F1 of spans", epoch => epoch.Validation?.SpanF1Score),
            ("area under the ROC curve", epoch => epoch.Validation?.AreaUnderRocCurve));
        Chart(page, history, "sequence-errors", "Validation errors", "share of rows, and of tokens",
            "On the validation rows at the end of each epoch, the likeliest token being taken each time. Token errors: the " +
            "fewest " +
            "insertions, deletions and substitutions that make the labels of what was said, for each token of the labels.", false,
            ("rows that are not wholly right", epoch => epoch.Validation?.SequenceErrorRate),
            ("token errors", epoch => epoch.Validation?.TokenErrorRate));
        Chart(page, history, "bleu", "Validation BLEU", "BLEU, 0 to 100",
            "On the validation rows at the end of each epoch, of the tokens as they are.", false,
            ("BLEU", epoch => epoch.Validation?.Bleu));
        Chart(page, history, "error", "Validation error", "root mean squared error" +
            (history.Any(epoch => epoch.Validation?.RSquared is not null) ? ", in the label's unit" : " of scaled values"),
            "On the validation rows at the end of each epoch.",
            false, ("root mean squared error", epoch => epoch.Validation?.RootMeanSquaredError));
        Chart(page, history, "r-squared", "Explained variance", "R squared",
            "On the validation rows at the end of each epoch: 1 is perfect, 0 is as good as " +
            "the labels' mean.", false, ("R squared", epoch => epoch.Validation?.RSquared));
        Chart(page, history, "rate", "Learning rate", "learning rate", "Of each epoch's last update.", false,
            ("learning rate", epoch => epoch.LearningRate));
        Chart(page, history, "norm", "Norm of the gradient", "Euclidean norm (logarithmic)",
            "Over all weights, before clipping: the mean of the epoch's updates " +
            "and the largest. A largest norm far above the mean is a gradient that explodes now and then.", true,
            ("mean", epoch => epoch.GradientNorm), ("largest", epoch => epoch.LargestGradientNorm));
    }

    /// <summary>The epoch whose weights the model has; null where the history is not known.</summary>
    public static TrainingEpoch? Kept(IReadOnlyList<TrainingEpoch> history) => history.Count == 0 ? null
        : history.FirstOrDefault(epoch => epoch.IsSelected) ?? history[^1];

    /// <summary>How long it took.</summary>
    public static IEnumerable<(string, string)> Facts(IReadOnlyList<TrainingEpoch> history)
    {
        if (history.Count == 0)
            yield break;
        yield return ("Epochs", Numbers.Count(history[^1].Epoch));
        double seconds = history.Sum(epoch => epoch.Duration.TotalSeconds);
        if (seconds > 0)
            yield return ("Training time", Numbers.Time(seconds));
    }

    private static void Chart(Markup page, IReadOnlyList<TrainingEpoch> history, string id, string title, string label,
        string caption, bool isLog,
        params (string Name, Func<TrainingEpoch, double?> Value)[] figures)
    {
        (string Name, Func<TrainingEpoch, double?> Value)[] known =
            [.. figures.Where(figure => history.Any(epoch => figure.Value(epoch) is { } value && double.IsFinite(value)))];
        if (known.Length == 0)
            return;
        TrainingEpoch? selected = history.FirstOrDefault(epoch => epoch.IsSelected);
        new LineChart
        {
            Id = id,
            Title = title,
            Caption = selected is null || selected == history[^1] ? caption
                : Invariant($"{caption} The model has the weights of epoch {selected.Epoch}."),
            XLabel = "epoch",
            YLabel = label,
            IsLog = isLog,
            Series = [.. known.Select(figure => new Series(figure.Name,
                [.. history.Select(epoch => ((double)epoch.Epoch, figure.Value(epoch) ?? double.NaN))]))],
            Table = new DataTable(["epoch", .. known.Select(figure => figure.Name)],
                [.. history.Select(epoch =>
                    (string[])[Numbers.Count(epoch.Epoch),
                        .. known.Select(figure => Numbers.Of(figure.Value(epoch) ?? double.NaN))])]),
        }.Write(page);
    }
}
