using System.Runtime.ExceptionServices;

namespace SequenceModels.Training;

/// <summary>
/// A team of threads that works off numbered tasks; the caller is one of the team. Tasks are handed out one by one, so a thread that
/// the machine holds up takes fewer of them. Waiting threads spin for some microseconds and then sleep.
/// </summary>
internal sealed class Workers : IDisposable
{
    private const int SpinsBeforeSleep = 60;

    private readonly Lock _gate = new();
    private readonly object _work = new(), _done = new();
    private Action<int> _body = _ => { };
    private int _tasks, _unfinished;

    /// <summary>The number of the job in the upper half, the next task in the lower: one atomic step takes a task of the right job.</summary>
    private long _ticket;
    private bool _disposed;
    private Exception? _failure;

    public Workers(int threads)
    {
        Threads = threads;
        for (int i = 1; i < threads; i++)
            new Thread(Serve) { IsBackground = true, Name = $"SequenceModels training {i}" }.Start();
    }

    public int Threads { get; }

    /// <summary>Runs body(0) to body(tasks - 1) and returns when all are done. An exception of one is thrown here.</summary>
    public void Run(int tasks, Action<int> body)
    {
        if (Threads == 1 || tasks <= 1)
        {
            for (int task = 0; task < tasks; task++)
                body(task);
            return;
        }
        _body = body;
        _tasks = tasks;
        Volatile.Write(ref _unfinished, tasks);
        long job = ((_ticket >> 32) + 1) << 32;
        lock (_work)
        {
            Volatile.Write(ref _ticket, job);
            Monitor.PulseAll(_work);
        }
        WorkOff(job);
        AwaitOthers();
        // Closed: a thread that still looks for work must not mistake the next job's task count for this one's.
        Volatile.Write(ref _ticket, job | int.MaxValue);
        if (_failure is { } failure)
        {
            _failure = null;
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    public void Dispose()
    {
        lock (_work)
        {
            _disposed = true;
            Monitor.PulseAll(_work);
        }
    }

    private void Serve()
    {
        long seen = 0;
        while (true)
        {
            var spin = new SpinWait();
            for (int i = 0; i < SpinsBeforeSleep && JobOf(Volatile.Read(ref _ticket)) == seen; i++)
                spin.SpinOnce(sleep1Threshold: -1);
            lock (_work)
            {
                while (JobOf(_ticket) == seen && !_disposed)
                    Monitor.Wait(_work);
                if (_disposed)
                    return;
                seen = JobOf(_ticket);
            }
            WorkOff(seen);
        }
    }

    private void WorkOff(long job)
    {
        while (true)
        {
            long ticket = Volatile.Read(ref _ticket);
            Action<int> body = _body;
            int task = (int)ticket;
            if (JobOf(ticket) != job || task >= _tasks)
                return;
            if (Interlocked.CompareExchange(ref _ticket, ticket + 1, ticket) != ticket)
                continue;
            try
            {
                body(task);
            }
            catch (Exception e)
            {
                lock (_gate)
                    _failure ??= e;
            }
            if (Interlocked.Decrement(ref _unfinished) == 0)
                lock (_done)
                    Monitor.Pulse(_done);
        }
    }

    private void AwaitOthers()
    {
        var spin = new SpinWait();
        for (int i = 0; i < SpinsBeforeSleep && Volatile.Read(ref _unfinished) > 0; i++)
            spin.SpinOnce(sleep1Threshold: -1);
        lock (_done)
            while (Volatile.Read(ref _unfinished) > 0)
                Monitor.Wait(_done);
    }

    private static long JobOf(long ticket) => ticket >> 32 << 32;
}
