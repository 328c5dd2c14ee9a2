using SequenceModels.Sequences;

namespace SequenceModels.Heads;

/// <summary>The labels of rows, each row by its weight; where every step has a label, each of these.</summary>
/// <param name="Weight">The sum of weights.</param>
/// <param name="Mean">The weighted mean.</param>
/// <param name="SquaredDeviation">The weighted sum of squared deviations from the mean.</param>
internal readonly record struct LabelMoments(double Weight, double Mean, double SquaredDeviation)
{
    public static LabelMoments Of(RowSelection rows)
    {
        double weight = 0, sum = 0, squares = 0;
        Visit(rows, (label, counts) => (weight, sum) = (weight + counts, sum + counts * (double)label));
        double mean = sum / weight;
        // A second pass: the difference of large sums would lose the deviation of labels far from zero.
        Visit(rows, (label, counts) => squares += counts * Math.Pow(label - mean, 2));
        return new LabelMoments(weight, mean, squares);
    }

    private static void Visit(RowSelection rows, Action<float, float> visit)
    {
        float weight = 0;
        Action<float> visitLabel = label => visit(label, weight);
        foreach (int row in rows)
        {
            weight = rows.Data.Weight(row);
            rows.Data.Targets.Visit(row, visitLabel);
        }
    }
}
