using System.Runtime.ExceptionServices;

namespace SequenceModels.Training;

/// <summary>
/// A team of threads that works off numbered tasks; the caller is one of the team. Each thread begins with its own share of the
/// tasks, the same in every job of that size, so that what it works on is still in its cache; whoever has none left takes from
/// the others, so a thread that the machine holds up does fewer. Waiting threads spin for some microseconds and then sleep.
/// </summary>
internal sealed class WorkerThreads : IDisposable
{
    private const int SpinsBeforeSleep = 60;

    /// <summary>Shares stand so far apart that threads do not write to each other's cache lines.</summary>
    private const int ShareStride = 16;

    private readonly Lock _gate = new();
    private readonly object _work = new(), _done = new();
    private Action<int, int> _body = (_, _) => { };
    private int _unfinished;
    private long _job;

    /// <summary>
    /// Of each thread's share: the number of the job in the upper half, the next task in the lower, so that one atomic step takes
    /// a task of the right job; and behind it the end of the share.
    /// </summary>
    private readonly long[] _shares;
    private bool _disposed;
    private Exception? _failure;

    public WorkerThreads(int threads)
    {
        Threads = threads;
        _shares = new long[threads * ShareStride];
        for (int i = 1; i < threads; i++)
            new Thread(thread =>
                Serve((int)thread!))
            { IsBackground = true, Name = Invariant($"SequenceModels training {i}") }.Start(i);
    }

    public int Threads { get; }

    /// <summary>
    /// Runs body(0, thread) to body(tasks - 1, thread), thread being the number of the one that runs it, and returns when all are
    /// done. An exception of one is thrown here.
    /// </summary>
    public void Run(int tasks, Action<int, int> body)
    {
        if (Threads == 1 || tasks <= 1)
        {
            for (int task = 0; task < tasks; task++)
                body(task, 0);
            return;
        }
        _body = body;
        Volatile.Write(ref _unfinished, tasks);
        long job = _job + (1L << 32);
        for (int thread = 0; thread < Threads; thread++)
        {
            _shares[thread * ShareStride + 1] = (long)tasks * (thread + 1) / Threads;
            Volatile.Write(ref _shares[thread * ShareStride], job | (uint)((long)tasks * thread / Threads));
        }
        lock (_work)
        {
            Volatile.Write(ref _job, job);
            Monitor.PulseAll(_work);
        }
        WorkOff(job, 0);
        AwaitOthers();
        // Closed: a thread that still looks for work must not mistake the next job's shares for this one's.
        for (int thread = 0; thread < Threads; thread++)
            Volatile.Write(ref _shares[thread * ShareStride], job | int.MaxValue);
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

    private void Serve(int thread)
    {
        long seen = 0;
        while (true)
        {
            var spin = new SpinWait();
            for (int i = 0; i < SpinsBeforeSleep && Volatile.Read(ref _job) == seen; i++)
                spin.SpinOnce(sleep1Threshold: -1);
            lock (_work)
            {
                while (_job == seen && !_disposed)
                    Monitor.Wait(_work);
                if (_disposed)
                    return;
                seen = _job;
            }
            WorkOff(seen, thread);
        }
    }

    private void WorkOff(long job, int thread)
    {
        for (int i = 0; i < Threads; i++)
            WorkOffShare(job, thread, ref _shares[(thread + i) % Threads * ShareStride],
                in _shares[(thread + i) % Threads * ShareStride + 1]);
    }

    private void WorkOffShare(long job, int thread, ref long share, in long end)
    {
        while (true)
        {
            long ticket = Volatile.Read(ref share);
            Action<int, int> body = _body;
            int task = (int)ticket;
            if (JobOf(ticket) != job || task >= Volatile.Read(in end))
                return;
            if (Interlocked.CompareExchange(ref share, ticket + 1, ticket) != ticket)
                continue;
            try
            {
                body(task, thread);
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
