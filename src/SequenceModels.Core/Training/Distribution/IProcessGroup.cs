namespace SequenceModels;

/// <summary>
/// Processes that train one network together, on one machine or on many: what a training asks of whatever joins them. All of
/// them run the same program on the same rows, and each call is made by all of them, in the same order. The package
/// SequenceModels.Mpi has one that is made of MPI.
/// </summary>
/// <remarks>
/// Each process (rank) learns from a part of every batch. The parts are added in the order of the ranks, each beginning with what
/// the one before it has come to, so that the sums, and the network, have the same bits on any number of them. Rank 0 measures
/// the validation rows, reports the progress and writes the checkpoint.
/// </remarks>
public interface IProcessGroup
{
    /// <summary>The number of this process, from 0.</summary>
    int Rank { get; }

    /// <summary>How many processes there are, at least 1.</summary>
    int Size { get; }

    /// <summary>
    /// Adds up numbers over all ranks, in their order. Each rank in turn finds in <paramref name="sum"/> what the ranks before it
    /// have come to, and adds its own; what the last one has come to is the result on all of them.
    /// </summary>
    /// <param name="sum">
    /// The numbers, so many on each rank. On rank 0, whatever was there: it is the one that begins. The result in the end.
    /// </param>
    /// <param name="blockLength">
    /// Numbers in a block; the last one may have fewer. A group may send a block while the next is added to.
    /// </param>
    /// <param name="add">
    /// Adds the rank's own numbers in blocks [first, first + count): called with first and count, once for each block, in
    /// their order, on the calling thread.
    /// </param>
    void SumInOrder(Span<float> sum, int blockLength, Action<int, int> add);

    /// <summary>Brings together what each rank has, on all of them.</summary>
    /// <param name="own">Of this rank; of the same length on each.</param>
    /// <param name="all">[ranks][length] of all, in the order of the ranks.</param>
    void Gather(ReadOnlySpan<byte> own, Span<byte> all);

    /// <summary>Copies what one rank has to all others.</summary>
    /// <param name="content">On the rank that it comes from, the content; on the others room for it, of the same length.</param>
    /// <param name="root">The rank that it comes from.</param>
    void Broadcast(Span<byte> content, int root);

    /// <summary>Told of an exception that ends the training of this process, before it is thrown.</summary>
    /// <param name="reason">The exception.</param>
    /// <param name="onAllRanks">
    /// Whether all ranks end with it, and the group can go on to another training. Else the others still wait for this one: they
    /// must be told, and end as well.
    /// </param>
    void Fail(Exception reason, bool onAllRanks);
}
