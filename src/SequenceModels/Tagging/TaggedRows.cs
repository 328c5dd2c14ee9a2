using Microsoft.ML;
using Microsoft.ML.Runtime;
using SequenceModels.Columns;
using SequenceModels.Sequences;
using SequenceModels.Trainers;

namespace SequenceModels.Tagging;

/// <summary>Reads sequences with a label for each step.</summary>
/// <param name="columns">The columns.</param>
/// <param name="bioes">What the label's tags are learned as; null: as they are.</param>
/// <param name="rules">Told of each row; null where nothing is asked of the order of tags.</param>
/// <param name="purpose">What the rows are for.</param>
/// <param name="channel">Told of steps and rows that are left out.</param>
internal sealed class TaggedRows(TaggingColumns columns, BioesTags? bioes, TagRules? rules, RowPurpose purpose,
    IChannel channel)
    : ExampleReader(columns.Weight, purpose)
{
    private long _missingSteps, _missingRows;
    private float[] _labels = [];
    private int _length, _classes;
    private SeenClasses _seen;

    protected override string LabelColumnName => columns.Label;

    protected override ReadOnlySpan<float> Labels => _labels.AsSpan(0, _length);

    protected override Targets CreateTargets(SequenceDataset data) => new StepTargets(data);

    protected override Func<bool> CreateRowReader(DataViewRow row, DataViewSchema schema, InputReader steps)
    {
        SequenceColumn label = SequenceColumn.Bind(schema, columns.Label);
        _classes = label.InputSize;
        SequenceReader labels = label.CreateReader(row);
        return () =>
        {
            labels.Read();
            steps.Read();
            if (labels.Length != steps.Length)
                throw labels.Invalid($"it has {Counted.Of(labels.Length, "label")}, but '{columns.Features[0]}' has " +
                    $"{Counted.Of(steps.Length, "step")}",
                    "Tagging needs one label for each step, in their order.");
            return TryTake(labels);
        };
    }

    protected override void OnRow(long row, float weight)
    {
        rules?.Observe(Labels, row, Kind);
        if (weight == 0)
            return;
        foreach (float label in Labels)
            if (!float.IsNaN(label))
                _seen.Add(label);
    }

    protected override void Warn()
    {
        if (_missingSteps > 0)
            channel.Warning(MessageSensitivity.None, "Steps that count nothing because their label in column '{0}' is missing: " +
                "{1}{2}.", columns.Label,
                InvariantText.Of(_missingSteps), OfWhichData);
        if (_missingRows > 0)
            channel.Warning(MessageSensitivity.None, "Rows skipped because labels in column '{0}' are missing: {1}{2}.",
                columns.Label,
                InvariantText.Of(_missingRows), OfWhichData);
    }

    protected override string WhyNoRows() => _missingRows == 0
        ? $"The {Kind} data has no rows with any step. Fit needs some: check the file or the filter that the data comes from."
        : $"The {Kind} data has no rows to {(AreLearned ? "learn from" : "measure on")}: labels in column '{columns.Label}' " +
            "are missing in " +
          Invariant($"all {_missingRows} of them.");

    protected override void Check()
    {
        if (AreLearned && !_seen.AreSeveral)
            throw new InvalidOperationException($"Column '{columns.Label}': all steps that count have the same label, and " +
                "there is nothing to tell apart. Training needs steps of at least two classes.");
    }

    /// <summary>Turns keys into labels from 0, NaN where one is missing; false where the row is to be left out.</summary>
    private bool TryTake(SequenceReader keys)
    {
        _length = keys.Length;
        if (_labels.Length < _length)
            _labels = new float[_length];
        int missing = 0;
        for (int t = 0; t < _length; t++)
        {
            uint index = keys.Tokens[t] - 1; // of a missing key, 0, this is more than any count
            _labels[t] = index < (uint)_classes ? index : float.NaN;
            missing += float.IsNaN(_labels[t]) ? 1 : 0;
        }
        if (missing == _length)
        {
            _missingRows += missing > 0 ? 1 : 0;
            return false;
        }
        _missingSteps += missing;
        if (bioes?.Encode(_labels.AsSpan(0, _length)) is { } step)
            throw keys.Invalid(Invariant($"at step {step} (counted from 0) a tag I goes on with no span of its type"),
                $"{nameof(TaggingOptions)}.{nameof(TaggingOptions.TagEncoding)} {nameof(TagEncoding.Bioes)} needs tags in BIO: " +
                $"correct the tags, or set it to {nameof(TagEncoding.AsGiven)}.");
        return true;
    }
}
