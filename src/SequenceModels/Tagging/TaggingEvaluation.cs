using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace SequenceModels.Tagging;

/// <summary>Compares a column of predicted tags with one of labels.</summary>
internal sealed class TaggingEvaluation
{
    private readonly TaggingCounts _counts;
    private readonly SortedSet<uint> _seen = []; // labels, by all names
    private uint[] _labels = [], _predictions = [];

    private TaggingEvaluation(TaggingCounts counts) => _counts = counts;

    /// <param name="data">The rows.</param>
    /// <param name="labelColumnName">The labels.</param>
    /// <param name="predictedLabelColumnName">The predictions.</param>
    /// <param name="channel">Told of labels that are not known, and of tags that are of no scheme.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A column is missing, or not of tags; or the keys of one stand for something, and those of the other for nothing.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// A row has not as many predicted tags as labels, or no token has a label.
    /// </exception>
    public static TaggingMetrics Evaluate(IDataView data, string labelColumnName, string predictedLabelColumnName,
        IChannel channel)
    {
        TagColumn label = new(data, labelColumnName), predicted = new(data, predictedLabelColumnName);
        if (label.HasNames != predicted.HasNames)
        {
            (TagColumn named, TagColumn unnamed) = label.HasNames ? (label, predicted) : (predicted, label);
            throw new ArgumentOutOfRangeException(nameof(data),
                $"The keys of column '{unnamed.Column.Name}' have no KeyValues, and cannot be compared with " +
                $"the tags of column '{named.Column.Name}'. Make both with MapValueToKey.");
        }
        // The two columns may number the same tags differently.
        string[] names = [.. label.Names.Union(predicted.Names)];
        uint[] ofLabel = Renumber(label.Names, names), ofPrediction = Renumber(predicted.Names, names);
        TagScheme scheme = TagScheme.Of(names);
        HashSet<string> predictable = [.. predicted.Names];
        bool Knows(string name) => !predicted.KnowsAll || predictable.Contains(name);
        if (scheme.Doubt is { } doubt)
            channel.Warning(MessageSensitivity.None, "{0}.", doubt);
        var evaluation = new TaggingEvaluation(new TaggingCounts(scheme, [false, .. names.Select(Knows)]));
        using DataViewRowCursor cursor = data.GetRowCursor([label.Column, predicted.Column]);
        Func<ReadOnlyMemory<uint>> readLabels = label.CreateReader(cursor), readPredictions = predicted.CreateReader(cursor);
        while (cursor.MoveNext())
        {
            ReadOnlySpan<uint> labels = readLabels().Span, predictions = readPredictions().Span;
            if (labels.Length != predictions.Length)
                throw new InvalidOperationException(Invariant($"Row {cursor.Position} (counted from 0): column ") +
                    Invariant($"'{labelColumnName}' has {Counted.Of(labels.Length, "tag")}, ") +
                    Invariant($"but column '{predictedLabelColumnName}' has {predictions.Length}. Both must have one for each ") +
                    "token of the same sequence.");
            evaluation.Add(labels, ofLabel, predictions, ofPrediction);
        }
        if (evaluation._counts.Tokens == 0)
            throw new InvalidOperationException($"Column '{labelColumnName}': no token of any row has a label to compare with.");
        if (evaluation._counts.UnknownLabels > 0)
            channel.Warning(MessageSensitivity.None,
                "Labels in column '{0}' that are missing, or that column '{1}' does not know{4}: {2} of {3}. " +
                "They count as missed. A key that is missing (0) may be a tag that the model has never seen; leave rows that " +
                "nobody labelled out.",
                labelColumnName, predictedLabelColumnName, InvariantText.Of(evaluation._counts.UnknownLabels),
                InvariantText.Of(evaluation._counts.Tokens),
                Shown([.. evaluation._seen.Where(key => key > 0).Select(key => names[key - 1]).Where(name => !Knows(name))]));
        return evaluation._counts.Metrics();
    }

    /// <summary>The first of some names, in brackets; nothing where there are none.</summary>
    private static string Shown(string[] names)
    {
        const int Most = 5;
        return names.Length == 0 ? "" : $" ({string.Join(", ", names.Take(Most).Select(name => $"'{name}'"))}" +
            (names.Length > Most ? Invariant($" and {names.Length - Most} more)") : ")");
    }

    /// <summary>From the keys of some names, 0 included, to those of all names.</summary>
    private static uint[] Renumber(string[] names, string[] all)
    {
        var numbers = all.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => (uint)pair.i + 1);
        return [0, .. names.Select(name => numbers[name])];
    }

    /// <summary>Adds a sequence; tokens that nobody gave a label are left out, as if they were not there.</summary>
    private void Add(ReadOnlySpan<uint> labels, uint[] ofLabel, ReadOnlySpan<uint> predictions, uint[] ofPrediction)
    {
        if (_labels.Length < labels.Length)
            (_labels, _predictions) = (new uint[labels.Length], new uint[labels.Length]);
        int count = 0;
        for (int t = 0; t < labels.Length; t++)
        {
            if (labels[t] == TagColumn.NoTag)
                continue;
            _labels[count] = ofLabel[labels[t]];
            _seen.Add(_labels[count]);
            _predictions[count++] = predictions[t] == TagColumn.NoTag ? 0 : ofPrediction[predictions[t]];
        }
        _counts.Add(_labels.AsSpan(0, count), _predictions.AsSpan(0, count));
    }
}
