using System.Net.NetworkInformation;
using System.Net.Sockets;
using Microsoft.ML.Data;

namespace SequenceModels;

/// <summary>The files of all ranks, which each reads as one view: its own from the disk, others from their ranks.</summary>
internal sealed class ShardedFileSource : IMultiStreamSource
{
    /// <summary>Bytes that are read at once.</summary>
    private const int BufferLength = ByteProtocol.MostBytes;

    private readonly int _rank;
    private readonly SharedFile[] _files;
    private readonly RankPeer?[] _peers;

    private ShardedFileSource(int rank, SharedFile[] files, RankPeer?[] peers, bool isTooMuch) =>
        (_rank, _files, _peers, IsTooMuch) = (rank, files, peers, isTooMuch);

    /// <summary>Whether a rank has no room for all rows, so that the ranks must hold them together.</summary>
    public bool IsTooMuch { get; }

    /// <summary>[ranks] those that this one can ask; where it <see cref="IsTooMuch"/>, all others.</summary>
    public IReadOnlyList<RankPeer?> Peers => _peers;

    public int Count => _files.Length;

    /// <summary>Agrees with the other ranks on the files that they have together.</summary>
    /// <param name="group">The ranks.</param>
    /// <param name="server">Starts what sends this rank's files to others; not called where there are none.</param>
    /// <param name="paths">Of this rank's own files.</param>
    /// <exception cref="IOException">On all ranks: they have none together, or one rank has failed.</exception>
    public static ShardedFileSource Agree(IProcessGroup group, Func<ByteServer> server, IReadOnlyList<string> paths)
    {
        FileListing own = new([], 0, null, long.MaxValue);
        RankExchange.ThrowIfFailed(group, MessageOf(() =>
        {
            OwnFile[] files = FilePaths.Find(paths, group.Rank);
            own = group.Size == 1 ? own with { Files = files } : Offered(files, server());
        }));
        FileListing[] all = [.. RankExchange.Gather(group, own.ToBytes()).Select(FileListing.Read)];
        SharedFile[] order = [];
        if (MessageOf(() => order = SharedFile.InOrder(all)) is { } message)
            RankExchange.Throw(group, message);
        var peers = new RankPeer?[group.Size];
        bool isTooMuch = group.Size > 1 && RowRoom.IsTooSmall(all, order);
        foreach (int rank in isTooMuch ? Enumerable.Range(0, group.Size)
            : order.Select(file => file.HolderFor(group.Rank).File.Rank))
            if (rank != group.Rank)
                peers[rank] ??= new RankPeer(rank, all[rank].Address!);
        RankExchange.ThrowIfFailed(group, MessageOf(() =>
        {
            foreach (RankPeer? peer in peers)
                peer?.Connect().Dispose(); // what cannot be reached is better known now
        }));
        return new ShardedFileSource(group.Rank, order, peers, isTooMuch);
    }

    public string? GetPathOrNull(int index) =>
        _files[index].HolderFor(_rank).File is var file && file.Rank == _rank ? file.Path : null;

    public Stream Open(int index)
    {
        SharedFile file = _files[index];
        SharedFile.Holder holder = file.HolderFor(_rank);
        IByteSource source = holder.File.Rank == _rank ? holder.File.Open()
            : new PeerBytes(_peers[holder.File.Rank]!, holder.Number, $"file '{holder.File.Path}'");
        return new BufferedStream(new ByteStream(source, file.Length), BufferLength);
    }

    public TextReader OpenTextReader(int index) => new StreamReader(Open(index));

    private static FileListing Offered(OwnFile[] files, ByteServer server) =>
        new(files, server.Add([.. files.Select<OwnFile, Func<IByteSource>>(file => file.Open)]), server.Address, RowRoom.Here());

    private static string? MessageOf(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (Exception e) when (e is IOException or SocketException or NetworkInformationException)
        {
            return e.Message;
        }
    }
}
