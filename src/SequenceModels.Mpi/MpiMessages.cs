using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SequenceModels;

/// <summary>
/// Messages from process to process. Nothing waits within MPI, where nobody could be told of a process that has failed: who waits
/// asks again and again whether a message has arrived, and now and then whether there is a notice (<see cref="MpiNotices"/>).
/// </summary>
internal sealed unsafe class MpiMessages
{
    /// <summary>How often is asked without a pause, and how long with the processor given to others in between.</summary>
    private const int Spins = 2_000, SpinsPerNotice = 256;

    private static readonly TimeSpan s_yielding = TimeSpan.FromMilliseconds(50);

    private readonly MpiLibrary _mpi;
    private readonly nint _communicator;
    private readonly Action<int> _onNotice;

    /// <summary>[capacity] of messages that are on their way.</summary>
    private nint* _requests;
    private int[] _peers = [];
    private int _capacity;

    /// <param name="mpi">The library, initialized.</param>
    /// <param name="communicator">Of nobody else's messages.</param>
    /// <param name="onNotice">Called now and then with the rank that is waited for, to look for notices; may throw.</param>
    public MpiMessages(MpiLibrary mpi, nint communicator, Action<int> onNotice) =>
        (_mpi, _communicator, _onNotice) = (mpi, communicator, onNotice);

    /// <summary>Makes room for the numbers of messages that are on their way at one time.</summary>
    public void Reserve(int messages)
    {
        if (messages <= _capacity)
            return;
        NativeMemory.Free(_requests);
        _capacity = messages + messages / 4;
        _peers = new int[_capacity];
        _requests = (nint*)NativeMemory.AllocZeroed((nuint)_capacity, (nuint)sizeof(nint));
    }

    /// <summary>Begins to send; the bytes must stay where they are until it is done.</summary>
    public void Send(int message, void* from, int bytes, int rank, MpiTag tag)
    {
        _peers[message] = rank;
        _mpi.Isend(from, bytes, _mpi.Bytes, rank, (int)tag, _communicator, _requests + message);
    }

    /// <summary>Begins to receive; the room must stay where it is until it is done.</summary>
    public void Receive(int message, void* to, int bytes, int rank, MpiTag tag)
    {
        _peers[message] = rank;
        _mpi.Irecv(to, bytes, _mpi.Bytes, rank, (int)tag, _communicator, _requests + message);
    }

    /// <summary>Begins to receive a message that has arrived from whoever.</summary>
    public void ReceiveFromAny(int message, void* to, int bytes, MpiTag tag) =>
        Receive(message, to, bytes, _mpi.AnySource, tag);

    /// <summary>Whether a message has been sent or received.</summary>
    public bool IsDone(int message)
    {
        int done;
        _mpi.Test(_requests + message, &done, _mpi.NoStatus);
        return done != 0;
    }

    /// <summary>Whether a message with a tag has arrived and is to be received.</summary>
    public bool HasArrived(MpiTag tag)
    {
        int arrived;
        _mpi.Iprobe(_mpi.AnySource, (int)tag, _communicator, &arrived, _mpi.NoStatus);
        return arrived != 0;
    }

    /// <summary>Waits until a message has been sent or received.</summary>
    public void Wait(int message)
    {
        if (IsDone(message))
            return;
        long began = 0;
        for (int i = 1; !IsDone(message); i++)
        {
            if (i % SpinsPerNotice == 0)
                _onNotice(_peers[message]);
            if (i < Spins)
                continue;
            if (began == 0)
                began = Stopwatch.GetTimestamp();
            if (Stopwatch.GetElapsedTime(began) < s_yielding)
                Thread.Yield();
            else
                Thread.Sleep(1);
        }
    }
}

/// <summary>What a message is part of.</summary>
internal enum MpiTag
{
    /// <summary>A sum over the ranks up to the sender.</summary>
    Prefix = 1,

    /// <summary>A sum over all.</summary>
    Total,

    Gather,

    Broadcast,

    /// <summary>What nobody waits for: the sender has failed, or has ended.</summary>
    Notice,
}
