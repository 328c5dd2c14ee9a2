namespace SequenceModels.Forecasting;

/// <summary>The steps of one series in their order.</summary>
/// <param name="numbers">Steps of all series, [rows, N].</param>
/// <param name="rows">Which rows are this series' steps.</param>
internal sealed class SeriesSteps(StepNumbers numbers, int[] rows)
{
    /// <param name="numbers">[rows, N]; may be written over.</param>
    /// <param name="size">N.</param>
    /// <param name="rows">Which rows are this series' steps.</param>
    public SeriesSteps(float[] numbers, int size, int[] rows) : this(new StepNumbers(numbers, size), rows) { }

    public int Count => rows.Length;

    /// <summary>[N] of a step.</summary>
    public ReadOnlySpan<float> this[int step] => numbers[rows[step]];

    /// <summary>The row of a step.</summary>
    public int RowOf(int step) => rows[step];

    /// <summary>Steps up to the last one that has some target; those after it are the future.</summary>
    public int CountObserved(int targets)
    {
        int count = rows.Length;
        while (count > 0 && !HasTarget(this[count - 1][..targets]))
            count--;
        return count;
    }

    private static bool HasTarget(ReadOnlySpan<float> targets)
    {
        foreach (float value in targets)
            if (!float.IsNaN(value))
                return true;
        return false;
    }
}
