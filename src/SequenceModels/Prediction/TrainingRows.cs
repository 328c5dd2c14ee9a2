using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using SequenceModels.Columns;
using SequenceModels.Files;
using SequenceModels.Sequences;

namespace SequenceModels.Prediction;

/// <summary>The columns that a trainer reads.</summary>
internal sealed record TrainingColumns(string Label, string Feature, string? Weight)
{
    public static ColumnRule WeightRule { get; } = new("a Single weight (ConvertType makes one of other numbers)", column =>
        column.Kind == SchemaShape.Column.VectorKind.Scalar && !column.IsKey && column.ItemType == NumberDataViewType.Single);
}

/// <summary>Reads a view once into the memory that training goes over many times, and refuses what cannot be trained or measured on.</summary>
/// <param name="task">What the labels are.</param>
/// <param name="names">The columns.</param>
/// <param name="channel">Told of skipped rows.</param>
/// <param name="maximumMemoryBytes">The option: bytes that the rows may take in memory; 0: half of what the process may use.</param>
/// <param name="forValidation">Whether the rows only serve to measure: then they may be of one class.</param>
internal sealed class TrainingRows(SequenceTask task, TrainingColumns names, IChannel channel, long maximumMemoryBytes, bool forValidation = false)
{
    private const int RowsBetweenChecks = 1024;

    private long _missing;
    private double _totalWeight;
    private float? _firstClass;
    private bool _severalClasses;

    /// <param name="view">The rows.</param>
    /// <param name="feature">The column of sequences in it.</param>
    /// <param name="throwIfCanceled">Asked now and then.</param>
    /// <returns>The rows; the caller disposes of them.</returns>
    public SequenceDataset Read(IDataView view, SequenceColumn feature, Action throwIfCanceled)
    {
        var data = new SequenceDataset([feature.FeatureOf(embeddingSize: 0)], MemoryBudget.BytesOf(maximumMemoryBytes));
        try
        {
            Read(view, feature, data, throwIfCanceled);
            Check(data);
            return data;
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    private void Read(IDataView view, SequenceColumn feature, SequenceDataset data, Action throwIfCanceled)
    {
        DataViewSchema.Column label = view.Schema[names.Label];
        DataViewSchema.Column? weight = names.Weight is null ? null : view.Schema[names.Weight];
        DataViewSchema.Column[] needed = weight is null ? [feature.Column, label] : [feature.Column, label, weight.Value];
        using DataViewRowCursor cursor = view.GetRowCursor(needed);
        SequenceReader sequence = feature.CreateReader(cursor);
        ValueGetter<float> getTarget = task.GetTarget(cursor, label);
        ValueGetter<float>? getWeight = weight is null ? null : cursor.GetGetter<float>(weight.Value);

        float target = 0, rowWeight = 1;
        while (cursor.MoveNext())
        {
            if (cursor.Position % RowsBetweenChecks == 0)
                throwIfCanceled();
            getTarget(ref target);
            if (float.IsNaN(target))
            {
                _missing++;
                continue;
            }
            getWeight?.Invoke(ref rowWeight);
            Note(target, rowWeight, cursor.Position);
            sequence.Read();
            if (feature.Input == StepFeatureKind.Tokens)
                data.Add(sequence.Tokens, target, rowWeight);
            else
                data.Add(sequence.Frames, target, rowWeight);
        }

        if (_missing > 0)
            channel.Warning(MessageSensitivity.None, "Rows skipped because their label in column '{0}' is missing: {1}{2}.", names.Label, InvariantText.Of(_missing),
                forValidation ? ", of the validation data" : "");
    }

    private void Note(float target, float weight, long row)
    {
        if (float.IsInfinity(target))
            throw Invalid(names.Label, row, target, "Only finite numbers can be learned: remove such rows or replace such values");
        if (!float.IsFinite(weight) || weight < 0)
            throw Invalid(names.Weight!, row, weight, "A weight must be a number of at least 0");
        _totalWeight += weight;
        if (weight == 0)
            return;
        _severalClasses |= _firstClass is not null && _firstClass != target;
        _firstClass ??= target;
    }

    private void Check(SequenceDataset data)
    {
        string kind = forValidation ? "validation" : "training";
        if (data.Count == 0)
            throw new InvalidOperationException(_missing == 0
                ? $"The {kind} data has no rows. Fit needs some: check the file or the filter that the data comes from."
                : Invariant($"The {kind} data has no rows to {(forValidation ? "measure on" : "learn from")}: the label in column '{names.Label}' is missing in all {_missing} of them."));
        if (_totalWeight == 0)
            throw new InvalidOperationException(
                $"Column '{names.Weight}': every weight is 0, so that no row of the {kind} data counts. Give at least some rows a positive weight.");
        if (!forValidation && task.NeedsTwoClasses && !_severalClasses)
            throw new InvalidOperationException($"Column '{names.Label}': all rows that count have the same label, and there is nothing to " +
                "tell apart. Training needs rows of at least two classes.");
    }

    private static InvalidOperationException Invalid(string column, long row, float value, string mend) => new(
        string.Create(CultureInfo.InvariantCulture, $"Column '{column}', row {row} (counted from 0): the value is {value}. {mend}."));
}
