namespace SequenceModels.Metrics;

/// <summary>n-grams of one order.</summary>
/// <param name="Hypothesis">Of the hypotheses.</param>
/// <param name="Reference">Of the references.</param>
/// <param name="Matches">Of both.</param>
internal readonly record struct NGramOverlap(long Hypothesis, long Reference, long Matches)
{
    private const double BetaSquared = 4;

    public static NGramOverlap operator +(NGramOverlap left, NGramOverlap right) => new(left.Hypothesis + right.Hypothesis,
        left.Reference + right.Reference, left.Matches + right.Matches);

    /// <summary>In percent: of precision and recall, each the mean over the orders that both have n-grams of.</summary>
    public static double FScore(ReadOnlySpan<NGramOverlap> orders)
    {
        double precision = 0, recall = 0;
        int count = 0;
        foreach (NGramOverlap order in orders)
        {
            if (order.Hypothesis == 0 || order.Reference == 0)
                continue;
            precision += (double)order.Matches / order.Hypothesis;
            recall += (double)order.Matches / order.Reference;
            count++;
        }
        if (precision + recall == 0)
            return 0;
        (precision, recall) = (precision / count, recall / count);
        return 100 * (1 + BetaSquared) * precision * recall / (BetaSquared * precision + recall);
    }
}
