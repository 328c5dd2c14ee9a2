namespace SequenceModels.Text;

/// <summary>
/// Turns texts into sparse vectors of their n-grams: which of a vocabulary occur, whatever their number. Holds buffers: one per
/// cursor or thread.
/// </summary>
/// <remarks>
/// Words and characters are two parts, each of which has the norm <see cref="Norm"/> where all n-grams of the text are known, and
/// a smaller one where not: a text of unknown n-grams says little.
/// </remarks>
internal sealed class NGramEncoder(NGramVocabulary vocabulary)
{
    /// <summary>
    /// Adam's steps have a size of their own: the larger the numbers, the faster their weights fit the rows. Chosen on several
    /// sets of texts, together with the learning rate of texts.
    /// </summary>
    public const float Norm = 8;

    private readonly NGramHashes _ngrams = new();
    private readonly List<(int Slot, bool OfCharacters)> _known = [];
    private int[] _slots = [];
    private float[] _values = [];
    private int _count;

    /// <summary>The slots of the n-grams of the text encoded last, ascending.</summary>
    public ReadOnlySpan<int> Slots => _slots.AsSpan(0, _count);

    /// <summary>What they count.</summary>
    public ReadOnlySpan<float> Values => _values.AsSpan(0, _count);

    /// <summary>Encodes a text.</summary>
    public void Encode(ReadOnlySpan<char> text)
    {
        List<ulong> hashes = _ngrams.Of(text);
        var words = default(Part);
        var characters = default(Part);
        _known.Clear();
        for (int i = 0; i < hashes.Count; i++)
        {
            int slot = vocabulary.SlotOf(hashes[i]);
            if (slot >= 0 && i > 0 && hashes[i] == hashes[i - 1])
                continue;
            bool ofCharacters = NGramHashes.IsOfCharacters(hashes[i]);
            ref Part part = ref ofCharacters ? ref characters : ref words;
            part.Count++;
            if (slot < 0)
                continue;
            part.Known++;
            part.Squares += (double)vocabulary.WeightOf(slot) * vocabulary.WeightOf(slot);
            _known.Add((slot, ofCharacters));
        }
        Fill(words.Scale, characters.Scale);
    }

    private void Fill(float ofWords, float ofCharacters)
    {
        _known.Sort();
        _count = _known.Count;
        if (_slots.Length < _count)
            (_slots, _values) = (new int[2 * _count], new float[2 * _count]);
        for (int i = 0; i < _count; i++)
        {
            _slots[i] = _known[i].Slot;
            _values[i] = vocabulary.WeightOf(_slots[i]) * (_known[i].OfCharacters ? ofCharacters : ofWords);
        }
    }

    /// <summary>
    /// N-grams of one part: how many different known ones and, however often they occur, unknown ones there are; how many are
    /// known; and the squares of what these count.
    /// </summary>
    private struct Part
    {
        public int Count, Known;
        public double Squares;

        public readonly float Scale => Known == 0 ? 0 : (float)(Norm * Math.Sqrt((double)Known / Count / Squares));
    }
}
