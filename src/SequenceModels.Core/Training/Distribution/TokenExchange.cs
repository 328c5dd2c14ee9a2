using System.Runtime.InteropServices;

namespace SequenceModels.Training;

/// <summary>
/// Tells all ranks which tokens each has met in a batch, so that all have one list of them, in the order of their first
/// occurrence over all shards.
/// </summary>
/// <param name="group">The ranks.</param>
internal sealed class TokenExchange(IProcessGroup group)
{
    private readonly int[] _counts = new int[group.Size];
    private uint[] _own = [], _all = [];

    /// <summary>Joins what this rank has listed with what the others have.</summary>
    public void Join(TokenOccurrences occurrences)
    {
        int count = occurrences.Tokens.Count;
        group.Gather(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in count)), MemoryMarshal.AsBytes(_counts.AsSpan()));
        int most = 0;
        foreach (int each in _counts)
            most = Math.Max(most, each);
        if (_own.Length < most)
            (_own, _all) = (new uint[most + most / 4], new uint[(most + most / 4) * group.Size]);
        for (int i = 0; i < count; i++)
            _own[i] = occurrences.Tokens[i];
        Span<uint> all = _all.AsSpan(0, most * group.Size);
        group.Gather(MemoryMarshal.AsBytes(_own.AsSpan(0, most)), MemoryMarshal.AsBytes(all));
        occurrences.BeginJoin();
        for (int rank = 0; rank < group.Size; rank++)
            if (rank == group.Rank)
                occurrences.JoinOwn();
            else
                occurrences.JoinOthers(all.Slice(rank * most, _counts[rank]));
    }
}
