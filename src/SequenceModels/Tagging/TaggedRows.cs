using Microsoft.ML;
using Microsoft.ML.Runtime;
using SequenceModels.Columns;
using SequenceModels.Files;
using SequenceModels.Sequences;

namespace SequenceModels.Tagging;

/// <summary>Reads sequences with a label for each step into the memory that training goes over many times.</summary>
/// <param name="labelName">The label column: a vector of keys.</param>
/// <param name="channel">Told of steps and rows that are left out.</param>
/// <param name="maximumMemoryBytes">The option: bytes that the rows may take in memory; 0: half of what the process may use.</param>
/// <param name="decoding">By chains, a sequence can only be learned as a whole: none of its labels may be missing.</param>
/// <param name="rules">Told of each row; null where nothing is asked of the order of tags.</param>
/// <param name="forValidation">Whether the rows only serve to measure.</param>
internal sealed class TaggedRows(string labelName, IChannel channel, long maximumMemoryBytes, TagDecoding decoding, TagRules? rules,
    bool forValidation)
{
    private const int RowsBetweenChecks = 1024;

    private long _missingSteps, _missingRows;
    private float _firstClass = float.NaN;
    private bool _severalClasses;

    private bool EveryStepCounts => decoding == TagDecoding.Crf;

    private string Kind => forValidation ? "validation" : "training";

    /// <param name="view">The rows.</param>
    /// <param name="features">What the network reads in them.</param>
    /// <param name="classes">K.</param>
    /// <param name="throwIfCanceled">Asked now and then.</param>
    /// <returns>The rows; the caller disposes of them.</returns>
    public SequenceDataset Read(IDataView view, InputColumns features, int classes, Action throwIfCanceled)
    {
        SequenceDataset data = features.NewDataset(MemoryBudget.BytesOf(maximumMemoryBytes), data => new StepTargets(data));
        try
        {
            Read(view, features, classes, data, throwIfCanceled);
            Check(data);
            return data;
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    private void Read(IDataView view, InputColumns features, int classes, SequenceDataset data, Action throwIfCanceled)
    {
        SequenceColumn label = SequenceColumn.Bind(view.Schema, labelName);
        using DataViewRowCursor cursor = view.GetRowCursor([.. features.All.Select(feature => feature.Column), label.Column]);
        InputReader sequence = features.CreateReader(cursor);
        SequenceReader labels = label.CreateReader(cursor);
        float[] targets = [];
        while (cursor.MoveNext())
        {
            if (cursor.Position % RowsBetweenChecks == 0)
                throwIfCanceled();
            labels.Read();
            sequence.Read();
            if (labels.Length != sequence.Length)
                throw labels.Invalid($"it has {Counted.Of(labels.Length, "label")}, but '{features.All[0].Column.Name}' has {Counted.Of(sequence.Length, "step")}",
                    "Tagging needs one label for each step, in their order.");
            if (targets.Length < labels.Length)
                targets = new float[labels.Length];
            if (!TryTake(labels, classes, targets))
                continue;
            sequence.AddTo(data, targets.AsSpan(0, labels.Length));
            rules?.Observe(targets.AsSpan(0, labels.Length), cursor.Position, Kind);
        }
        Warn();
    }

    /// <summary>Turns keys into classes from 0; of a missing one: NaN. False: nothing of the row is to be learned or measured.</summary>
    private bool TryTake(SequenceReader labels, int classes, float[] targets)
    {
        int missing = 0;
        for (int t = 0; t < labels.Length; t++)
        {
            uint index = labels.Tokens[t] - 1; // of a missing key, 0, this is more than any count
            targets[t] = index < (uint)classes ? index : float.NaN;
            missing += float.IsNaN(targets[t]) ? 1 : 0;
        }
        if (missing > 0 && EveryStepCounts && !forValidation)
            throw labels.Invalid(Invariant($"step {Array.FindIndex(targets, float.IsNaN)} has no label"),
                $"{nameof(TagDecoding)}.{nameof(TagDecoding.Crf)} learns whole sequences of tags: remove such rows, label such steps, or set " +
                $"{nameof(TaggingOptions)}.{nameof(TaggingOptions.TagDecoding)} to {nameof(TagDecoding.Softmax)}, which leaves such steps out.");
        if (missing == labels.Length || (missing > 0 && EveryStepCounts))
        {
            _missingRows += missing > 0 ? 1 : 0;
            return false;
        }
        _missingSteps += missing;
        foreach (float target in targets.AsSpan(0, labels.Length))
        {
            if (float.IsNaN(target))
                continue;
            _severalClasses |= !float.IsNaN(_firstClass) && _firstClass != target;
            _firstClass = float.IsNaN(_firstClass) ? target : _firstClass;
        }
        return true;
    }

    private void Warn()
    {
        string where = forValidation ? ", of the validation data" : "";
        if (_missingSteps > 0)
            channel.Warning(MessageSensitivity.None, "Steps that count nothing because their label in column '{0}' is missing: {1}{2}.", labelName,
                InvariantText.Of(_missingSteps), where);
        if (_missingRows > 0)
            channel.Warning(MessageSensitivity.None, "Rows skipped because labels in column '{0}' are missing: {1}{2}.", labelName, InvariantText.Of(_missingRows), where);
    }

    private void Check(SequenceDataset data)
    {
        if (data.Count == 0)
            throw new InvalidOperationException(_missingRows == 0
                ? $"The {Kind} data has no rows with any step. Fit needs some: check the file or the filter that the data comes from."
                : $"The {Kind} data has no rows to {(forValidation ? "measure on" : "learn from")}: labels in column '{labelName}' are missing in " +
                  Invariant($"all {_missingRows} of them."));
        if (!forValidation && !_severalClasses)
            throw new InvalidOperationException($"Column '{labelName}': all steps have the same label, and there is nothing to tell apart. " +
                "Training needs steps of at least two classes.");
    }
}
