using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace SequenceModels;

/// <summary>
/// What the processes tell each other outside of a training: that one has failed, with what, or that one has ended.
/// </summary>
internal sealed unsafe class MpiNotices
{
    private const int Failed = 1, Left = 2, Header = 3 * sizeof(int), Length = 2048;

    /// <summary>How long a process that has ended may keep others waiting: its last messages are then surely there.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5);

    private readonly int _rank;
    private readonly MpiMessages _messages;
    private readonly byte* _sent, _received;
    private readonly bool[] _left;
    private readonly long[] _leftAt;

    public MpiNotices(MpiLibrary mpi, nint communicator, int rank, int size)
    {
        _rank = rank;
        _messages = new MpiMessages(mpi, communicator, _ => { });
        _messages.Reserve(size + 1);
        _sent = (byte*)NativeMemory.AllocZeroed(Length);
        _received = (byte*)NativeMemory.AllocZeroed(Length);
        _left = new bool[size];
        _leftAt = new long[size];
        _left[rank] = true;
    }

    /// <summary>With what another process has failed; null: none has.</summary>
    public string? Failure { get; private set; }

    /// <summary>Whether all others have ended.</summary>
    public bool HaveAllLeft => !_left.Contains(false);

    /// <summary>Tells all others that this process has failed.</summary>
    /// <param name="reason">With what.</param>
    /// <param name="patience">How long to wait until they have it: one that was killed never will.</param>
    public void TellFailure(string reason, TimeSpan patience) => Tell(Failed, reason, patience);

    /// <summary>Tells all others that this process has ended.</summary>
    public void TellEnd(TimeSpan patience) => Tell(Left, "", patience);

    /// <summary>Reads what others have told, as far as it has arrived.</summary>
    public void Read()
    {
        while (_messages.HasArrived(MpiTag.Notice))
        {
            int own = _left.Length;
            _messages.ReceiveFromAny(own, _received, Length, MpiTag.Notice);
            while (!_messages.IsDone(own))
                Thread.Yield();
            var notice = new ReadOnlySpan<byte>(_received, Length);
            int kind = BinaryPrimitives.ReadInt32LittleEndian(notice),
                rank = BinaryPrimitives.ReadInt32LittleEndian(notice[sizeof(int)..]),
                count = BinaryPrimitives.ReadInt32LittleEndian(notice[(2 * sizeof(int))..]);
            if (kind == Failed)
                Failure ??= Encoding.UTF8.GetString(notice.Slice(Header, count));
            else if (!_left[rank])
                (_left[rank], _leftAt[rank]) = (true, Stopwatch.GetTimestamp());
        }
    }

    /// <summary>Whether a process has ended that somebody still waits for.</summary>
    public bool IsMissing(int rank) => _left[rank] && rank != _rank && Stopwatch.GetElapsedTime(_leftAt[rank]) > s_grace;

    private void Tell(int kind, string text, TimeSpan patience)
    {
        var notice = new Span<byte>(_sent, Length);
        BinaryPrimitives.WriteInt32LittleEndian(notice, kind);
        BinaryPrimitives.WriteInt32LittleEndian(notice[sizeof(int)..], _rank);
        while (Encoding.UTF8.GetByteCount(text) > Length - Header)
            text = text[..(text.Length * 3 / 4)];
        BinaryPrimitives.WriteInt32LittleEndian(notice[(2 * sizeof(int))..], Encoding.UTF8.GetBytes(text, notice[Header..]));
        for (int rank = 0; rank < _left.Length; rank++)
            if (rank != _rank)
                _messages.Send(rank, _sent, Length, rank, MpiTag.Notice);
        long began = Stopwatch.GetTimestamp();
        for (int rank = 0; rank < _left.Length; rank++)
            while (rank != _rank && !_messages.IsDone(rank) && Stopwatch.GetElapsedTime(began) < patience)
                Thread.Sleep(1);
    }
}
