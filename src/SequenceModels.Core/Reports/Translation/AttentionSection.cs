namespace SequenceModels.Reports;

/// <summary>What a translator looked at, token by token.</summary>
internal static class AttentionSection
{
    public static void Write(Markup page, IReadOnlyList<TranslationExample> examples)
    {
        page.Element("p",
            "Each row is a token of the translation, each column one of the source: the deeper the colour, the more " +
            "it counted when that token was chosen. A row sums to 1.", ("class", "note"));
        for (int i = 0; i < examples.Count; i++)
        {
            TranslationExample example = examples[i];
            if (example.Attention.Length == 0)
                continue;
            new HeatMap
            {
                Id = Invariant($"attention-{i + 1}"),
                Title = Invariant($"Attention of example {i + 1}"),
                Caption = $"{string.Join(' ', example.Source)} → {string.Join(' ', example.Translation)}",
                RowNames = example.Translation,
                ColumnNames = example.Source,
                Values = [.. example.Attention.Select(row => row.Select(weight => (double)weight).ToArray())],
                RowLabel = "token of the translation",
                ColumnLabel = "tokens of the source",
                Meaning = "share of the attention",
                Table = new DataTable(["token", .. example.Source], [.. example.Translation.Select((token, t) =>
                    (string[])[token, .. example.Attention[t].Select(weight => Numbers.Of(Math.Round(weight, 4)))])]),
            }.Write(page);
        }
    }
}
