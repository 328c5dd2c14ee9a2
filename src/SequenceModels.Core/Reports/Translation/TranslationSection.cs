namespace SequenceModels.Reports;

/// <summary>How often translations are right, by the length of their sources, and some of them.</summary>
internal static class TranslationSection
{
    public static void Write(Markup page, TranslationInsight insight)
    {
        string rows = insight.NumberOfRows < insight.ChosenFrom
            ? $"{Numbers.Count(insight.NumberOfRows)} of {Numbers.Count(insight.ChosenFrom)} {insight.Rows}, evenly spread " +
                "over all"
            : $"all {Numbers.Count(insight.NumberOfRows)} {insight.Rows}";
        page.Element("p",
            $"Translated by the trained network, with the model's own search, are {rows}. Rows that it was trained " +
            "on say what it can do at best; for what it does on new rows, evaluate it on rows set aside.", ("class", "note"));
        if (insight.NumberOfRows == 0)
            return;
        new LineChart
        {
            Id = "lengths",
            Title = "Errors by the length of the source",
            Caption = "Where long sources fare worse than short ones, the decoder has lost its place in them. Each point is a " +
                "group of rows; the table says how many.",
            XLabel = "tokens of the source",
            YLabel = "share",
            IsLog = false,
            Series =
            [
                new Series("rows that are not wholly right",
                    [.. insight.Lengths.Select(length => (Middle(length), length.SequenceErrorRate))]),
                new Series("token errors", [.. insight.Lengths.Select(length => (Middle(length), length.TokenErrorRate))]),
            ],
            Table = new DataTable(["length of the source", "rows", "not wholly right", "token errors"],
                [.. insight.Lengths.Select(length => (string[])
                [
                    length.From == length.To ? Numbers.Count(length.From)
                        : $"{Numbers.Count(length.From)} to {Numbers.Count(length.To)}",
                    Numbers.Count(length.Rows), Numbers.Percent(length.SequenceErrorRate), Numbers.Percent(length.TokenErrorRate),
                ])]),
        }.Write(page);
        if (insight.Examples.Length == 0)
            return;
        page.Element("h3", "Examples");
        new DataTable(["source", "translation", "label"], [.. insight.Examples.Select(example => (string[])
            [Joined(example.Source), Joined(example.Translation), Joined(example.Label)])])
        { IsText = true }
            .WriteOpen(page, "Examples");
    }

    private static double Middle(LengthErrors length) => (length.From + length.To) / 2.0;

    private static string Joined(string[] tokens) => string.Join(' ', tokens);
}
