using Microsoft.ML;
using Microsoft.ML.Runtime;
using SequenceModels.Columns;
using SequenceModels.Sequences;
using SequenceModels.Trainers;

namespace SequenceModels.Prediction;

/// <summary>The columns that a trainer reads.</summary>
/// <param name="Label">The label of a row.</param>
/// <param name="Features">What the network reads at each step.</param>
/// <param name="Weight">What each row counts; null: all count 1.</param>
/// <param name="FeatureRule">Which columns can be features.</param>
internal sealed record TrainingColumns(string Label, string[] Features, string? Weight, ColumnRule FeatureRule)
{
    /// <summary>A single feature: a sequence of tokens or frames.</summary>
    public static TrainingColumns OfSequence(string labelColumnName, string featureColumnName, string? weight)
    {
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(featureColumnName);
        return new(labelColumnName, [featureColumnName], weight, ColumnRule.Sequence);
    }

    /// <summary>Features side by side, words that are read by their characters among them.</summary>
    public static TrainingColumns OfFeatures(string labelColumnName, string[] featureColumnNames, string? weight)
    {
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        return new(labelColumnName, FeatureColumnNames.Require(featureColumnNames), weight, ColumnRule.StepFeature);
    }
}

/// <summary>Reads rows with a label each. Those with a missing label are left out.</summary>
/// <param name="task">What the labels are.</param>
/// <param name="names">The columns.</param>
/// <param name="purpose">What the rows are for.</param>
/// <param name="channel">Told of rows that are left out.</param>
internal sealed class TrainingRows(SequenceTask task, TrainingColumns names, RowPurpose purpose, IChannel channel)
    : ExampleReader(names.Weight, purpose)
{
    private readonly float[] _label = new float[1];
    private long _missing;
    private SeenClasses _classes;

    protected override string LabelColumnName => names.Label;

    protected override ReadOnlySpan<float> Labels => _label;

    protected override Targets CreateTargets(SequenceDataset data) => new RowTargets(data);

    protected override Func<bool> CreateRowReader(DataViewRow row, DataViewSchema schema, InputReader steps)
    {
        ValueGetter<float> getTarget = task.GetTarget(row, schema[names.Label]);
        return () =>
        {
            getTarget(ref _label[0]);
            if (float.IsNaN(_label[0]))
            {
                _missing++;
                return false;
            }
            if (float.IsInfinity(_label[0]))
                throw Invalid(names.Label, row.Position, _label[0], "Only finite numbers can be learned: remove such rows or " +
                    "replace such values");
            steps.Read();
            return true;
        };
    }

    protected override void OnRow(long row, float weight)
    {
        if (weight > 0)
            _classes.Add(_label[0]);
    }

    protected override void Warn()
    {
        if (_missing > 0)
            channel.Warning(MessageSensitivity.None, "Rows skipped because their label in column '{0}' is missing: {1}{2}.",
                names.Label,
                InvariantText.Of(_missing), OfWhichData);
    }

    protected override string WhyNoRows() => _missing == 0
        ? $"The {Kind} data has no rows. Fit needs some: check the file or the filter that the data comes from."
        : $"The {Kind} data has no rows to {(AreLearned ? "learn from" : "measure on")}: the label in column '{names.Label}' " +
            "is missing in " +
          Invariant($"all {_missing} of them.");

    protected override void Check()
    {
        if (AreLearned && task.NeedsTwoClasses && !_classes.AreSeveral)
            throw new InvalidOperationException($"Column '{names.Label}': all rows that count have the same label, and there " +
                "is nothing to tell apart. Training needs rows of at least two classes.");
    }
}
