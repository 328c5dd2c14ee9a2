using Microsoft.ML;
using SequenceModels.Columns;
using SequenceModels.Files;

namespace SequenceModels.Trainers;

/// <summary>
/// Fingerprints of what a model's keys, and the slots of its row features, stand for, so that it is neither used nor trained on
/// with others. Where either side has no names, nothing is known to differ: keys without KeyValues can only be counted.
/// </summary>
/// <param name="features">Of each column that the network reads, in its order; empty texts where columns have no names.</param>
/// <param name="classes">Of the label's classes; empty where they have no names.</param>
/// <param name="slots">Of the slots of the column that rows have beside their steps; empty where they have no names.</param>
internal sealed class KeyFingerprints(IReadOnlyList<string> features, string classes, string slots)
{
    private readonly RememberedFingerprint[] _met = [.. features.Select(_ => new RememberedFingerprint())];
    private readonly RememberedFingerprint _metSlots = new();

    public static KeyFingerprints Unknown { get; } = new([], "", "");

    /// <param name="features">The columns that the network reads, in its order.</param>
    /// <param name="classes">Null: without names.</param>
    /// <param name="rowFeatures">What rows have beside their steps; null: nothing.</param>
    public static KeyFingerprints From(IEnumerable<DataViewSchema.Column> features, ClassNames? classes = null,
        RowFeatureColumn? rowFeatures = null) => new([.. features.Select(KeyFingerprint.Of)],
            classes is null ? "" : KeyFingerprint.Of(classes.Texts),
            rowFeatures is null ? "" : KeyFingerprint.Of(rowFeatures.SlotNames));

    /// <param name="columns">What the network reads; of raw texts the tokens that were learned of them.</param>
    /// <param name="classes">Null: without names.</param>
    public static KeyFingerprints From(InputColumns columns, ClassNames? classes)
    {
        KeyFingerprints keys = From(columns.All.Select(column => column.Column), classes, columns.RowFeatures);
        return columns.All is [{ Text: not null } text]
            ? new([KeyFingerprint.Of([.. text.TokenTexts.Select(token => token.AsMemory())])], keys.Classes, keys.Slots) : keys;
    }

    /// <summary>Throws if columns to be read are known to stand for other values than in training.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They do; the message names the column.</exception>
    public void RequireSame(InputColumns columns)
    {
        RequireSameKeys([.. columns.All.Select(column => column.Column)]);
        if (slots != "" && columns.RowFeatures is { } row && Differ(slots, _metSlots.Of(row.SlotNames)))
            throw new ArgumentOutOfRangeException(nameof(columns), $"Column '{row.Column.Name}' has as many slots as the model " +
                "was trained on, but under other names, or in another order. Prepare the data with the transforms that were " +
                "fitted for training.");
    }

    /// <summary>Throws if the keys of a column to be read are known to stand for other values than in training.</summary>
    /// <param name="columns">As the network reads them.</param>
    /// <exception cref="ArgumentOutOfRangeException">They do; the message names the column.</exception>
    public void RequireSameKeys(IReadOnlyList<DataViewSchema.Column> columns) =>
        RequireSameKeys(columns, (column, i) => _met[i].Of(column));

    /// <param name="columns">As the network reads them.</param>
    /// <param name="fingerprint">Of a column and its place.</param>
    /// <inheritdoc cref="RequireSameKeys(IReadOnlyList{DataViewSchema.Column})" path="/summary|/exception"/>
    public void RequireSameKeys(IReadOnlyList<DataViewSchema.Column> columns,
        Func<DataViewSchema.Column, int, string> fingerprint)
    {
        for (int i = 0; i < Math.Min(columns.Count, features.Count); i++)
            if (features[i] != "" && Differ(features[i], fingerprint(columns[i], i)))
                throw Others(columns[i].Name);
    }

    /// <summary>Throws if the classes of a label are known to be others than in training.</summary>
    /// <param name="label">The label column.</param>
    /// <param name="names">Of its classes; null: without names.</param>
    /// <exception cref="ArgumentOutOfRangeException">They are; the message names the column.</exception>
    public void RequireSameClasses(string label, ClassNames? names)
    {
        if (Differ(classes, From([], names).Classes))
            throw Others(label);
    }

    /// <summary>Throws if the keys of an earlier model are known to stand for something else.</summary>
    /// <param name="initial">The names of the earlier model.</param>
    /// <param name="columns">Those that the network reads, in its order.</param>
    /// <param name="label">The label column; null: the model has none.</param>
    /// <exception cref="ArgumentException">The names differ.</exception>
    public void RequireSame(KeyFingerprints initial, IReadOnlyList<DataViewSchema.Column> columns, string? label)
    {
        for (int i = 0; i < Math.Min(features.Count, initial.Features.Count); i++)
            if (Differ(features[i], initial.Features[i]))
                throw new ArgumentException("The initial model was trained with another vocabulary: the keys of column " +
                    $"'{columns[i].Name}' stand for other tokens than they did, though there are as many. Tokenize the rows " +
                    "with the transform that was fitted for the initial model.", nameof(initial));
        if (Differ(classes, initial.Classes))
            throw new ArgumentException($"The initial model was trained with other classes: the keys of column '{label}' " +
                "stand for other values than they did, though there are as many. Map the labels with the transform that was " +
                "fitted for the initial model.",
                    nameof(initial));
        if (Differ(slots, initial.Slots))
            throw new ArgumentException("The initial model was trained with other slots of RowFeatureColumnName: they have " +
                "other names, or stand in another order, though there are as many. Prepare the rows with the transforms that " +
                "were fitted for the initial model.", nameof(initial));
    }

    /// <summary>
    /// These names, and those of the model that training went on from where there are none: its vectors stay those of its tokens.
    /// </summary>
    public KeyFingerprints WithFallback(KeyFingerprints initial) => new(
        features.Count == initial.Features.Count
            ? [.. features.Zip(initial.Features, (ours, theirs) => ours != "" ? ours : theirs)] : features,
        classes != "" ? classes : initial.Classes, slots != "" ? slots : initial.Slots);

    private IReadOnlyList<string> Features => features;

    private string Classes => classes;

    private string Slots => slots;

    public void Write(PayloadWriter writer)
    {
        writer.Write(features.Count);
        foreach (string feature in features)
            writer.Write(feature);
        writer.Write(classes);
        writer.Write(slots);
    }

    public static KeyFingerprints Read(PayloadReader reader)
    {
        var features = new string[reader.ReadCount("the number of fingerprints of vocabularies", bytesPerItem: 1)];
        for (int i = 0; i < features.Length; i++)
            features[i] = reader.ReadString();
        return new KeyFingerprints(features, reader.ReadString(), reader.ReadString());
    }

    private static ArgumentOutOfRangeException Others(string column) =>
        new(nameof(column), $"Column '{column}' has as many keys as the model was trained on, but they stand for other " +
        "values, or for the same values in another order. Prepare the data with the transforms that were fitted for training.");

    private static bool Differ(string ours, string theirs) => ours != "" && theirs != "" && ours != theirs;
}
