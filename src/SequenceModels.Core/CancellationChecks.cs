namespace SequenceModels;

/// <summary>Whoever reads many rows looks now and then whether to go on.</summary>
internal static class CancellationChecks
{
    private const int RowsBetweenChecks = 1024;

    /// <summary>To be called at every row.</summary>
    /// <param name="row">Its number, from 0.</param>
    /// <param name="throwIfCanceled">Called at some of the rows, the first included.</param>
    public static void AtRow(long row, Action throwIfCanceled)
    {
        if (row % RowsBetweenChecks == 0)
            throwIfCanceled();
    }
}
