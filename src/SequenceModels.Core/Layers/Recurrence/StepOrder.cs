using SequenceModels.Sequences;

namespace SequenceModels.Layers;

/// <summary>
/// The steps of a batch in the order in which a layer walks them, forward or from the end, and the rows that belong to each.
/// </summary>
/// <param name="batch">The batch.</param>
/// <param name="reverse">Whether time runs from a sequence's last step to its first.</param>
/// <param name="remembers">Whether the states of all steps are kept, or only those before and after the present one.</param>
internal readonly struct StepOrder(SequenceBatch batch, bool reverse, bool remembers)
{
    public int Steps => batch.Steps;

    /// <summary>Whether the states of all steps are kept.</summary>
    public bool KeepsForBackward => remembers;

    /// <summary>n: how many sequences are alive at the step.</summary>
    public int Alive(int step) => batch.Alive(Time(step));

    /// <summary>Steps of the k-th longest sequence that are still to be walked at the step, itself included.</summary>
    public int StepsLeft(int step, int k) => reverse ? Time(step) + 1 : batch.Length(k) - step;

    /// <summary>The first row of the step; behind the last step, the row behind all.</summary>
    public int Row(int step) => step == batch.Steps ? batch.Rows : batch.Offset(Time(step));

    /// <summary>Where the states before the step begin.</summary>
    public int StateRow(int step) => remembers ? Row(step) : (step & 1) * batch.Alive(0);

    /// <summary>Rows of states that a pass needs: of every step and behind the last, or of two steps in turn.</summary>
    public int StateRows => remembers ? batch.Rows + batch.Alive(0) : 2 * batch.Alive(0);

    /// <summary>How many sequences begin at the step, below those that are carried into it; none behind the last.</summary>
    public int Joining(int step) => step == batch.Steps ? 0
        : Alive(step) - (step == 0 ? 0 : Math.Min(Alive(step - 1), Alive(step)));

    /// <summary>
    /// The steps from <paramref name="step"/> on that together have at least <paramref name="rows"/> rows: the step behind them,
    /// their first row and how many they have.
    /// </summary>
    public (int End, int First, int Rows) Chunk(int step, int rows)
    {
        int sum = 0, end = step;
        while (end < batch.Steps && sum < rows)
            sum += Alive(end++);
        return (end, reverse ? Row(end - 1) : Row(step), sum);
    }

    private int Time(int step) => reverse ? batch.Steps - 1 - step : step;
}
