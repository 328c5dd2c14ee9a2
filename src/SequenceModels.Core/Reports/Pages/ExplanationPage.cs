namespace SequenceModels.Reports;

/// <summary>A text, and what each of its tokens adds to a score of it.</summary>
/// <param name="Label">What it is taken for.</param>
/// <param name="Score">The score of that.</param>
/// <param name="BaselineScore">The score without the text.</param>
/// <param name="Pieces">[T] the tokens as a reader sees them, with the spaces between them.</param>
/// <param name="Tokens">[T] the tokens.</param>
/// <param name="Shares">[T].</param>
internal sealed record ExplainedText(string Label, double Score, double BaselineScore, IReadOnlyList<string> Pieces,
    IReadOnlyList<string> Tokens, IReadOnlyList<float> Shares);

/// <summary>The page that shows texts, each token coloured by what it adds to the prediction.</summary>
internal static class ExplanationPage
{
    /// <summary>Depths of a colour.</summary>
    private const int Levels = 8;

    public static string Render(IReadOnlyList<ExplainedText> texts) => PageFrame.Render("Which tokens spoke",
        "Each token is coloured by what it adds to the score of the prediction, by integrated gradients.",
        [("Rows", Numbers.Count(texts.Count)), ("Predictions", Numbers.Count(texts.DistinctBy(text => text.Label).Count()))],
        [
            ("Rows", page =>
            {
                page.Open("ul", ("class", "key"));
                WriteKey(page, "for", "speaks for the prediction");
                WriteKey(page, "against", "speaks against it");
                page.Close();
                page.Element("p", "The deepest colour of a row is its largest share. The score of a class is its log-odds: 0 " +
                    "is a probability of one half.", ("class", "note"));
                for (int i = 0; i < texts.Count; i++)
                    Write(page, texts[i], i + 1);
            }),
        ]);

    private static void WriteKey(Markup page, string kind, string meaning) => page.Open("li")
        .Inline("span", "token", ("class", Invariant($"{kind} l{Levels}"))).Text($" {meaning}").Close();

    private static void Write(Markup page, ExplainedText text, int number)
    {
        string title = Invariant($"Row {number}: {text.Label}");
        page.Open("article").Element("h3", title, ("dir", "auto"));
        page.Element("p", $"Score {Numbers.Of(text.Score)}; {Numbers.Of(text.BaselineScore)} without the tokens.",
            ("class", "note"));
        double largest = text.Shares.Select(share => (double)Math.Abs(share)).DefaultIfEmpty().Max();
        page.Open("p", ("class", "shares"), ("dir", "auto"));
        for (int t = 0; t < text.Pieces.Count; t++)
            WriteToken(page, text.Pieces[t], text.Shares[t], largest);
        page.Close();
        new DataTable(["token", "share"],
            [.. text.Tokens.Select((token, t) => (string[])[token, Numbers.Of(text.Shares[t])])]).Write(page, title);
        page.Close();
    }

    /// <summary>The space before a token is not coloured with it.</summary>
    private static void WriteToken(Markup page, string piece, float share, double largest)
    {
        string token = piece.TrimStart(' ');
        page.Text(piece[..^token.Length]);
        int level = largest == 0 ? 0 : (int)Math.Round(Levels * Math.Abs(share) / largest);
        if (level == 0)
            page.Text(token);
        else
            page.Inline("span", token, ("class", Invariant($"{(share > 0 ? "for" : "against")} l{level}")),
                ("title", Numbers.Of(share)));
    }
}
