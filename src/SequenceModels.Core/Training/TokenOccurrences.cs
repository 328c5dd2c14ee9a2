namespace SequenceModels.Training;

/// <summary>
/// Which input vectors of a sharded batch belong to which token: one list a token, in the order of shards and vectors, so that a
/// table's row is always summed in the same order.
/// </summary>
internal sealed class TokenOccurrences(int vocabularySize)
{
    private readonly int[] _first = CreateFilled(vocabularySize + 1);
    private readonly int[] _last = new int[vocabularySize + 1];
    private readonly List<uint> _tokens = [];
    private int[] _next = [], _shard = [], _vector = [];

    /// <summary>The tokens that occur, in the order of their first occurrence.</summary>
    public IReadOnlyList<uint> Tokens => _tokens;

    /// <summary>Forgets the last batch and lists the tokens of this one.</summary>
    public void List(ReadOnlySpan<Workspace> shards)
    {
        foreach (uint token in _tokens)
            _first[token] = -1;
        _tokens.Clear();
        int count = 0, vectors = 0;
        foreach (Workspace shard in shards)
            vectors += shard.InputTokens.Length;
        if (_next.Length < vectors)
            (_next, _shard, _vector) = (new int[vectors], new int[vectors], new int[vectors]);
        for (int s = 0; s < shards.Length; s++)
        {
            ReadOnlySpan<uint> tokens = shards[s].InputTokens;
            for (int vector = 0; vector < tokens.Length; vector++)
                Append(tokens[vector], s, vector, count++);
        }
    }

    /// <summary>Whether the token occurs.</summary>
    public bool Contains(uint token) => _first[token] >= 0;

    /// <summary>Visits (shard, vector) of every occurrence of a token.</summary>
    public Enumerator Of(uint token) => new(this, _first[token]);

    private void Append(uint token, int shard, int vector, int occurrence)
    {
        _shard[occurrence] = shard;
        _vector[occurrence] = vector;
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

        public readonly int Vector => occurrences._vector[_at];

        public bool MoveNext()
        {
            _at = _begun ? occurrences._next[_at] : first;
            _begun = true;
            return _at >= 0;
        }
    }
}
