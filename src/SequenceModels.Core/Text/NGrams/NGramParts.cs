namespace SequenceModels.Text;

/// <summary>The words and characters that the n-grams of texts are made of.</summary>
internal sealed class NGramParts
{
    private readonly Dictionary<ulong, string> _words = [];

    /// <summary>Words, in the form in which texts are read, by their numbers.</summary>
    public IReadOnlyDictionary<ulong, string> Words => _words;

    /// <summary>Unicode code points; of white space only the space.</summary>
    public HashSet<int> Characters { get; } = [];

    /// <summary>Adds a word.</summary>
    public void Add(ulong number, ReadOnlySpan<char> word)
    {
        if (!_words.ContainsKey(number))
            _words.Add(number, word.ToString());
    }

    /// <summary>Forgets words.</summary>
    public void RemoveWords(Func<ulong, bool> isForgotten)
    {
        foreach (ulong number in _words.Keys)
            if (isForgotten(number))
                _words.Remove(number);
    }
}
