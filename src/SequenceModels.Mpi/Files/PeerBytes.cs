using System.Net.Sockets;

namespace SequenceModels;

/// <summary>Bytes of another rank, over a connection of their own.</summary>
/// <param name="peer">The rank.</param>
/// <param name="number">By what it is asked.</param>
/// <param name="name">What they are, for messages.</param>
internal sealed class PeerBytes(RankPeer peer, int number, string name) : IByteSource
{
    private readonly PeerConnection _connection = Connect(peer, name);

    public void Read(long start, Span<byte> to)
    {
        while (!to.IsEmpty)
        {
            int count = Math.Min(to.Length, ByteProtocol.MostBytes);
            string? refusal;
            try
            {
                _connection.Ask(number, start, count);
                refusal = _connection.Answer(to[..count]);
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

    public void Dispose() => _connection.Dispose();

    private static PeerConnection Connect(RankPeer peer, string name)
    {
        try
        {
            return new PeerConnection(peer.Connect());
        }
        catch (IOException e)
        {
            throw new IOException($"The {name} of {peer} cannot be read. {e.Message}", e);
        }
    }
}
