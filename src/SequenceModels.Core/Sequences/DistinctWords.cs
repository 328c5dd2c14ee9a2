namespace SequenceModels.Sequences;

/// <summary>
/// The different words of a batch, so that what comes of a word's parts is computed once however often the word occurs.
/// One after another batch may be of other data.
/// </summary>
internal sealed class DistinctWords
{
    /// <summary>One more than a word's place among those of the batch; 0 for words that do not occur.</summary>
    private int[] _places = [];
    private uint[] _words = [];
    private long[] _order = [];
    private int _count;

    /// <summary>
    /// The words' parts: each word once, the longest first, words of one length in the order of first occurrence.
    /// </summary>
    public SequenceBatch Batch { get; } = new();

    /// <summary>Lists the words of a batch.</summary>
    /// <param name="table">Of the data that the batch came from.</param>
    /// <param name="vocabularySize">Keys above are unknown.</param>
    /// <param name="rows">[Rows] numbers of words; becomes the places of the words in <see cref="Batch"/>.</param>
    public void Find(WordTable table, int vocabularySize, Span<int> rows)
    {
        foreach (uint word in _words.AsSpan(0, _count))
            _places[word] = 0;
        _count = 0;
        if (_places.Length < table.Count)
            Array.Resize(ref _places, Math.Max(table.Count, 2 * _places.Length));
        if (_words.Length < rows.Length)
            (_words, _order) = (new uint[rows.Length], new long[rows.Length]);
        foreach (int word in rows)
        {
            ref int place = ref _places[word];
            if (place != 0)
                continue;
            _order[_count] = (long)-table.Parts((uint)word).Length << 32 | (uint)_count;
            _words[_count++] = (uint)word;
            place = _count;
        }
        _order.AsSpan(0, _count).Sort(_words.AsSpan(0, _count));
        for (int i = 0; i < _count; i++)
            _places[_words[i]] = i + 1;
        for (int row = 0; row < rows.Length; row++)
            rows[row] = _places[rows[row]] - 1;
        Batch.Pack(table, _words.AsSpan(0, _count), vocabularySize);
    }
}
