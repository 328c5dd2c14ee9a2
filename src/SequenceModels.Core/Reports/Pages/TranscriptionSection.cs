namespace SequenceModels.Reports;

/// <summary>One sequence as a picture, what is likely at each of its steps below, and what was heard in place.</summary>
internal static class TranscriptionSection
{
    public static void Write(Markup page, HeardExample example)
    {
        string part = example.Tokens.Length == example.NumberOfSteps ? ""
            : Invariant($", of whose {Numbers.Count(example.NumberOfSteps)} steps the first {example.Tokens.Length} are shown");
        string[] heard = [.. example.Tokens.Where(token => token.Length > 0)];
        page.Element("p", $"One of the measured rows, of median length{part}. Said: {Joined(example.Said)}. Heard, the " +
            $"likeliest output of each step being taken: {Joined(heard)}.", ("class", "note"));
        string[] columns = example.Tokens;
        if (example.Bands.Length > 0)
            new HeatMap
            {
                Id = "frames",
                Title = "The sequence",
                Caption = "Each column is a step, each row a part of the numbers of its frame, neighbours together.",
                // The first number is the lowest.
                RowNames = [.. Enumerable.Range(1, example.Bands.Length).Reverse().Select(band => Numbers.Count(band))],
                ColumnNames = columns,
                Values = [.. example.Bands.Reverse().Select(Doubles)],
                RowLabel = "numbers",
                ColumnLabel = "steps, with the tokens that begin at them",
                Meaning = "from the smallest number to the largest",
                Table = TableOf("part", [.. Enumerable.Range(1, example.Bands.Length).Select(band => Numbers.Count(band))],
                    example.Bands),
            }.Write(page);
        new HeatMap
        {
            Id = "heard",
            Title = "What is likely at each step",
            Caption = "A network that learned by connectionist temporal classification says a token in a step or two, and the " +
                "blank in between. Outputs that are never likely are left out.",
            RowNames = example.Outputs,
            ColumnNames = columns,
            Values = [.. example.Probabilities.Select(Doubles)],
            RowLabel = "output",
            ColumnLabel = "steps, with the tokens that begin at them",
            Meaning = "probability",
            Table = TableOf("output", example.Outputs, example.Probabilities),
        }.Write(page);
    }

    private static string Joined(string[] tokens) => tokens.Length == 0 ? "nothing" : tokens.All(token => token.Length == 1)
        ? $"“{string.Concat(tokens)}”" : string.Join(' ', tokens);

    private static double[] Doubles(float[] row) => Array.ConvertAll(row, value => (double)value);

    private static DataTable TableOf(string what, string[] names, float[][] rows) =>
        new(["step", .. names.Select(name => $"{what} {name}")], [.. Enumerable.Range(0, rows.Length == 0 ? 0 : rows[0].Length)
            .Select(t => (string[])[Numbers.Count(t + 1), .. rows.Select(row => Numbers.Of(row[t]))])]);
}
