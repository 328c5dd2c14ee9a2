namespace SequenceModels.Reports;

/// <summary>What is taken for what: the confusion matrix of classes, or predicted beside actual numbers.</summary>
internal static class PredictionSection
{
    /// <summary>Classes up to which a matrix is drawn, and up to which its cells hold counts.</summary>
    private const int MostDrawn = 40, MostCounted = 18;

    /// <summary>Classes up to which the table behind it is a matrix too.</summary>
    private const int MostColumns = 8;

    private const int LargestConfusions = 30;

    /// <param name="page">Where to write.</param>
    /// <param name="insight">Has the predictions.</param>
    /// <param name="unit">Of numbers, in words.</param>
    public static void Write(Markup page, NetworkInsight insight, string unit)
    {
        Predictions predictions = insight.Predictions;
        string rows = insight.NumberOfRows < insight.ChosenFrom
            ? $"{Numbers.Count(insight.NumberOfRows)} of {Numbers.Count(insight.ChosenFrom)} {insight.Rows}, evenly spread " +
                "over all"
            : $"all {Numbers.Count(insight.NumberOfRows)} {insight.Rows}";
        string labels = predictions.Count != insight.NumberOfRows ? $" ({Numbers.Count(predictions.Count)} labels)" : "";
        page.Element("p", $"Measured with the trained network on {rows}{labels}. " +
            "Rows that the network was trained on say what it can do at best; for what it does on new rows, evaluate it on " +
            "rows set aside.", ("class", "note"));
        if (predictions.Count == 0)
            return;
        if (predictions.Classes == 0)
            WriteNumbers(page, predictions, unit);
        else
        {
            if (predictions.ClassNames.Length <= MostDrawn)
                WriteMatrix(page, predictions);
            WriteConfusions(page, predictions);
        }
    }

    private static void WriteMatrix(Markup page, Predictions predictions)
    {
        string[] names = predictions.ClassNames;
        int[][] counts = [.. names.Select(_ => new int[names.Length])];
        foreach (ConfusionCount pair in predictions.Confusion)
            counts[pair.Actual][pair.Predicted] = pair.Count;
        int missing = predictions.Classes - names.Length;
        new HeatMap
        {
            Id = "confusion",
            Title = "Confusion matrix",
            Caption = "Each row holds the examples of one class, each column what they were taken for. On the diagonal the " +
                "network is right." +
                (missing > 0
                    ? $" Neither label nor prediction: {Numbers.Count(missing)} of {Numbers.Count(predictions.Classes, "class")}."
                    : ""),
            RowNames = names,
            ColumnNames = names,
            Values = [.. counts.Select(row => row.Select(count => (double)count / Math.Max(1, row.Sum())).ToArray())],
            Texts = names.Length > MostCounted ? null
                : [.. counts.Select(row => row.Select(count => count == 0 ? "" : Numbers.Count(count)).ToArray())],
            RowLabel = "class",
            ColumnLabel = "predicted class",
            Meaning = "share of the row's examples",
            Table = names.Length <= MostColumns ? AsMatrix(names, counts) : AsPairs(predictions, predictions.Confusion),
        }.Write(page);
    }

    private static DataTable AsMatrix(string[] names, int[][] counts) =>
        new(["class", .. names.Select(name => "as " + name), "right"], [.. names.Select((name, r) => (string[])
            [name, .. counts[r].Select(count => Numbers.Count(count)),
                Numbers.Percent((double)counts[r][r] / counts[r].Sum())])]);

    private static DataTable AsPairs(Predictions predictions, IEnumerable<ConfusionCount> pairs, string? note = null)
    {
        Dictionary<int, int> totals = predictions.Confusion.GroupBy(pair => pair.Actual)
            .ToDictionary(g => g.Key, g => g.Sum(pair => pair.Count));
        return new(["class", "taken for", "rows", "share of the class"], [.. pairs.Select(pair => (string[])
            [predictions.ClassNames[pair.Actual], predictions.ClassNames[pair.Predicted], Numbers.Count(pair.Count),
                Numbers.Percent((double)pair.Count / totals[pair.Actual])])])
        {
            IsText = true,
            Note = note,
        };
    }

    /// <summary>A table of its own: with many classes the matrix is too large to be looked at.</summary>
    private static void WriteConfusions(Markup page, Predictions predictions)
    {
        page.Element("h3", "Largest confusions");
        ConfusionCount[] wrong =
            [.. predictions.Confusion.Where(pair => pair.Actual != pair.Predicted).OrderByDescending(pair => pair.Count)];
        if (wrong.Length == 0)
        {
            page.Element("p", "None: every measured row is predicted rightly.");
            return;
        }
        string? note = wrong.Length > LargestConfusions
            ? Invariant($"{LargestConfusions} of {Numbers.Count(wrong.Length)} pairs of classes.") : null;
        AsPairs(predictions, wrong.Take(LargestConfusions), note).WriteOpen(page, "Largest confusions");
    }

    private static void WriteNumbers(Markup page, Predictions predictions, string unit) => new ScatterChart
    {
        Id = "predicted",
        Title = "Predicted and actual values",
        Caption = $"Root mean squared error {Numbers.Of(predictions.RootMeanSquaredError)}, {unit}. On the dashed line the " +
            "prediction is right.",
        Points = predictions.Numbers,
        Table = new DataTable(["label", "prediction", "difference"], [.. predictions.Numbers.Select(pair => (string[])
            [Numbers.Of(pair.Actual), Numbers.Of(pair.Predicted), Numbers.Of((double)pair.Predicted - pair.Actual)])]),
    }.Write(page);
}
