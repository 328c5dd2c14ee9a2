using System.Net;
using System.Net.Sockets;

namespace SequenceModels;

/// <summary>Another rank, of which this one needs bytes.</summary>
/// <param name="rank">Its number.</param>
/// <param name="address">Where it listens.</param>
internal sealed class RankPeer(int rank, RankAddress address)
{
    /// <summary>By which of its addresses it was reached.</summary>
    private volatile IPAddress? _known;

    public override string ToString() => Invariant($"rank {rank} on {address.Host}");

    /// <summary>Opens a connection, over which it can be asked.</summary>
    /// <exception cref="IOException">It cannot be reached.</exception>
    public NetworkStream Connect()
    {
        List<string> failures = [];
        foreach (IPAddress candidate in _known is { } known ? [known] : Candidates())
            try
            {
                NetworkStream stream = Connect(candidate);
                _known = candidate;
                return stream;
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                failures.Add(Invariant($"{candidate}: {(e is OperationCanceledException ? "no answer" : e.Message)}"));
            }
        if (_known is not null)
            throw new IOException($"It no longer answers ({failures[0]}).");
        throw new IOException(Invariant($"{Environment.MachineName} cannot reach {this}, which has files that it needs, by ") +
            Invariant($"TCP at port {address.Port} ({string.Join("; ", failures)}). Firewalls between machines must let it ") +
            $"pass: the environment variable {NetworkSettings.Ports}, such as 40000-40100, says which ports are used, and " +
            $"{NetworkSettings.NetworkName}, such as 10.0.0.0/24, over which network.");
    }

    /// <summary>On one machine the way within it, which leads nowhere on another.</summary>
    private IPAddress[] Candidates() => address.Host == Environment.MachineName
        ? [IPAddress.Loopback, .. address.Addresses] : address.Addresses;

    private NetworkStream Connect(IPAddress candidate)
    {
        var socket = new Socket(candidate.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            using (var patience = new CancellationTokenSource(ByteProtocol.Patience))
                socket.ConnectAsync(new IPEndPoint(candidate, address.Port), patience.Token).AsTask().GetAwaiter().GetResult();
            NetworkStream stream = ByteProtocol.Open(socket);
            byte[] greeting = new byte[RankAddress.GreetingLength];
            stream.ReadExactly(greeting);
            if (!greeting.AsSpan().SequenceEqual(address.Greeting))
                throw new IOException("another program answers there"); // which is not told the secret
            stream.Write(address.Secret);
            if (stream.ReadByte() != ByteProtocol.Accepted)
                throw new IOException("it refuses");
            socket.ReceiveTimeout = 0; // a disk may take its time; a rank that is gone is noticed
            return stream;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
