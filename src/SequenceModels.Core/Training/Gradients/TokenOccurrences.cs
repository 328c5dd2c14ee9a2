using SequenceModels.Layers;

namespace SequenceModels.Training;

/// <summary>
/// Which input vectors of a sharded batch belong to which token: one list a token, in the order of shards and vectors, so that a
/// table's row is always summed in the same order.
/// </summary>
internal sealed class TokenOccurrences(int vocabularySize)
{
    /// <summary>One more than a token's place among those that occur; 0 for others.</summary>
    private readonly int[] _places = new int[vocabularySize + 1];
    private readonly List<uint> _tokens = [];
    private int[] _first = [], _last = [], _next = [], _shard = [], _vector = [];

    /// <summary>What this rank has listed, while it is joined with what the others have.</summary>
    private readonly List<uint> _own = [];
    private int[] _ownFirst = [];

    /// <summary>The tokens that occur, in the order of their first occurrence.</summary>
    public IReadOnlyList<uint> Tokens => _tokens;

    /// <summary>How many of these, the first ones, occur in shards of ranks before this one.</summary>
    public int Begun { get; private set; }

    /// <summary>Forgets the last batch and lists the tokens of this one.</summary>
    public void List(ReadOnlySpan<EmbeddingGradients> shards)
    {
        Clear();
        Begun = 0;
        int count = 0, vectors = 0;
        foreach (EmbeddingGradients shard in shards)
            vectors += shard.Tokens.Length;
        if (_first.Length < vectors)
            _first = new int[vectors];
        if (_next.Length < vectors)
        {
            (_last, _next) = (new int[vectors], new int[vectors]);
            (_shard, _vector) = (new int[vectors], new int[vectors]);
        }
        for (int s = 0; s < shards.Length; s++)
        {
            ReadOnlySpan<uint> tokens = shards[s].Tokens;
            for (int vector = 0; vector < tokens.Length; vector++)
                Append(tokens[vector], s, vector, count++);
        }
    }

    /// <summary>The token's place in <see cref="Tokens"/>; -1 where it does not occur.</summary>
    public int PlaceOf(uint token) => _places[token] - 1;

    /// <summary>Visits (shard, vector) of every occurrence of the token at a place in <see cref="Tokens"/>.</summary>
    public Enumerator Of(int place) => new(this, _first[place]);

    /// <summary>
    /// Begins to put the tokens of other ranks before and behind those of this one, rank by rank. They have no vectors here.
    /// </summary>
    public void BeginJoin()
    {
        _own.Clear();
        _own.AddRange(_tokens);
        if (_ownFirst.Length < _own.Count)
            _ownFirst = new int[_first.Length];
        _first.AsSpan(0, _own.Count).CopyTo(_ownFirst);
        Clear();
    }

    /// <summary>The next rank is another one.</summary>
    public void JoinOthers(ReadOnlySpan<uint> tokens)
    {
        foreach (uint token in tokens)
            if (_places[token] == 0)
                Add(token, first: -1);
    }

    /// <summary>The next rank is this one.</summary>
    public void JoinOwn()
    {
        Begun = _tokens.Count;
        for (int i = 0; i < _own.Count; i++)
            if (_places[_own[i]] is > 0 and int place)
                _first[place - 1] = _ownFirst[i];
            else
                Add(_own[i], _ownFirst[i]);
    }

    private void Clear()
    {
        foreach (uint token in _tokens)
            _places[token] = 0;
        _tokens.Clear();
    }

    private void Add(uint token, int first)
    {
        _tokens.Add(token);
        _places[token] = _tokens.Count;
        if (_first.Length < _tokens.Count)
            Array.Resize(ref _first, Math.Max(_tokens.Count, _first.Length + _first.Length / 4));
        _first[_tokens.Count - 1] = first;
    }

    private void Append(uint token, int shard, int vector, int occurrence)
    {
        _shard[occurrence] = shard;
        _vector[occurrence] = vector;
        _next[occurrence] = -1;
        ref int place = ref _places[token];
        if (place == 0)
            Add(token, occurrence);
        else
            _next[_last[place - 1]] = occurrence;
        _last[place - 1] = occurrence;
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
