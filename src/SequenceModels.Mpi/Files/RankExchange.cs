using System.Runtime.InteropServices;
using System.Text;

namespace SequenceModels;

/// <summary>What ranks tell each other at once, of any lengths.</summary>
internal static class RankExchange
{
    /// <summary>Brings together what each rank has.</summary>
    public static byte[][] Gather(IProcessGroup group, byte[] own)
    {
        int[] lengths = new int[group.Size];
        int length = own.Length;
        group.Gather(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in length)), MemoryMarshal.AsBytes(lengths.AsSpan()));
        byte[][] all = new byte[group.Size][];
        for (int rank = 0; rank < group.Size; rank++)
        {
            all[rank] = rank == group.Rank ? own : new byte[lengths[rank]];
            group.Broadcast(all[rank], rank);
        }
        return all;
    }

    /// <summary>Throws on all ranks where one of them has failed.</summary>
    /// <param name="group">The ranks.</param>
    /// <param name="failure">Why this one has; null: it has not.</param>
    /// <exception cref="IOException">The first that has failed, with its message.</exception>
    public static void ThrowIfFailed(IProcessGroup group, string? failure)
    {
        byte[][] all = Gather(group, Encoding.UTF8.GetBytes(failure ?? ""));
        int failed = Array.FindIndex(all, message => message.Length > 0);
        if (failed >= 0)
            Throw(group, group.Size == 1 ? failure!
                : Invariant($"Rank {failed} of {group.Size}: ") + Encoding.UTF8.GetString(all[failed]));
    }

    /// <summary>Throws what every rank throws.</summary>
    /// <exception cref="IOException">Always.</exception>
    public static void Throw(IProcessGroup group, string message)
    {
        var exception = new IOException(message);
        group.Fail(exception, onAllRanks: true); // lets rank 0 be the first
        throw exception;
    }
}
