using SequenceModels.Benchmarks.Peers;
using SequenceModels.Benchmarks.Timing;

namespace SequenceModels.Benchmarks.Comparisons;

/// <summary>Measures one workload: ours, theirs and the processor's peak, at one thread and at two, all in turns.</summary>
internal sealed record Comparison(Section Section, bool WithOurs, bool WithTheirs, int Rounds, double Seconds)
{
    private sealed record Side(int Threads, IPeer? Ours, IReadOnlyList<IPeer> Theirs, FmaPeak Peak)
    {
        public IEnumerable<IPeer> All => [.. Ours is null ? Array.Empty<IPeer>() : [Ours], .. Theirs, Peak];
    }

    public IReadOnlyList<Row> Measure(Workload workload)
    {
        List<Side> sides = [];
        try
        {
            for (int threads = 1; threads <= Math.Min(2, Environment.ProcessorCount); threads++)
                sides.Add(SideOf(workload, threads));
            Dictionary<IPeer, double> seconds = Timing.Rounds.Medians([.. sides.SelectMany(side => side.All)], Rounds, Seconds);
            return [.. sides.Select(side => RowOf(workload, side, seconds))];
        }
        finally
        {
            foreach (IPeer peer in sides.SelectMany(side => side.All))
                peer.Dispose();
        }
    }

    private Side SideOf(Workload workload, int threads) => new(threads,
        !WithOurs ? null : Section.IsTraining ? Ours.Training(workload, threads) : Ours.Scoring(workload, threads),
        !WithTheirs ? [] : Section.IsTraining ? Theirs.Training(workload, threads) : Theirs.Scoring(workload, threads),
        new FmaPeak(threads));

    private Row RowOf(Workload workload, Side side, Dictionary<IPeer, double> seconds)
    {
        double Figure(IPeer peer) => Section.IsTraining ? workload.LearnedTokens / seconds[peer] : seconds[peer] * 1e6;
        double flops = Section.IsTraining ? workload.TrainingFlops : workload.ScoringFlops;
        return new Row(Section.Name, workload.Name, workload.Title, Section.IsTraining ? Row.TokensPerSecond
            : Row.MicrosecondsPerCall,
            side.Threads, FmaPeak.VectorBits,
            side.Ours is null ? null : Figure(side.Ours),
            side.Theirs.ToDictionary(peer => peer.Name, Figure),
            side.Peak.Flops / seconds[side.Peak] / 1e9,
            side.Ours is null ? null : flops / seconds[side.Ours] / 1e9);
    }
}
