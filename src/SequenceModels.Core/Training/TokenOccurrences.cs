namespace SequenceModels.Training;

/// <summary>
/// Which steps of a sharded batch hold which token: one list a token, in the order of shards and rows, so that a table's row is
/// always summed in the same order.
/// </summary>
internal sealed class TokenOccurrences(int vocabularySize)
{
    private readonly int[] _first = CreateFilled(vocabularySize + 1);
    private readonly int[] _last = new int[vocabularySize + 1];
    private readonly List<uint> _tokens = [];
    private int[] _next = [], _shard = [], _row = [];

    /// <summary>The tokens that occur, in the order of their first occurrence.</summary>
    public IReadOnlyList<uint> Tokens => _tokens;

    /// <summary>Forgets the last batch and lists the tokens of this one.</summary>
    public void List(ReadOnlySpan<Workspace> shards)
    {
        foreach (uint token in _tokens)
            _first[token] = -1;
        _tokens.Clear();
        int count = 0, steps = 0;
        foreach (Workspace shard in shards)
            steps += shard.Batch.Rows;
        if (_next.Length < steps)
            (_next, _shard, _row) = (new int[steps], new int[steps], new int[steps]);
        for (int s = 0; s < shards.Length; s++)
        {
            ReadOnlySpan<uint> tokens = shards[s].Batch.Tokens;
            for (int row = 0; row < tokens.Length; row++)
                Append(tokens[row], s, row, count++);
        }
    }

    /// <summary>Visits (shard, row) of every occurrence of a token.</summary>
    public Enumerator Of(uint token) => new(this, _first[token]);

    private void Append(uint token, int shard, int row, int occurrence)
    {
        _shard[occurrence] = shard;
        _row[occurrence] = row;
        _next[occurrence] = -1;
        if (_first[token] < 0)
        {
            _first[token] = occurrence;
            _tokens.Add(token);
        }
        else
            _next[_last[token]] = occurrence;
        _last[token] = occurrence;
    }

    private static int[] CreateFilled(int length)
    {
        int[] array = new int[length];
        array.AsSpan().Fill(-1);
        return array;
    }

    /// <summary>Walks a token's occurrences.</summary>
    public struct Enumerator(TokenOccurrences occurrences, int first)
    {
        private int _at = -1;
        private bool _begun;

        public readonly int Shard => occurrences._shard[_at];

        public readonly int Row => occurrences._row[_at];

        public bool MoveNext()
        {
            _at = _begun ? occurrences._next[_at] : first;
            _begun = true;
            return _at >= 0;
        }
    }
}
