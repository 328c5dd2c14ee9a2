using SequenceModels.Files;

namespace SequenceModels;

/// <summary>The lists of which this rank has blocks that others ask for. Numbers are those of all ranks.</summary>
internal sealed class SharedLists
{
    /// <summary>A start that stands for: the rank that asks has disposed of the list.</summary>
    public const long Left = -1;

    private readonly object _gate = new();
    private readonly Dictionary<int, IOwnBlocks> _own = [];
    private readonly Dictionary<int, int> _holders = []; // ranks that have not disposed of it yet

    /// <summary>Has blocks of a list for others.</summary>
    /// <param name="list">Its number.</param>
    /// <param name="own">The blocks of this rank.</param>
    /// <param name="ranks">How many have the list.</param>
    public void Add(int list, IOwnBlocks own, int ranks)
    {
        lock (_gate)
        {
            _own[list] = own;
            _holders[list] = _holders.GetValueOrDefault(list) + ranks; // another may have left before this one has begun
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>The blocks of a list, which may be one that this rank has yet to begin.</summary>
    public IByteSource Open(int list) => new Reading(this, list);

    /// <summary>Notes that a rank, perhaps this one, has disposed of a list. With the last its blocks go.</summary>
    public void Leave(int list)
    {
        IOwnBlocks? released = null;
        lock (_gate)
            if ((_holders[list] = _holders.GetValueOrDefault(list) - 1) == 0 && _own.Remove(list, out released))
                _holders.Remove(list);
        released?.Release();
    }

    private IOwnBlocks Find(int list)
    {
        lock (_gate)
        {
            IOwnBlocks? own;
            while (!_own.TryGetValue(list, out own))
                Monitor.Wait(_gate);
            return own;
        }
    }

    private sealed class Reading(SharedLists lists, int list) : IByteSource
    {
        public void Read(long start, Span<byte> to)
        {
            if (start == Left)
                lists.Leave(list);
            else
                lists.Find(list).Read(start, to);
        }

        public void Dispose()
        {
        }
    }
}
