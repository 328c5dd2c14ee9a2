using System.Buffers.Binary;
using System.Net.Sockets;

namespace SequenceModels;

/// <summary>
/// What goes to and fro between a rank that has bytes and one that asks for them. The first says its greeting, is shown its
/// secret and answers <see cref="Accepted"/>; then it is asked again and again: for which bytes, from where, how many. An answer
/// begins with their number, or with minus that of the bytes of a message that says why they cannot be had.
/// </summary>
internal static class ByteProtocol
{
    /// <summary>Bytes that are asked for at once, at most.</summary>
    public const int MostBytes = 1 << 18;

    /// <summary>Bytes of a question, and of what an answer begins with.</summary>
    public const int QuestionLength = sizeof(int) + sizeof(long) + sizeof(int), HeaderLength = sizeof(int);

    /// <summary>The secret is right.</summary>
    public const byte Accepted = 1;

    /// <summary>How long either waits until the other has said who it is.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A connection over which nothing may go for hours, and whose other end is known to be gone some ten seconds after its
    /// machine, or the network, has failed.
    /// </summary>
    public static NetworkStream Open(Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 4);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 2);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
        socket.ReceiveTimeout = (int)Patience.TotalMilliseconds;
        return new NetworkStream(socket, ownsSocket: true);
    }

    public static void WriteQuestion(Span<byte> question, int number, long start, int count)
    {
        BinaryPrimitives.WriteInt32LittleEndian(question, number);
        BinaryPrimitives.WriteInt64LittleEndian(question[sizeof(int)..], start);
        BinaryPrimitives.WriteInt32LittleEndian(question[(sizeof(int) + sizeof(long))..], count);
    }

    public static (int Number, long Start, int Count) ReadQuestion(ReadOnlySpan<byte> question) =>
        (BinaryPrimitives.ReadInt32LittleEndian(question), BinaryPrimitives.ReadInt64LittleEndian(question[sizeof(int)..]),
            BinaryPrimitives.ReadInt32LittleEndian(question[(sizeof(int) + sizeof(long))..]));
}
