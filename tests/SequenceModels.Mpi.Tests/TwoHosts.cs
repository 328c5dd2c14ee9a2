using System.Diagnostics;
using System.Globalization;

namespace SequenceModels.Tests.Mpi;

/// <summary>
/// Two hosts on one machine: network namespaces of Linux, joined by a pair of virtual cards. What one sends the other goes
/// through both cards and TCP, as between machines.
/// </summary>
internal sealed class TwoHosts : IDisposable
{
    private const string Card = "eth0", Network = "10.77.0.0/24";

    private static readonly string[] s_addresses = ["10.77.0.1", "10.77.0.2"];

    private readonly string[] _names;
    private readonly string _agent = Path.GetTempFileName();

    private TwoHosts(string[] names) => _names = names;

    /// <summary>Makes them; null where this machine, or this user, cannot.</summary>
    public static TwoHosts? TryCreate()
    {
        string own = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        string[] names = [$"sm{own}a", $"sm{own}b"];
        var hosts = new TwoHosts(names);
        string[] commands =
        [
            .. names.Select(name => $"netns add {name}"),
            $"link add {names[0]} type veth peer name {names[1]}",
            .. names.SelectMany((name, i) => new[]
            {
                $"link set {name} netns {name}", $"-n {name} link set {name} name {Card}", $"-n {name} link set {Card} up",
                $"-n {name} link set lo up", $"-n {name} addr add {s_addresses[i]}/24 dev {Card}",
            }),
        ];
        if (OperatingSystem.IsLinux() && commands.All(command => Run("ip", command).Code == 0))
            return hosts;
        hosts.Dispose();
        return null;
    }

    /// <summary>
    /// Arguments of the program ip that run a program on a rank of each host, by Open MPI, started on the first.
    /// </summary>
    public string[] Mpirun(params IEnumerable<string> program)
    {
        // As ssh would: a host and a command.
        File.WriteAllText(_agent, $"""
            case $1 in {s_addresses[0]}) name={_names[0]};; *) name={_names[1]};; esac
            shift
            exec ip netns exec $name /bin/sh -c "$*"
            """);
        return
        [
            "netns", "exec", _names[0], "mpirun.openmpi", "--bind-to", "none", "--mca", "plm_rsh_agent", $"sh {_agent}", "--mca",
            "btl", "tcp,self", "--mca", "btl_tcp_if_include", Network, "--mca", "oob_tcp_if_include", Network, "--host",
            $"{s_addresses[0]}:1,{s_addresses[1]}:1", "-n", "2", .. program,
        ];
    }

    /// <summary>Lets each card send so much a second at most.</summary>
    /// <returns>Whether it can be done here.</returns>
    public bool TryThrottle(int megabits) => _names.All(name => Run("ip", $"netns exec {name} tc qdisc replace dev {Card} root " +
        $"tbf rate {megabits}mbit burst 256kb latency 100ms").Code == 0);

    /// <summary>Bytes that the first host has sent to the other.</summary>
    public long BytesSent()
    {
        string line = Run("ip", $"netns exec {_names[0]} cat /proc/net/dev").Output.Split('\n')
            .Single(line => line.TrimStart().StartsWith(Card, StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[9], CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        foreach (string name in _names)
            Run("ip", $"netns del {name}");
        File.Delete(_agent);
    }

    private static (int Code, string Output) Run(string program, string arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments.Split(' '))
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output + errors.Result);
        }
        catch (System.ComponentModel.Win32Exception) // there is no such program
        {
            return (-1, "");
        }
    }
}
