using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace SequenceModels;

/// <summary>Bytes of another rank, over a connection of their own.</summary>
/// <param name="peer">The rank.</param>
/// <param name="number">By what it is asked.</param>
/// <param name="name">What they are, for messages.</param>
internal sealed class PeerBytes(RankPeer peer, int number, string name) : IByteSource
{
    private readonly NetworkStream _stream = Connect(peer, name);
    private readonly byte[] _question = new byte[ByteProtocol.QuestionLength], _header = new byte[ByteProtocol.HeaderLength];

    public void Read(long start, Span<byte> to)
    {
        while (!to.IsEmpty)
        {
            int count = Math.Min(to.Length, ByteProtocol.MostBytes);
            string? refusal;
            try
            {
                refusal = Ask(start, to[..count]);
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                throw new IOException(
                    $"The {name} of {peer} cannot be read to its end: that rank no longer answers. {e.Message}", e);
            }
            if (refusal is not null)
                throw new IOException(refusal);
            start += count;
            to = to[count..];
        }
    }

    public void Dispose() => _stream.Dispose();

    private static NetworkStream Connect(RankPeer peer, string name)
    {
        try
        {
            return peer.Connect();
        }
        catch (IOException e)
        {
            throw new IOException($"The {name} of {peer} cannot be read. {e.Message}", e);
        }
    }

    /// <returns>Why the bytes cannot be had; null: they are there.</returns>
    private string? Ask(long start, Span<byte> to)
    {
        ByteProtocol.WriteQuestion(_question, number, start, to.Length);
        _stream.Write(_question);
        _stream.ReadExactly(_header);
        int count = BinaryPrimitives.ReadInt32LittleEndian(_header);
        if (count == to.Length)
        {
            _stream.ReadExactly(to);
            return null;
        }
        byte[] message = new byte[-count];
        _stream.ReadExactly(message);
        return Encoding.UTF8.GetString(message);
    }
}
