using System.Collections.Concurrent;
using System.Net.Sockets;
using SequenceModels.Files;

namespace SequenceModels;

/// <summary>Lists of which each rank keeps some blocks, and asks the others for theirs.</summary>
/// <param name="server">Sends this rank's to others.</param>
/// <param name="peers">[ranks] the others, and null in place of this one.</param>
internal sealed class RankBlocks(ByteServer server, IReadOnlyList<RankPeer?> peers)
{
    private readonly ConcurrentBag<PeerConnection>[] _free = [.. peers.Select(_ => new ConcurrentBag<PeerConnection>())];
    private int _lists;

    /// <inheritdoc cref="IBlockGroup.Share"/>
    public IBlocks Share(IOwnBlocks own)
    {
        int list = _lists++;
        server.Lists.Add(list, own, peers.Count);
        return new Others(this, list);
    }

    private sealed class Others(RankBlocks blocks, int list) : IBlocks
    {
        /// <summary>Questions that are asked before the first is answered: what a connection can keep.</summary>
        private const int MostQuestions = 256;

        public void Read(ReadOnlySpan<BlockPart> parts, Span<byte> to)
        {
            var asked = new List<BlockPart>();
            foreach (BlockPart part in parts)
                for (int at = 0, count; at < part.Length; at += count)
                {
                    count = Math.Min(part.Length - at, ByteProtocol.MostBytes);
                    asked.Add(part with { Start = part.Start + at, To = part.To + at, Length = count });
                    if (asked.Count == MostQuestions)
                        ReadAll(asked, to);
                }
            ReadAll(asked, to);
        }

        public void Dispose()
        {
            for (int rank = 0; rank < blocks._free.Length; rank++)
                try
                {
                    if (blocks.Peer(rank) is not null)
                        ReadAll([new BlockPart(rank, SharedLists.Left, 0, 0)], []);
                }
                catch (IOException)
                {
                    // who is gone needs none
                }
            blocks.Leave(list);
        }

        private void ReadAll(List<BlockPart> parts, Span<byte> to)
        {
            var connections = new PeerConnection?[blocks._free.Length];
            int rank = 0;
            try
            {
                foreach (BlockPart part in parts)
                    (connections[rank = part.Rank] ??= blocks.Rent(rank)).Ask(~list, part.Start, part.Length);
                foreach (BlockPart part in parts)
                    if (connections[rank = part.Rank]!.Answer(to.Slice(part.To, part.Length)) is { } refusal)
                        throw new IOException(refusal);
                for (rank = 0; rank < connections.Length; rank++)
                    if (connections[rank] is { } connection)
                        blocks._free[rank].Add(connection);
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                foreach (PeerConnection? connection in connections)
                    connection?.Dispose();
                throw new IOException($"Rows that are held by {blocks.Peer(rank)} cannot be read: {e.Message}", e);
            }
            parts.Clear();
        }
    }

    private RankPeer? Peer(int rank) => peers[rank];

    private void Leave(int list) => server.Lists.Leave(list);

    private PeerConnection Rent(int rank) =>
        _free[rank].TryTake(out PeerConnection? connection) ? connection : new PeerConnection(peers[rank]!.Connect());
}
