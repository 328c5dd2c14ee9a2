using System.Diagnostics;

namespace SequenceModels.Training;

/// <summary>The clock of a training that may take so long: that of the first process, where there are several.</summary>
/// <param name="budget">Null: as long as it takes.</param>
/// <param name="ranks">The processes; each asks as often as the others.</param>
internal sealed class TimeBudget(TimeSpan? budget, TrainingRanks ranks)
{
    private readonly long _started = Stopwatch.GetTimestamp();

    public bool IsUsedUp => budget is { } most && ranks.OfFirst(Stopwatch.GetElapsedTime(_started) >= most);
}
