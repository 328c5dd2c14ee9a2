using System.Diagnostics;
using SequenceModels.Benchmarks.Peers;

namespace SequenceModels.Benchmarks.Timing;

/// <summary>
/// Times peers in turns: each round has one stretch of runs of every peer, so that whatever slows the machine for a while slows
/// all of them alike. The figure of a peer is the median of its rounds.
/// </summary>
internal static class Rounds
{
    /// <summary>libtorch's memory grows for about so long, and is several times slower meanwhile.</summary>
    private const double WarmUpSeconds = 2;

    /// <summary>Seconds of one run of each peer.</summary>
    /// <param name="peers">Who is timed.</param>
    /// <param name="rounds">Stretches of each peer.</param>
    /// <param name="seconds">Length of a stretch, about.</param>
    /// <param name="quiet">Whether a stretch that other processes disturb is repeated.</param>
    public static Dictionary<IPeer, double> Medians(IReadOnlyList<IPeer> peers, int rounds, double seconds, bool quiet = true)
    {
        Dictionary<IPeer, int> runs = peers.ToDictionary(peer => peer, peer => RunsIn(peer, seconds));
        Dictionary<IPeer, List<double>> times = peers.ToDictionary(peer => peer, _ => new List<double>());
        for (int round = 0; round < rounds; round++)
            foreach (IPeer peer in peers)
            {
                peer.Prepare();
                peer.Run(); // brings its data into the caches
                void Stretch() => Repeat(peer, runs[peer]);
                times[peer].Add((quiet ? QuietClock.Seconds(Stretch) : Time(Stretch)) / runs[peer]);
            }
        return times.ToDictionary(pair => pair.Key, pair => Median(pair.Value));
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Warms a peer up; tells how often it then runs in that time.</summary>
    private static int RunsIn(IPeer peer, double seconds)
    {
        peer.Prepare();
        double warm = 0;
        for (int runs = 1; ; runs *= 2)
        {
            double taken = Time(() => Repeat(peer, runs));
            warm += taken;
            if (taken >= seconds / 2 && warm >= WarmUpSeconds)
                return Math.Max(1, (int)Math.Round(runs * seconds / taken));
        }
    }

    private static void Repeat(IPeer peer, int runs)
    {
        for (int i = 0; i < runs; i++)
            peer.Run();
    }

    private static double Time(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
