using System.Diagnostics;

namespace SequenceModels.Training;

/// <summary>The clock of a training that may take so long.</summary>
/// <param name="budget">Null: as long as it takes.</param>
internal sealed class TimeBudget(TimeSpan? budget)
{
    private readonly long _started = Stopwatch.GetTimestamp();

    public bool IsUsedUp => budget is { } most && Stopwatch.GetElapsedTime(_started) >= most;
}
