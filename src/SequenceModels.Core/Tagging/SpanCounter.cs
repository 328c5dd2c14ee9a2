using SequenceModels.Heads;

namespace SequenceModels.Tagging;

/// <summary>Compares the spans of labels and decisions, as conlleval does.</summary>
/// <param name="scheme">Of the tags; not one without spans.</param>
internal sealed class SpanCounter(TagScheme scheme) : ISpanCounter
{
    private readonly List<TagSpan> _labelled = [], _predicted = [];
    private readonly HashSet<TagSpan> _found = [];
    private uint[] _labels = [], _decisions = [];

    /// <summary>Makes counters of the spans of tags with such names; null: they are of no scheme.</summary>
    public static Func<ISpanCounter>? For(IEnumerable<string> names)
    {
        var scheme = TagScheme.Of(names);
        return scheme.Kind == TaggingScheme.None ? null : () => new SpanCounter(scheme);
    }

    public SpanCounts Count(ReadOnlySpan<float> labels, ReadOnlySpan<float> decisions)
    {
        if (_labels.Length < labels.Length)
            (_labels, _decisions) = (new uint[labels.Length], new uint[labels.Length]);
        int count = 0;
        for (int t = 0; t < labels.Length; t++)
            if (!float.IsNaN(labels[t]))
                (_labels[count], _decisions[count++]) = ((uint)labels[t] + 1, (uint)decisions[t] + 1);
        scheme.FindSpans(_labels.AsSpan(0, count), _labelled);
        scheme.FindSpans(_decisions.AsSpan(0, count), _predicted);
        _found.Clear();
        foreach (TagSpan span in _labelled)
            _found.Add(span);
        int right = 0;
        foreach (TagSpan span in _predicted)
            right += _found.Contains(span) ? 1 : 0;
        return new SpanCounts(_labelled.Count, _predicted.Count, right);
    }
}
