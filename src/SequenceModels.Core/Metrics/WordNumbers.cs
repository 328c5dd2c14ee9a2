namespace SequenceModels.Metrics;

/// <summary>A number for each word, so that n-grams of words are n-grams of numbers.</summary>
internal sealed class WordNumbers
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    public int[] Of(IReadOnlyList<string> words)
    {
        var numbers = new int[words.Count];
        for (int i = 0; i < numbers.Length; i++)
        {
            if (!_numbers.TryGetValue(words[i], out numbers[i]))
                _numbers.Add(words[i], numbers[i] = _numbers.Count);
        }
        return numbers;
    }
}
