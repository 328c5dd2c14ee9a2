using SequenceModels.Files;
using SequenceModels.Sequences;

namespace SequenceModels.Training;

/// <summary>How well scores put positive rows above negative ones.</summary>
internal static class RocCurve
{
    /// <summary>The probability that a positive row has the larger score, ties counting half, each row by its weight.</summary>
    /// <param name="data">Where the rows are, with labels 0 and 1.</param>
    /// <param name="rows">Which.</param>
    /// <param name="scores">A score for each of them.</param>
    /// <returns>NaN where the rows are of one class.</returns>
    /// <remarks>Hanley and McNeil, "The Meaning and Use of the Area under a ROC Curve", Radiology 143, 1982.</remarks>
    public static double AreaUnder(SequenceDataset data, SpillList<int> rows, SpillList<float> scores)
    {
        int count = (int)rows.Count;
        using SpillList<float> sorted = data.NewList<float>();
        using SpillList<int> order = data.NewList<int>();
        sorted.Write(0, scores.Span(0, count));
        order.Write(0, rows.Span(0, count));
        sorted.Span(0, count).Sort(order.Span(0, count));

        double negative = 0, positive = 0, won = 0;
        for (int start = 0, end; start < count; start = end)
        {
            double tiedNegative = 0, tiedPositive = 0;
            for (end = start; end < count && sorted[end].Equals(sorted[start]); end++)
                if (data.Labels(order[end])[0] > 0)
                    tiedPositive += data.Weight(order[end]);
                else
                    tiedNegative += data.Weight(order[end]);
            won += tiedPositive * (negative + tiedNegative / 2);
            (negative, positive) = (negative + tiedNegative, positive + tiedPositive);
        }
        return won / (negative * positive);
    }
}
