using Microsoft.ML.Data;
using SequenceModels.Benchmarks.Accuracy;

namespace SequenceModels.Benchmarks.FirstTry;

/// <summary>Frames and their classes.</summary>
internal static class FramesSets
{
    /// <summary>A line a step: the sequence's number, the step's number, the class, and the step's values.</summary>
    public static IReadOnlyList<FramesRow> ReadSteps(string path) =>
        [.. LabelledText.Read(path).GroupBy(columns => columns[0]).Select(steps => new FramesRow
        {
            Label = steps.First()[2],
            Frames = [.. steps.OrderBy(step => int.Parse(step[1])).SelectMany(step => step.Skip(3)).Select(float.Parse)],
        })];

    /// <summary>A line a sequence: the class, and a number a step.</summary>
    public static IReadOnlyList<FramesRow> ReadNumbers(string path) =>
        [.. LabelledText.Read(path).Select(columns => new FramesRow
        {
            Label = columns[0], Frames = [.. columns.Skip(1).Select(float.Parse)],
        })];

    /// <summary>A line a picture: its pixels, row by row, and the class; no line of headings.</summary>
    public static IReadOnlyList<FramesRow> ReadPixels(string path) =>
        [.. File.ReadLines(path).Select(line => line.Split(',')).Select(columns => new FramesRow
        {
            Label = columns[^1], Frames = [.. columns[..^1].Select(float.Parse)],
        })];

    public static IReadOnlyList<Split> Split(IReadOnlyList<FramesRow> train, IReadOnlyList<FramesRow> test, int featuresPerStep)
    {
        int length = train.Max(row => row.Frames.Length);
        SchemaDefinition schema = SchemaDefinition.Create(typeof(FramesRow));
        var flat = new VectorDataViewType(NumberDataViewType.Single, length);
        schema[nameof(FramesRow.Padded)].ColumnType = flat;
        if (train.Concat(test).All(row => row.Frames.Length == length))
            schema[nameof(FramesRow.Frames)].ColumnType = flat;
        return [new Split<FramesRow>(Pad(train, length), Pad(test, length), schema, featuresPerStep)];
    }

    public static IReadOnlyList<Split> Folds(int count, IReadOnlyList<FramesRow> rows, int featuresPerStep) =>
        [.. FirstTry.Folds.Split(rows, FirstTry.Folds.Deal(rows, count))
            .SelectMany(parts => Split(parts.Train, parts.Test, featuresPerStep))];

    private static FramesRow[] Pad(IReadOnlyList<FramesRow> rows, int length) => [.. rows.Select(row =>
    {
        var padded = new float[length];
        row.Frames.AsSpan(0, Math.Min(length, row.Frames.Length)).CopyTo(padded);
        return new FramesRow { Label = row.Label, Frames = row.Frames, Padded = padded };
    })];
}
