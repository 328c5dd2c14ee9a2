using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace SequenceModels;

/// <summary>Where a rank may be asked for its bytes, as the environment says.</summary>
/// <param name="FirstPort">The first port to try; 0: any that is free.</param>
/// <param name="LastPort">The last one.</param>
/// <param name="Network">The only network to use; null: every one that the machine is part of.</param>
internal sealed record NetworkSettings(int FirstPort, int LastPort, IPNetwork? Network)
{
    /// <summary>Environment variables.</summary>
    public const string Ports = "SEQUENCEMODELS_PORTS", NetworkName = "SEQUENCEMODELS_NETWORK";

    /// <summary>Any port and any network.</summary>
    public static NetworkSettings Any { get; } = new(0, 0, null);

    /// <exception cref="IOException">A variable has another form.</exception>
    public static NetworkSettings FromEnvironment() =>
        Of(Environment.GetEnvironmentVariable(Ports), Environment.GetEnvironmentVariable(NetworkName));

    /// <summary>Reads what the variables say.</summary>
    /// <exception cref="IOException">One has another form.</exception>
    public static NetworkSettings Of(string? ports, string? network)
    {
        NetworkSettings settings = Any;
        if (!string.IsNullOrEmpty(ports))
        {
            string[] ends = ports.Split('-');
            if (ends.Length > 2 || !TryReadPort(ends[0], out int first) || !TryReadPort(ends[^1], out int last) || last < first)
                throw new IOException($"The environment variable {Ports} is '{ports}', and must be ports such as 40000-40100.");
            settings = settings with { FirstPort = first, LastPort = last };
        }
        if (string.IsNullOrEmpty(network))
            return settings;
        if (!TryRead(network, out IPNetwork parsed))
            throw new IOException(
                $"The environment variable {NetworkName} is '{network}', and must be a network such as 10.0.0.0/24.");
        return settings with { Network = parsed };
    }

    /// <summary>The machine's addresses that others may reach, those of IPv4 first.</summary>
    /// <exception cref="IOException">None is part of the network to use.</exception>
    public IPAddress[] Addresses()
    {
        IPAddress[] all =
        [
            .. NetworkInterface.GetAllNetworkInterfaces().Where(card => card.OperationalStatus != OperationalStatus.Down)
                .SelectMany(card => card.GetIPProperties().UnicastAddresses).Select(unicast => unicast.Address)
                .Where(address => !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal)
                .OrderBy(address => address.AddressFamily == AddressFamily.InterNetworkV6),
        ];
        if (Network is not { } network)
            return all;
        IPAddress[] within = [.. all.Where(network.Contains)];
        return within.Length > 0 ? within : throw new IOException(
            Invariant($"The environment variable {NetworkName} is '{network}', and no address of this machine is part of that ") +
            $"network: {string.Join(", ", all.Select(address => Invariant($"{address}")))}.");
    }

    private static bool TryReadPort(string text, out int port) =>
        TryRead(text, out port) && port is > 0 and <= ushort.MaxValue;

    private static bool TryRead<T>(string text, out T value) where T : struct, IParsable<T> =>
        T.TryParse(text, CultureInfo.InvariantCulture, out value);
}
