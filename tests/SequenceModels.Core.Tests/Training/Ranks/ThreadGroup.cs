namespace SequenceModels.Tests.Training;

/// <summary>A group of processes that are threads of this one.</summary>
internal sealed class ThreadGroup : IProcessGroup
{
    private readonly Shared _shared;

    private ThreadGroup(Shared shared, int rank) => (_shared, Rank) = (shared, rank);

    public int Rank { get; }

    public int Size => _shared.All.Length;

    /// <summary>Blocks that were summed, and bytes that were brought together or copied.</summary>
    public long Traffic { get; private set; }

    /// <summary>What each rank makes of the group. Throws what rank 0 threw, or else the first that threw.</summary>
    public static T[] Run<T>(int ranks, Func<ThreadGroup, T> body)
    {
        Exception?[] failures = RunAll(ranks, body, out T[] results);
        return failures.FirstOrDefault(failure => failure is not null) is { } thrown ? throw new AggregateException(thrown)
            : results;
    }

    /// <summary>What each rank has thrown.</summary>
    public static Exception?[] RunAll<T>(int ranks, Func<ThreadGroup, T> body, out T[] results)
    {
        using var shared = new Shared(ranks);
        var made = new T[ranks];
        var failures = new Exception?[ranks];
        Thread[] threads = [.. Enumerable.Range(0, ranks).Select(rank => new Thread(() =>
        {
            try
            {
                made[rank] = body(new ThreadGroup(shared, rank));
            }
            catch (Exception e)
            {
                failures[rank] = e;
            }
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        results = made;
        return failures;
    }

    public void SumInOrder(Span<float> sum, int blockLength, Action<int, int> add)
    {
        int blocks = (sum.Length + blockLength - 1) / blockLength;
        for (int rank = 0; rank < Size; rank++)
        {
            if (rank == Rank)
            {
                if (rank == 0)
                    sum.Fill(float.NaN); // whatever was there
                else
                    _shared.Sum.CopyTo(sum);
                for (int first = 0; first < blocks; first += 3)
                    add(first, Math.Min(3, blocks - first));
                _shared.Sum = sum.ToArray();
            }
            Wait();
        }
        _shared.Sum.CopyTo(sum);
        Traffic += blocks;
        Wait();
    }

    public void Gather(ReadOnlySpan<byte> own, Span<byte> all)
    {
        _shared.All[Rank] = own.ToArray();
        Wait();
        for (int rank = 0; rank < Size; rank++)
            _shared.All[rank].CopyTo(all.Slice(rank * own.Length, own.Length));
        Traffic += own.Length;
        Wait();
    }

    public void Broadcast(Span<byte> content, int root)
    {
        if (Rank == root)
            _shared.All[0] = content.ToArray();
        Wait();
        _shared.All[0].CopyTo(content);
        Traffic += content.Length;
        Wait();
    }

    public void Fail(Exception reason, bool onAllRanks)
    {
        if (!onAllRanks)
            _shared.Failure.Cancel();
    }

    private void Wait()
    {
        try
        {
            _shared.Barrier.SignalAndWait(_shared.Failure.Token);
        }
        catch (OperationCanceledException)
        {
            throw new InvalidOperationException("Another rank has failed.");
        }
    }

    private sealed class Shared(int ranks) : IDisposable
    {
        public byte[][] All { get; } = new byte[ranks][];

        public float[] Sum { get; set; } = [];

        public Barrier Barrier { get; } = new(ranks);

        public CancellationTokenSource Failure { get; } = new();

        public void Dispose()
        {
            Barrier.Dispose();
            Failure.Dispose();
        }
    }
}
