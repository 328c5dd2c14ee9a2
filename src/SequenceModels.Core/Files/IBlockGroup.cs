namespace SequenceModels.Files;

/// <summary>
/// Processes of which each keeps some blocks of what all of them have read, and has the others' when it needs them: together they
/// hold what none of them has room for. A group of processes that train together may be one.
/// </summary>
internal interface IBlockGroup
{
    /// <summary>The number of this process, from 0.</summary>
    int Rank { get; }

    /// <summary>How many processes there are.</summary>
    int Size { get; }

    /// <summary>Numbers in a block. Hashes of rows go by blocks, and are equal where these are.</summary>
    int BlockLength { get; }

    /// <summary>
    /// Begins a list of which each process keeps some blocks. Each of them makes the same lists in the same order.
    /// </summary>
    /// <param name="own">The blocks of this process, for the others.</param>
    /// <returns>Those of the others; null: each process keeps all.</returns>
    IBlocks? Share(IOwnBlocks own);
}

/// <summary>The blocks of one process, one behind the other.</summary>
internal interface IOwnBlocks
{
    /// <summary>Copies bytes from a place on; waits for what is not written yet. Called on any thread.</summary>
    /// <exception cref="IOException">They will never be written.</exception>
    void Read(long start, Span<byte> to);

    /// <summary>Called once, when this process and all others have disposed of the list.</summary>
    void Release();
}

/// <summary>The blocks of all other processes. Any number of threads may read at once.</summary>
internal interface IBlocks : IDisposable
{
    /// <summary>Copies parts of blocks, all asked for at once.</summary>
    /// <exception cref="IOException">A process is gone.</exception>
    void Read(ReadOnlySpan<BlockPart> parts, Span<byte> to);
}

/// <summary>Bytes of one process.</summary>
/// <param name="Rank">Which has them.</param>
/// <param name="Start">Where they begin in its blocks.</param>
/// <param name="To">Where they are to be copied to.</param>
/// <param name="Length">How many.</param>
internal readonly record struct BlockPart(int Rank, long Start, int To, int Length);
