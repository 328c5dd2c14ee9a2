using SequenceModels.Files;

namespace SequenceModels.Tests.Training;

/// <summary>Processes that hold rows together, and are threads of this one.</summary>
internal sealed class ThreadBlocks
{
    private readonly int _blockLength;
    private readonly OneRank[] _ranks;
    private readonly object _gate = new();
    private readonly Dictionary<(int List, int Rank), IOwnBlocks> _own = [];
    private readonly Dictionary<int, int> _left = [];

    /// <param name="ranks">How many.</param>
    /// <param name="blockLength">Numbers in a block.</param>
    public ThreadBlocks(int ranks, int blockLength)
    {
        _blockLength = blockLength;
        _ranks = [.. Enumerable.Range(0, ranks).Select(rank => new OneRank(this, rank))];
    }

    /// <summary>Parts that were read of another rank.</summary>
    public int Read { get; private set; }

    /// <summary>Lists of which every rank has let its blocks go.</summary>
    public int Released { get; private set; }

    public IBlockGroup Of(int rank) => _ranks[rank];

    private IOwnBlocks Find(int list, int rank)
    {
        lock (_gate)
        {
            Read++;
            IOwnBlocks? own;
            while (!_own.TryGetValue((list, rank), out own))
                Monitor.Wait(_gate);
            return own;
        }
    }

    private void Add(int list, int rank, IOwnBlocks own)
    {
        lock (_gate)
        {
            _own.Add((list, rank), own);
            Monitor.PulseAll(_gate);
        }
    }

    private void Leave(int list)
    {
        lock (_gate)
        {
            if ((_left[list] = _left.GetValueOrDefault(list) + 1) < _ranks.Length)
                return;
            for (int rank = 0; rank < _ranks.Length; rank++)
                _own[(list, rank)].Release();
            Released++;
        }
    }

    private sealed class OneRank(ThreadBlocks blocks, int rank) : IBlockGroup
    {
        private int _lists;

        public int Rank => rank;

        public int Size => blocks._ranks.Length;

        public int BlockLength => blocks._blockLength;

        public IBlocks Share(IOwnBlocks own)
        {
            blocks.Add(_lists, rank, own);
            return new Others(blocks, _lists++);
        }
    }

    private sealed class Others(ThreadBlocks blocks, int list) : IBlocks
    {
        public void Read(ReadOnlySpan<BlockPart> parts, Span<byte> to)
        {
            foreach (BlockPart part in parts)
                blocks.Find(list, part.Rank).Read(part.Start, to.Slice(part.To, part.Length));
        }

        public void Dispose() => blocks.Leave(list);
    }
}
