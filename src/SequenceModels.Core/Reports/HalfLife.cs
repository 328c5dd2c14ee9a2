namespace SequenceModels.Reports;

/// <summary>In how many steps a memory halves of which each step keeps a share f: f^n = 1/2, so n = ln(1/2) / ln f.</summary>
internal static class HalfLife
{
    /// <summary>Of a share from 0 (nothing is kept: 0 steps) to 1 (all is kept: infinitely many).</summary>
    public static double Of(double kept) => kept <= 0 ? 0 : kept >= 1 ? double.PositiveInfinity : Math.Log(0.5) / Math.Log(kept);

    /// <summary>The 0%, 1%, ... 100% quantiles of the units' half-lives: between two units, the lower one's.</summary>
    /// <param name="kept">[H] the share that each unit keeps.</param>
    public static double[] Quantiles(double[] kept)
    {
        double[] sorted = [.. kept.Select(Of).Order()];
        return [.. Enumerable.Range(0, 101).Select(percent => sorted[(sorted.Length - 1) * percent / 100])];
    }
}
