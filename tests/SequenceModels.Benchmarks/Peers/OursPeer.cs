namespace SequenceModels.Benchmarks.Peers;

/// <summary>A workload in SequenceModels: a step of the trainer, or a call of the network's score.</summary>
internal static class OursPeer
{
    /// <summary>One forward and backward pass and one update by Adam for each run.</summary>
    /// <param name="workload">The network and its batch.</param>
    /// <param name="threads">Threads that train; 0 leaves it to the trainer.</param>
    public static IPeer Training(Workload workload, int threads) => throw new NotSupportedException(
        $"OursPeer.Training is not written yet ({workload.Name}, {threads} threads). Use --only theirs.");

    /// <summary>The scores of one batch for each run; where the workload is streaming, of one more step.</summary>
    public static IPeer Scoring(Workload workload, int threads) => throw new NotSupportedException(
        $"OursPeer.Scoring is not written yet ({workload.Name}, {threads} threads). Use --only theirs.");
}
