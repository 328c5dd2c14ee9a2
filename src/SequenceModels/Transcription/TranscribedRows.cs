using Microsoft.ML;
using Microsoft.ML.Runtime;
using SequenceModels.Columns;
using SequenceModels.Sequences;
using SequenceModels.Trainers;

namespace SequenceModels.Transcription;

/// <summary>Reads sequences with what is said in them.</summary>
/// <param name="columns">The columns.</param>
/// <param name="specialTokens">So many of the first keys are no text: nobody says them.</param>
/// <param name="purpose">What the rows are for.</param>
/// <param name="channel">Told of rows that are left out.</param>
internal sealed class TranscribedRows(TranscriptionColumns columns, int specialTokens, RowPurpose purpose, IChannel channel)
    : ExampleReader(columns.Weight, purpose)
{
    private float[] _labels = [];
    private int _length;
    private long _missing, _short, _spelled;
    private (long Row, int Steps, int Tokens, int Needed) _shortest;

    protected override string LabelColumnName => columns.Label;

    protected override ReadOnlySpan<float> Labels => _labels.AsSpan(0, _length);

    protected override Targets CreateTargets(SequenceDataset data) => new TranscriptionTargets(data);

    protected override Func<bool> CreateRowReader(DataViewRow row, DataViewSchema schema, InputReader steps)
    {
        SequenceColumn column = SequenceColumn.Bind(schema, columns.Label);
        SequenceReader labels = column.CreateReader(row);
        return () =>
        {
            labels.Read();
            steps.Read();
            return TryTake(column.IsPadded ? labels.Tokens.Trim(0u) : labels.Tokens) &&
                HasSteps(steps.Length, row.Position);
        };
    }

    protected override void OnRow(long row, float weight) => _spelled += weight > 0 ? 1 : 0;

    protected override void Warn()
    {
        if (_missing > 0)
            channel.Warning(MessageSensitivity.None, "Rows skipped because column '{0}' has a token that is unknown (key 0): " +
                "{1} of {2}{3}.", columns.Label, InvariantText.Of(_missing), InvariantText.Of(NumberOfRows), OfWhichData);
        if (_short > 0)
            channel.Warning(MessageSensitivity.None, "Rows skipped because '{0}' has too few steps to say what column '{1}' " +
                "has: {2} of {3}{4}. A label needs a step for each token, and one between two that are equal. {5}",
                columns.Feature, columns.Label, InvariantText.Of(_short), InvariantText.Of(NumberOfRows), OfWhichData, Shortest);
    }

    protected override string WhyNoRows() => _missing + _short == 0
        ? $"The {Kind} data has no rows. Fit needs some: check the file or the filter that the data comes from."
        : $"The {Kind} data has no rows to {(AreLearned ? "learn from" : "measure on")}. " +
            Invariant($"Of {NumberOfRows}, {_missing} have a token in column '{columns.Label}' that is unknown (key 0), and ") +
            Invariant($"{_short} too few steps in '{columns.Feature}' to say their label. {(_short > 0 ? Shortest : "")}");

    private string Shortest => Invariant($"Row {_shortest.Row} (counted from 0) has {Counted.Of(_shortest.Steps, "step")} ") +
        Invariant($"and {Counted.Of(_shortest.Tokens, "token")}, which need {_shortest.Needed}.");

    /// <summary>Takes the tokens that are said; false where one is unknown.</summary>
    private bool TryTake(ReadOnlySpan<uint> keys)
    {
        _length = 0;
        if (_labels.Length < keys.Length)
            _labels = new float[keys.Length];
        foreach (uint key in keys)
        {
            if (key == 0)
            {
                _missing++;
                return false;
            }
            if (key > specialTokens)
                _labels[_length++] = key;
        }
        return true;
    }

    private bool HasSteps(int steps, long row)
    {
        int needed = Math.Max(1, TranscriptionTargets.StepsFor(Labels));
        if (steps >= needed)
            return true;
        if (_short++ == 0)
            _shortest = (row, steps, _length, needed);
        return false;
    }
}
