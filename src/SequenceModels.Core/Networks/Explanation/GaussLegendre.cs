namespace SequenceModels.Networks;

/// <summary>Integrals by the rule of Gauss and Legendre with 8 points.</summary>
/// <remarks>Abramowitz and Stegun, Handbook of Mathematical Functions, 1964, table 25.4.</remarks>
internal static class GaussLegendre
{
    public const int Points = 8;

    /// <summary>The points from 0 on of the way from -1 to 1, and their weights; the others are the same with a minus.</summary>
    private static readonly double[] s_points =
        [0.183434642495650, 0.525532409916329, 0.796666477413627, 0.960289856497536];

    private static readonly double[] s_weights =
        [0.362683783378362, 0.313706645877887, 0.222381034453374, 0.101228536290376];

    /// <summary>One of the points between two numbers, and what the function's value there counts.</summary>
    /// <param name="point">From 0, in no order.</param>
    /// <param name="from">Where the integral begins.</param>
    /// <param name="to">Where it ends.</param>
    public static (double At, double Weight) Point(int point, double from, double to)
    {
        double offset = point % 2 == 0 ? s_points[point / 2] : -s_points[point / 2], half = (to - from) / 2;
        return (from + half + half * offset, half * s_weights[point / 2]);
    }
}
