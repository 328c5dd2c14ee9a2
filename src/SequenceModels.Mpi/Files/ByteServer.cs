using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace SequenceModels;

/// <summary>
/// Sends bytes of this rank to others that ask for them, at any time and from any thread, while this one computes: so beside MPI,
/// over TCP. A thread waits for others, and one answers each of them.
/// </summary>
internal sealed class ByteServer : IDisposable
{
    private readonly Socket _listener;
    private readonly List<Func<IByteSource>> _sources = [];
    private readonly SharedLists _lists = new();
    private volatile bool _isDisposed;

    private ByteServer(Socket listener, IPAddress[] addresses)
    {
        _listener = listener;
        Address = new RankAddress(Environment.MachineName, ((IPEndPoint)listener.LocalEndPoint!).Port,
            RandomNumberGenerator.GetBytes(RankAddress.GreetingLength), RandomNumberGenerator.GetBytes(RankAddress.SecretLength),
            addresses);
        new Thread(Listen) { IsBackground = true, Name = nameof(ByteServer) }.Start();
    }

    /// <summary>Where it is asked.</summary>
    public RankAddress Address { get; }

    /// <summary>The lists of which this rank has blocks; others ask for them by numbers below 0.</summary>
    public SharedLists Lists => _lists;

    /// <summary>Begins to listen.</summary>
    /// <exception cref="IOException">No port is free, or a setting cannot be followed.</exception>
    public static ByteServer Start(NetworkSettings settings)
    {
        IPAddress[] addresses = settings.Addresses();
        for (int port = settings.FirstPort; ; port++)
            try
            {
                return new ByteServer(Listener(port), addresses);
            }
            catch (SocketException) when (port < settings.LastPort)
            {
                // the next one may be free
            }
            catch (SocketException e)
            {
                throw new IOException(port == 0 ? $"No port can be opened on {Environment.MachineName}: {e.Message}." : Invariant(
                    $"No port of {settings.FirstPort}-{port} can be opened on {Environment.MachineName}: {e.Message}. Let the ") +
                    $"environment variable {NetworkSettings.Ports} name more, one at least for each process of a machine.", e);
            }
    }

    /// <summary>Has something for others.</summary>
    /// <param name="sources">Each opens one thing, for one who asks.</param>
    /// <returns>The number that they ask by for the first; the others follow.</returns>
    public int Add(IReadOnlyCollection<Func<IByteSource>> sources)
    {
        lock (_sources)
        {
            _sources.AddRange(sources);
            return _sources.Count - sources.Count;
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        _listener.Dispose();
    }

    private static Socket Listener(int port)
    {
        if (Socket.OSSupportsIPv6)
            try
            {
                return Bound(new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true },
                    new IPEndPoint(IPAddress.IPv6Any, port));
            }
            catch (SocketException e) when (e.SocketErrorCode != SocketError.AddressAlreadyInUse)
            {
                // a machine that knows IPv6 and does not let it be used
            }
        return Bound(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp),
            new IPEndPoint(IPAddress.Any, port));
    }

    private static Socket Bound(Socket socket, IPEndPoint to)
    {
        try
        {
            socket.Bind(to);
            socket.Listen();
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void Listen()
    {
        while (!_isDisposed)
            try
            {
                Socket other = _listener.Accept();
                new Thread(() => Answer(other)) { IsBackground = true, Name = nameof(ByteServer) }.Start();
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                Thread.Sleep(10); // who asked is gone, or there are too many open files for now
            }
    }

    private void Answer(Socket other)
    {
        try
        {
            using NetworkStream stream = ByteProtocol.Open(other);
            stream.Write(Address.Greeting);
            byte[] secret = new byte[RankAddress.SecretLength];
            stream.ReadExactly(secret);
            if (!CryptographicOperations.FixedTimeEquals(secret, Address.Secret))
                return;
            stream.WriteByte(ByteProtocol.Accepted);
            other.ReceiveTimeout = 0;
            Answer(stream);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            other.Dispose(); // who asked is gone
        }
    }

    private void Answer(NetworkStream stream)
    {
        byte[] question = new byte[ByteProtocol.QuestionLength],
            answer = new byte[ByteProtocol.HeaderLength + ByteProtocol.MostBytes];
        IByteSource? source = null;
        try
        {
            int opened = 0;
            while (!_isDisposed && stream.ReadAtLeast(question, question.Length, throwOnEndOfStream: false) == question.Length)
            {
                (int number, long start, int count) = ByteProtocol.ReadQuestion(question);
                int header = count;
                try
                {
                    if (source is null || number != opened)
                    {
                        source?.Dispose();
                        source = null; // where the next cannot be opened
                        (source, opened) = (Source(number)(), number);
                    }
                    source.Read(start, answer.AsSpan(ByteProtocol.HeaderLength, count));
                }
                catch (Exception e) // whatever it is, who asks is told
                {
                    count = Encoding.UTF8.GetBytes(e.Message, answer.AsSpan(ByteProtocol.HeaderLength));
                    header = -count;
                }
                BinaryPrimitives.WriteInt32LittleEndian(answer, header);
                stream.Write(answer.AsSpan(0, ByteProtocol.HeaderLength + count));
            }
        }
        finally
        {
            source?.Dispose();
        }
    }

    private Func<IByteSource> Source(int number)
    {
        if (number < 0)
            return () => _lists.Open(~number);
        lock (_sources)
            return _sources[number];
    }
}
