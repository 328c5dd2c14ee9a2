using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace SequenceModels;

/// <summary>A connection over which another rank is asked for bytes, by one thread at a time.</summary>
/// <param name="stream">From <see cref="RankPeer.Connect()"/>.</param>
internal sealed class PeerConnection(NetworkStream stream) : IDisposable
{
    private readonly byte[] _question = new byte[ByteProtocol.QuestionLength], _header = new byte[ByteProtocol.HeaderLength];

    /// <summary>Asks, without waiting for the answer. Answers come in the order of the questions.</summary>
    /// <param name="number">Of what bytes are wanted.</param>
    /// <param name="start">From where.</param>
    /// <param name="count">How many, at most <see cref="ByteProtocol.MostBytes"/>.</param>
    public void Ask(int number, long start, int count)
    {
        ByteProtocol.WriteQuestion(_question, number, start, count);
        stream.Write(_question);
    }

    /// <summary>Waits for the answer to the question after the one answered last.</summary>
    /// <returns>Why the bytes cannot be had; null: they are there.</returns>
    public string? Answer(Span<byte> to)
    {
        stream.ReadExactly(_header);
        int count = BinaryPrimitives.ReadInt32LittleEndian(_header);
        if (count == to.Length)
        {
            stream.ReadExactly(to);
            return null;
        }
        byte[] message = new byte[-count];
        stream.ReadExactly(message);
        return Encoding.UTF8.GetString(message);
    }

    public void Dispose() => stream.Dispose();
}
