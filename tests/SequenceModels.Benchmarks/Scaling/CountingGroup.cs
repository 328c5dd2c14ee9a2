namespace SequenceModels.Benchmarks.Scaling;

/// <summary>Counts what the busiest link of a group carries: sums go along it twice, the rest as often as it is spread.</summary>
internal sealed class CountingGroup(IProcessGroup group) : IProcessGroup
{
    /// <summary>Of sums; what is gathered is a few bytes beside.</summary>
    public long BytesSent { get; private set; }

    public int Rank => group.Rank;

    public int Size => group.Size;

    public void SumInOrder(Span<float> sum, int blockLength, Action<int, int> add)
    {
        BytesSent += (Size > 2 ? 2L : 1) * sizeof(float) * sum.Length;
        group.SumInOrder(sum, blockLength, add);
    }

    public void Gather(ReadOnlySpan<byte> own, Span<byte> all)
    {
        BytesSent += (long)own.Length * (Size - 1);
        group.Gather(own, all);
    }

    public void Broadcast(Span<byte> content, int root) => group.Broadcast(content, root);

    public void Fail(Exception reason, bool onAllRanks) => group.Fail(reason, onAllRanks);
}
