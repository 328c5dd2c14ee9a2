using System.Diagnostics;

namespace SequenceModels;

/// <summary>What the engine spends time on, in training and in scoring.</summary>
internal enum WorkKind { Other, Product, InputGradient, WeightGradient, Gates, Loss, Gather, Sum, Update, Transpose }

/// <summary>
/// Tells what each thread spends its time on. Calls are left out by the compiler unless PROFILE is defined, as the configuration
/// Profile does: what is shipped has no trace of them.
/// </summary>
internal static class WorkClock
{
    private static readonly Lock s_gate = new();
    private static readonly List<WorkTimes> s_threads = [];

    [ThreadStatic]
    private static WorkTimes? t_own;

    /// <summary>Whether the calls are compiled in.</summary>
    public static bool IsOn =>
#if PROFILE
        true;
#else
        false;
#endif

    /// <summary>From here to <see cref="End"/> the thread's time counts as such work; work within it counts as its own.</summary>
    /// <param name="kind">The work.</param>
    /// <param name="subject">What is worked on, the same string object at each call of a place; null: nothing with a name.</param>
    /// <param name="operations">Floating-point operations.</param>
    /// <param name="bytes">Bytes that are read and written.</param>
    [Conditional("PROFILE")]
    public static void Begin(WorkKind kind, string? subject = null, double operations = 0, double bytes = 0)
    {
        if (t_own is null)
            lock (s_gate)
                s_threads.Add(t_own = new WorkTimes());
        t_own.Begin(kind, subject, operations, bytes);
    }

    /// <summary>Ends what was begun last.</summary>
    [Conditional("PROFILE")]
    public static void End() => t_own!.End();

    /// <summary>Begins anew; no thread may be at work.</summary>
    public static void Reset()
    {
        lock (s_gate)
            s_threads.ForEach(thread => thread.Clear());
    }

    /// <summary>What all threads did since the last <see cref="Reset"/>, added up; none may be at work.</summary>
    public static IReadOnlyList<WorkTime> Read()
    {
        lock (s_gate)
            return [.. s_threads.SelectMany(thread => thread.Times).GroupBy(time => (time.Kind, time.Subject)).Select(group =>
                new WorkTime(group.Key.Kind, group.Key.Subject, group.Sum(time => time.Seconds), group.Sum(time => time.Operations),
                    group.Sum(time => time.Bytes)))];
    }
}

/// <summary>One kind of work on one thing.</summary>
/// <param name="Kind">The work.</param>
/// <param name="Subject">What was worked on; null: nothing with a name.</param>
/// <param name="Seconds">How long, over all threads.</param>
/// <param name="Operations">Floating-point operations, where they were counted.</param>
/// <param name="Bytes">Bytes that were read and written, where they were counted.</param>
internal sealed record WorkTime(WorkKind Kind, string? Subject, double Seconds, double Operations, double Bytes);

/// <summary>What one thread did.</summary>
internal sealed class WorkTimes
{
    private readonly List<Total> _totals = [];
    private readonly Stack<Total> _open = new();
    private long _since = Stopwatch.GetTimestamp();

    public IEnumerable<WorkTime> Times => _totals.Where(total => total.Ticks > 0).Select(total => new WorkTime(total.Kind,
        total.Subject, (double)total.Ticks / Stopwatch.Frequency, total.Operations, total.Bytes));

    public void Begin(WorkKind kind, string? subject, double operations, double bytes)
    {
        Charge();
        Total total = Find(kind, subject);
        total.Operations += operations;
        total.Bytes += bytes;
        _open.Push(total);
    }

    public void End()
    {
        Charge();
        _open.Pop();
    }

    public void Clear()
    {
        foreach (Total total in _totals)
            (total.Ticks, total.Operations, total.Bytes) = (0, 0, 0);
        _since = Stopwatch.GetTimestamp();
    }

    private void Charge()
    {
        long now = Stopwatch.GetTimestamp();
        if (_open.TryPeek(out Total? total))
            total.Ticks += now - _since;
        _since = now;
    }

    private Total Find(WorkKind kind, string? subject)
    {
        foreach (Total total in _totals)
            if (total.Kind == kind && ReferenceEquals(total.Subject, subject))
                return total;
        var added = new Total(kind, subject);
        _totals.Add(added);
        return added;
    }

    private sealed class Total(WorkKind kind, string? subject)
    {
        public WorkKind Kind => kind;

        public string? Subject => subject;

        public long Ticks { get; set; }

        public double Operations { get; set; }

        public double Bytes { get; set; }
    }
}
