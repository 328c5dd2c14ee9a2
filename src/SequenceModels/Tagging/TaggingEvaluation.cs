using Microsoft.ML;
using SequenceModels.Columns;

namespace SequenceModels.Tagging;

/// <summary>Compares a column of predicted tags with one of labels.</summary>
internal sealed class TaggingEvaluation
{
    private readonly TagScheme _scheme;
    private readonly long[] _spans, _predicted, _right; // by type
    private readonly List<TagSpan> _labelSpans = [], _predictedSpans = [];
    private readonly HashSet<TagSpan> _found = [];
    private uint[] _labels = [], _predictions = [];
    private long _tokens, _rightTokens;

    private TaggingEvaluation(TagScheme scheme)
    {
        _scheme = scheme;
        (_spans, _predicted, _right) = (new long[scheme.Types.Count], new long[scheme.Types.Count], new long[scheme.Types.Count]);
    }

    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or not of keys of texts.</exception>
    /// <exception cref="InvalidOperationException">A row has not as many predicted tags as labels, or no token has a label.</exception>
    public static TaggingMetrics Evaluate(IDataView data, string labelColumnName, string predictedLabelColumnName)
    {
        DataViewSchema.Column label = data.Schema.Find(labelColumnName, ColumnRule.Tags);
        DataViewSchema.Column predicted = data.Schema.Find(predictedLabelColumnName, ColumnRule.Tags);
        // The two columns may number the same tags differently.
        string[] labelNames = TokenNames.Texts(label), predictedNames = TokenNames.Texts(predicted);
        string[] names = [.. labelNames.Union(predictedNames)];
        uint[] ofLabel = Renumber(labelNames, names), ofPrediction = Renumber(predictedNames, names);
        var evaluation = new TaggingEvaluation(TagScheme.Of(names));
        using DataViewRowCursor cursor = data.GetRowCursor([label, predicted]);
        SequenceReader labels = SequenceColumn.Bind(data.Schema, labelColumnName).CreateReader(cursor);
        SequenceReader predictions = SequenceColumn.Bind(data.Schema, predictedLabelColumnName).CreateReader(cursor);
        while (cursor.MoveNext())
        {
            labels.Read();
            predictions.Read();
            if (labels.Length != predictions.Length)
                throw new InvalidOperationException($"Row {cursor.Position} (counted from 0): column '{labelColumnName}' has {Counted.Of(labels.Length, "tag")}, " +
                    $"but column '{predictedLabelColumnName}' has {predictions.Length}. Both must have one for each token of the same sequence.");
            evaluation.Add(labels.Tokens, ofLabel, predictions.Tokens, ofPrediction);
        }
        if (evaluation._tokens == 0)
            throw new InvalidOperationException($"Column '{labelColumnName}': no token of any row has a label to compare with.");
        return evaluation.Metrics();
    }

    /// <summary>From the keys of some names, 0 included, to those of all names.</summary>
    private static uint[] Renumber(string[] names, string[] all) => [0, .. names.Select(name => (uint)Array.IndexOf(all, name) + 1)];

    /// <summary>Adds a sequence; tokens whose label is missing are left out, as if they were not there.</summary>
    private void Add(ReadOnlySpan<uint> labels, uint[] ofLabel, ReadOnlySpan<uint> predictions, uint[] ofPrediction)
    {
        if (_labels.Length < labels.Length)
            (_labels, _predictions) = (new uint[labels.Length], new uint[labels.Length]);
        int count = 0;
        for (int t = 0; t < labels.Length; t++)
            if (labels[t] != 0)
                (_labels[count], _predictions[count++]) = (ofLabel[labels[t]], ofPrediction[predictions[t]]);
        _tokens += count;
        for (int t = 0; t < count; t++)
            _rightTokens += _labels[t] == _predictions[t] ? 1 : 0;

        _scheme.FindSpans(_labels.AsSpan(0, count), _labelSpans);
        _scheme.FindSpans(_predictions.AsSpan(0, count), _predictedSpans);
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

    private TaggingMetrics Metrics() => new(_scheme.Kind, _tokens, _rightTokens,
    [
        .. Enumerable.Range(0, _spans.Length).Where(type => _spans[type] + _predicted[type] > 0)
            .Select(type => new TagTypeMetrics(_scheme.Types[type], _spans[type], _predicted[type], _right[type]))
            .OrderBy(type => type.Type, StringComparer.Ordinal),
    ]);
}
