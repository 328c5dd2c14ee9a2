namespace SequenceModels.Tagging;

/// <summary>
/// BIO tags as BIOES: a B that no I follows becomes S, an I that no I follows becomes E. All others stay. Both are counted from
/// 0; of a type without I there is S alone.
/// </summary>
internal sealed class BioesTags
{
    private readonly (char Part, int Type)[] _given;
    private readonly int[] _goesOn, _ends; // [K] what a given tag becomes where its span goes on, and where it ends
    private readonly List<int> _givenOf = []; // [L]
    private readonly List<string> _names = []; // [L]

    /// <param name="names">[K] of the given tags.</param>
    /// <param name="tags">[K] part and type of each.</param>
    /// <param name="rename">A name with another part.</param>
    public BioesTags(string[] names, (char Part, int Type)[] tags, Func<string, char, string> rename)
    {
        _given = tags;
        (_goesOn, _ends) = (new int[tags.Length], new int[tags.Length]);
        for (int tag = 0; tag < tags.Length; tag++)
        {
            (char part, int type) = tags[tag];
            bool mayGoOn = part == 'O' || tags.Contains(('I', type));
            _goesOn[tag] = mayGoOn ? Add(tag, names[tag]) : -1;
            _ends[tag] = part == 'O' ? _goesOn[tag] : Add(tag, rename(names[tag], part == 'B' ? 'S' : 'E'));
        }
    }

    /// <summary>[L] what the learned tags are called.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>L, the learned tags.</summary>
    public int Count => _names.Count;

    /// <summary>K, the given tags.</summary>
    public int GivenCount => _given.Length;

    /// <summary>Turns the given tags of a sequence into learned ones, in place. NaN, a missing one, stays.</summary>
    /// <returns>The first step whose I goes on with no span of its type; null: there is none.</returns>
    public int? Encode(Span<float> labels)
    {
        for (int t = 0; t < labels.Length; t++)
            if (IsOf('I', labels[t]) && (t == 0 || !(float.IsNaN(labels[t - 1]) || GoesOn(labels[t - 1], labels[t]))))
                return t;
        for (int t = 0; t < labels.Length; t++)
            if (!float.IsNaN(labels[t]))
                labels[t] = (t + 1 < labels.Length && IsOf('I', labels[t + 1]) && GoesOn(labels[t], labels[t + 1])
                    ? _goesOn : _ends)[(int)labels[t]];
        return null;
    }

    /// <summary>The given tag of a learned one.</summary>
    public int Decode(int learned) => _givenOf[learned];

    /// <summary>The probabilities [T, K] of given tags from those [T, L] of learned ones.</summary>
    public void Decode(ReadOnlySpan<float> learned, Span<float> given)
    {
        given.Clear();
        for (int i = 0; i < learned.Length; i++)
            given[i / Count * GivenCount + _givenOf[i % Count]] += learned[i];
    }

    private bool IsOf(char part, float label) => !float.IsNaN(label) && _given[(int)label].Part == part;

    /// <summary>Whether the first of two neighbours is of the span that the second, an I, is of.</summary>
    private bool GoesOn(float label, float next) =>
        _given[(int)label].Part is 'B' or 'I' && _given[(int)label].Type == _given[(int)next].Type;

    private int Add(int given, string name)
    {
        _givenOf.Add(given);
        _names.Add(name);
        return _names.Count - 1;
    }
}
