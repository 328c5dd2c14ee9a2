using SequenceModels.Benchmarks.Accuracy;

namespace SequenceModels.Benchmarks.FirstTry;

/// <summary>Texts and their classes, from tab-separated files.</summary>
internal static class TextSets
{
    public static IReadOnlyList<TextRow> Read(string path, int label, int text) =>
        [.. LabelledText.Read(path).Select(columns => Row(columns, label, text))];

    public static IReadOnlyList<Split> Split(IReadOnlyList<TextRow> train, IReadOnlyList<TextRow> test) =>
        [new Split<TextRow>(train, test)];

    /// <summary>Folds that are made here.</summary>
    public static IReadOnlyList<Split> Folds(int count, IReadOnlyList<TextRow> rows) =>
        Folds(rows, FirstTry.Folds.Deal(rows, count));

    /// <summary>Folds whose numbers stand in the first column.</summary>
    public static IReadOnlyList<Split> OwnFolds(string path, int label, int text) => Folds(Read(path, label, text),
        [.. LabelledText.Read(path).Select(columns => int.Parse(columns[0]))]);

    /// <summary>The rows whose first column is "train", and those where it is "test".</summary>
    public static IReadOnlyList<Split> OwnSplit(string path, int label, int text)
    {
        ILookup<string, TextRow> parts =
            LabelledText.Read(path).ToLookup(columns => columns[0], columns => Row(columns, label, text));
        return Split([.. parts["train"]], [.. parts["test"]]);
    }

    private static IReadOnlyList<Split> Folds(IReadOnlyList<TextRow> rows, IReadOnlyList<int> folds) =>
        [.. FirstTry.Folds.Split(rows, folds).Select(parts => new Split<TextRow>(parts.Train, parts.Test))];

    private static TextRow Row(string[] columns, int label, int text) => new() { Label = columns[label], Text = columns[text] };
}
