using SequenceModels.Files;

namespace SequenceModels;

/// <summary>The processes that an MPI has started together.</summary>
internal sealed unsafe class MpiGroup : IProcessGroup, IBlockGroup
{
    /// <summary>
    /// Numbers that are sent at once where there are many: few enough that the last of many ranks soon has some, enough that a
    /// message's own time does not show.
    /// </summary>
    private const int ChunkLength = 1 << 14;

    /// <summary>Chunks that are on their way to a rank at one time: with more, all would arrive at the end.</summary>
    private const int Window = 4;

    /// <summary>MPI_THREAD_SERIALIZED: whichever thread trains may call, one at a time.</summary>
    private const int Serialized = 2;

    /// <summary>How long rank 0 has to end the job with its message, before the others add theirs.</summary>
    private static readonly TimeSpan s_afterFirst = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_telling = TimeSpan.FromSeconds(2);

    private readonly MpiLibrary _mpi;
    private readonly nint _communicator;
    private readonly MpiNotices _notices;
    private readonly MpiMessages _messages;

    /// <summary>With what this process, or another, has failed.</summary>
    private string? _failure;

    /// <summary>Whether a thread is at work with others' messages.</summary>
    private int _isBusy;

    private MpiGroup(MpiLibrary mpi)
    {
        _mpi = mpi;
        int rank, size;
        nint communicator = 0;
        mpi.CommRank(mpi.World, &rank);
        mpi.CommSize(mpi.World, &size);
        mpi.CommDup(mpi.World, &communicator);
        (Rank, Size, _communicator) = (rank, size, communicator);
        _notices = new MpiNotices(mpi, communicator, rank, size);
        _messages = new MpiMessages(mpi, communicator, ReadNotices);
        _messages.Reserve(2 * size);
    }

    public int Rank { get; }

    public int Size { get; }

    /// <summary>By what the ranks hold rows together; null: each holds all.</summary>
    public RankBlocks? Blocks { get; set; }

    int IBlockGroup.BlockLength => DealtList<uint>.UsualBlockLength;

    /// <summary>Starts MPI in this process, which is then ended with it.</summary>
    /// <exception cref="InvalidOperationException">The library is not that of the mpirun that has started it.</exception>
    public static MpiGroup Start(MpiLibrary mpi)
    {
        int initialized, provided = Serialized;
        mpi.Initialized(&initialized);
        if (initialized == 0)
            mpi.InitThread(0, 0, Serialized, &provided);
        if (provided < Serialized)
            throw new InvalidOperationException($"The MPI library '{mpi.Name}' ({mpi.Version}) lets one thread only use it. " +
                "Install one that was built with threads, as those of Debian, Ubuntu and Homebrew are.");
        var group = new MpiGroup(mpi);
        if (MpiLibrary.Started is { } started && started != group.Size)
            throw new InvalidOperationException(Invariant(
                $"mpirun has started {started} processes, but the library '{mpi.Name}' ({mpi.Version}) knows {group.Size}: it ") +
                "belongs to another MPI. Use the mpirun of that library, or name the library of this one by the environment " +
                "variable SEQUENCEMODELS_MPI.");
        if (initialized == 0)
            AppDomain.CurrentDomain.ProcessExit += (_, _) => group.End();
        return group;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// A chain: each rank adds to what the one before it sends, and sends on; from the last the total goes round. Chunk follows
    /// chunk, so that all links are at work at once, and each carries the numbers twice, as in a ring that adds in no order.
    /// </remarks>
    public void SumInOrder(Span<float> sum, int blockLength, Action<int, int> add)
    {
        int blocks = (sum.Length + blockLength - 1) / blockLength, perChunk = Math.Max(1, ChunkLength / blockLength),
            chunks = (blocks + perChunk - 1) / perChunk, last = Size - 1;
        if (Size == 1)
        {
            add(0, blocks);
            return;
        }
        Enter();
        _messages.Reserve(2 * chunks); // what is received, and behind it what is sent
        fixed (float* numbers = sum)
        {
            var plan = new ChunkPlan(numbers, sum.Length, perChunk * blockLength);
            for (int chunk = 0; Rank > 0 && chunk < Math.Min(Window, chunks); chunk++)
                Receive(plan, chunk, Rank - 1, MpiTag.Prefix);
            for (int chunk = 0; chunk < chunks + Window; chunk++)
            {
                int sent = chunk - Window;
                if (sent >= 0 && sent < chunks)
                {
                    _messages.Wait(chunks + sent);
                    if (Rank < last)
                        Receive(plan, sent, Rank == 0 ? last : Rank - 1, MpiTag.Total);
                }
                if (chunk >= chunks)
                    continue;
                if (Rank > 0)
                    _messages.Wait(chunk);
                add(chunk * perChunk, Math.Min(perChunk, blocks - chunk * perChunk));
                Send(plan, chunk, chunks, Rank < last ? Rank + 1 : 0, Rank < last ? MpiTag.Prefix : MpiTag.Total);
                if (Rank > 0 && chunk + Window < chunks)
                    Receive(plan, chunk + Window, Rank - 1, MpiTag.Prefix);
            }
            for (int chunk = 0; Rank < last && chunk < chunks + Window; chunk++)
            {
                if (Rank + 1 < last && chunk >= Window && chunk - Window < chunks)
                    _messages.Wait(chunks + chunk - Window);
                if (chunk >= chunks)
                    continue;
                _messages.Wait(chunk);
                if (Rank + 1 < last)
                    Send(plan, chunk, chunks, Rank + 1, MpiTag.Total);
            }
        }
        Leave();
    }

    private void Receive(in ChunkPlan plan, int chunk, int rank, MpiTag tag) =>
        _messages.Receive(chunk, plan.Start(chunk), plan.Bytes(chunk), rank, tag);

    private void Send(in ChunkPlan plan, int chunk, int chunks, int rank, MpiTag tag) =>
        _messages.Send(chunks + chunk, plan.Start(chunk), plan.Bytes(chunk), rank, tag);

    public void Gather(ReadOnlySpan<byte> own, Span<byte> all)
    {
        Enter();
        own.CopyTo(all[(Rank * own.Length)..]);
        fixed (byte* from = own, to = all)
        {
            for (int other = 1; other < Size; other++)
            {
                int before = (Rank + Size - other) % Size;
                _messages.Receive(other, to + (long)before * own.Length, own.Length, before, MpiTag.Gather);
                _messages.Send(Size + other, from, own.Length, (Rank + other) % Size, MpiTag.Gather);
            }
            for (int other = 1; other < Size; other++)
            {
                _messages.Wait(other);
                _messages.Wait(Size + other);
            }
        }
        Leave();
    }

    /// <inheritdoc/>
    /// <remarks>Along a binomial tree: who has the content helps to spread it.</remarks>
    public void Broadcast(Span<byte> content, int root)
    {
        Enter();
        fixed (byte* bytes = content)
        {
            int place = (Rank - root + Size) % Size, step = 1;
            while (step <= place)
                step *= 2; // the root's place is 0; place p has it from that without p's highest bit
            if (place > 0)
            {
                _messages.Receive(0, bytes, content.Length, (place - step / 2 + root) % Size, MpiTag.Broadcast);
                _messages.Wait(0);
            }
            int sent = 0;
            for (; place + step < Size; step *= 2)
                _messages.Send(sent++, bytes, content.Length, (place + step + root) % Size, MpiTag.Broadcast);
            for (int message = 0; message < sent; message++)
                _messages.Wait(message);
        }
        Leave();
    }

    IBlocks? IBlockGroup.Share(IOwnBlocks own) => Blocks?.Share(own);

    public void Fail(Exception reason, bool onAllRanks)
    {
        if (onAllRanks && reason is OperationCanceledException)
            return;
        if (!onAllRanks && _failure is null)
        {
            _failure = $"{reason.GetType().Name}: {reason.Message}";
            _notices.TellFailure(
                Invariant($"Rank {Rank} of {Size} has failed, and with it the training on all of them. {_failure}"), s_telling);
        }
        if (Rank > 0)
            Thread.Sleep(s_afterFirst);
    }

    /// <summary>Throws where another process has failed, or has ended without doing its part.</summary>
    /// <param name="rank">The one that is waited for.</param>
    private void ReadNotices(int rank)
    {
        _notices.Read();
        _failure ??= _notices.Failure ?? (_notices.IsMissing(rank)
            ? Invariant($"Rank {rank} of {Size} has ended its process, where this training still waits for it.") : null);
        if (_failure is not null)
            throw new InvalidOperationException(_failure);
    }

    private void Enter()
    {
        if (_failure is not null)
            throw new InvalidOperationException(_failure);
        if (Interlocked.Exchange(ref _isBusy, 1) == 1)
            throw new InvalidOperationException($"Two trainings in one process use the same {nameof(MpiTraining)}." +
                $"{nameof(MpiTraining.World)}() at the same time. Let one follow the other.");
    }

    private void Leave() => Volatile.Write(ref _isBusy, 0);

    /// <summary>
    /// Ends MPI with the process: with all others where it ends well, else at once, which ends them too.
    /// </summary>
    private void End()
    {
        int code = Environment.ExitCode;
        if (_failure is null && code == 0 && _isBusy == 0)
        {
            _notices.TellEnd(s_telling);
            while (!_notices.HaveAllLeft && _notices.Failure is null)
            {
                _notices.Read();
                Thread.Sleep(1);
            }
            if (_notices.Failure is null)
            {
                _mpi.Finalize();
                return;
            }
        }
        _mpi.Abort(_communicator, code == 0 ? 1 : code);
    }
}
