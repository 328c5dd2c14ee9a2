namespace SequenceModels.Tagging;

/// <summary>Counts how predicted tags compare with labels: tokens, and spans by their type.</summary>
/// <param name="scheme">Of the tags.</param>
/// <param name="isKnown">By the number of a tag, 0 for none: whether the predictions could have it.</param>
internal sealed class TaggingCounts(TagScheme scheme, bool[] isKnown)
{
    private readonly long[] _spans = new long[scheme.Types.Count], _predicted = new long[scheme.Types.Count]; // by type
    private readonly long[] _right = new long[scheme.Types.Count];
    private readonly List<TagSpan> _labelSpans = [], _predictedSpans = [];
    private readonly HashSet<TagSpan> _found = [];
    private long _rightTokens, _missedRuns;

    /// <summary>Tokens that have a label, known or not.</summary>
    public long Tokens { get; private set; }

    /// <summary>Those whose label cannot be predicted.</summary>
    public long UnknownLabels { get; private set; }

    /// <summary>Adds a sequence.</summary>
    /// <param name="labels">[T] numbers of tags from 1; 0: one that is missing or not known.</param>
    /// <param name="predictions">[T] the same of the predicted tags.</param>
    public void Add(ReadOnlySpan<uint> labels, ReadOnlySpan<uint> predictions)
    {
        Tokens += labels.Length;
        for (int t = 0; t < labels.Length; t++)
        {
            UnknownLabels += isKnown[labels[t]] ? 0 : 1;
            _rightTokens += labels[t] != 0 && labels[t] == predictions[t] ? 1 : 0;
        }
        if (scheme.Kind != TaggingScheme.None)
            AddSpans(labels, predictions);
    }

    public TaggingMetrics Metrics()
    {
        TagTypeMetrics[] types =
        [
            .. Enumerable.Range(0, _spans.Length).Where(type => _spans[type] + _predicted[type] > 0)
                .Select(type => new TagTypeMetrics(scheme.Types[type], _spans[type], _predicted[type], _right[type]))
                .OrderBy(type => type.Type, StringComparer.Ordinal),
        ];
        return new TaggingMetrics(scheme.Kind, new TaggedTokens(Tokens, _rightTokens, UnknownLabels), types, _missedRuns);
    }

    private void AddSpans(ReadOnlySpan<uint> labels, ReadOnlySpan<uint> predictions)
    {
        // Neighbours of which nothing is known are at least one span.
        for (int t = 0; t < labels.Length; t++)
            _missedRuns += labels[t] == 0 && (t == 0 || labels[t - 1] != 0) ? 1 : 0;
        scheme.FindSpans(labels, _labelSpans);
        scheme.FindSpans(predictions, _predictedSpans);
        _found.Clear();
        foreach (TagSpan span in _labelSpans)
        {
            _spans[span.Type]++;
            _found.Add(span);
        }
        foreach (TagSpan span in _predictedSpans)
        {
            _predicted[span.Type]++;
            _right[span.Type] += _found.Contains(span) ? 1 : 0;
        }
    }
}

/// <summary>How tokens are tagged.</summary>
/// <param name="Labelled">Tokens that have a label, known or not.</param>
/// <param name="Right">Those whose label is predicted.</param>
/// <param name="Unknown">Those whose label cannot be predicted.</param>
internal readonly record struct TaggedTokens(long Labelled, long Right, long Unknown);
