namespace SequenceModels.Scoring;

/// <summary>
/// Numbered tasks that the caller works off together with threads of the pool. The caller waits for tasks that another thread has
/// begun, but never for a thread to become free: in a busy pool it does all of them itself, and callers cannot block each other.
/// </summary>
internal sealed class PoolWork
{
    private readonly int _tasks;
    private readonly Action<int> _body;
    private readonly TaskCompletionSource _done = new();
    private int _next, _unfinished;

    private PoolWork(int tasks, Action<int> body)
    {
        _tasks = _unfinished = tasks;
        _body = body;
    }

    /// <summary>Runs body(0) to body(tasks - 1), and returns when all are done.</summary>
    /// <param name="tasks">How many; at least one.</param>
    /// <param name="body">Does one of them; must not throw.</param>
    /// <param name="before">What the caller does before it joins in.</param>
    public static void Run(int tasks, Action<int> body, Action before)
    {
        var work = new PoolWork(tasks, body);
        int helpers = Math.Min(tasks, Environment.ProcessorCount - 1);
        for (int i = 0; i < helpers; i++)
            ThreadPool.QueueUserWorkItem(static shared => shared.WorkOff(), work, preferLocal: false);
        try
        {
            before();
        }
        finally
        {
            work.WorkOff();
            work._done.Task.Wait();
        }
    }

    private void WorkOff()
    {
        // A thread that comes late, even after the end, finds no number left.
        for (int task; (task = Interlocked.Increment(ref _next) - 1) < _tasks;)
        {
            _body(task);
            if (Interlocked.Decrement(ref _unfinished) == 0)
                _done.SetResult();
        }
    }
}
