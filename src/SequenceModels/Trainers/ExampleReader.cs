using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;
using SequenceModels.Files;
using SequenceModels.Sequences;

namespace SequenceModels.Trainers;

/// <summary>
/// Reads the rows of a view once, into the memory that training goes over many times, and refuses what cannot be learned from or
/// measured on. A task says what a row's labels are. Used for one view only.
/// </summary>
/// <param name="weightColumnName">What each row counts; null: all count 1.</param>
/// <param name="purpose">What the rows are for.</param>
internal abstract class ExampleReader(string? weightColumnName, RowPurpose purpose)
{
    private double _totalWeight;

    /// <summary>What a column of weights is.</summary>
    public static ColumnRule WeightRule { get; } = new("a Single weight (ConvertType makes one of other numbers)", column =>
        column.Kind == SchemaShape.Column.VectorKind.Scalar && !column.IsKey && column.ItemType == NumberDataViewType.Single);

    /// <summary>Whether the rows are learned from.</summary>
    protected bool AreLearned => purpose == RowPurpose.Training;

    /// <summary>What the rows are called in messages.</summary>
    protected string Kind => purpose.ToString().ToLowerInvariant();

    /// <summary>What a warning of these rows ends with.</summary>
    protected string OfWhichData => AreLearned ? "" : $", of the {Kind} data";

    /// <summary>How many rows the view had.</summary>
    protected long NumberOfRows { get; private set; }

    /// <summary>The label column; null: the steps are the labels.</summary>
    protected virtual string? LabelColumnName => null;

    /// <summary>As many as the targets want, of the row read last.</summary>
    protected abstract ReadOnlySpan<float> Labels { get; }

    /// <param name="view">The rows.</param>
    /// <param name="columns">What the network reads in them.</param>
    /// <param name="memory">Where the rows are held.</param>
    /// <param name="throwIfCanceled">Called now and then.</param>
    /// <returns>The rows; the caller disposes of them.</returns>
    /// <exception cref="InvalidOperationException">
    /// A row is not as it must be, or the rows are none to learn from or measure on.
    /// </exception>
    public SequenceDataset Read(IDataView view, InputColumns columns, RowMemory memory, Action throwIfCanceled)
    {
        SequenceDataset data = columns.NewDataset(memory, CreateTargets);
        try
        {
            Read(view, columns, data, throwIfCanceled);
            Arrange(data);
            Warn();
            if (data.Count == 0)
                throw new InvalidOperationException(WhyNoRows());
            if (_totalWeight == 0)
                throw new InvalidOperationException($"Column '{weightColumnName}': every weight is 0, so that no row of the " +
                    $"{Kind} data counts. Give at least some rows a positive weight.");
            Check();
            return data;
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    protected abstract Targets CreateTargets(SequenceDataset data);

    protected virtual InputReader CreateReader(InputColumns columns, DataViewRow row) => columns.CreateReader(row);

    /// <summary>Makes what reads the labels and steps of a row; it gives false where the row is to be left out.</summary>
    /// <param name="row">A cursor.</param>
    /// <param name="schema">Of the view.</param>
    /// <param name="steps">Reads the row's steps.</param>
    protected abstract Func<bool> CreateRowReader(DataViewRow row, DataViewSchema schema, InputReader steps);

    /// <summary>Called for each row that was read and not left out.</summary>
    /// <param name="row">Its place in the view.</param>
    /// <param name="weight">What it counts.</param>
    protected virtual void OnRow(long row, float weight) { }

    /// <summary>Changes what was read, once all rows are.</summary>
    protected virtual void Arrange(SequenceDataset data) { }

    /// <summary>Tells of rows and steps that were left out.</summary>
    protected virtual void Warn() { }

    /// <summary>Why no row is left, in words that help.</summary>
    protected abstract string WhyNoRows();

    /// <summary>Throws if the rows are none that can be used.</summary>
    protected virtual void Check() { }

    protected static InvalidOperationException Invalid(string column, long row, float value, string mend) => new(
        string.Create(CultureInfo.InvariantCulture,
            $"Column '{column}', row {row} (counted from 0): the value is {value}. {mend}."));

    private void Read(IDataView view, InputColumns columns, SequenceDataset data, Action throwIfCanceled)
    {
        IEnumerable<DataViewSchema.Column> others =
            new[] { LabelColumnName, weightColumnName }.OfType<string>().Select(name => view.Schema[name]);
        using DataViewRowCursor cursor = view.GetRowCursor([.. columns.Read, .. others]);
        InputReader steps = CreateReader(columns, cursor);
        Func<bool> readRow = CreateRowReader(cursor, view.Schema, steps);
        ValueGetter<float>? getWeight = weightColumnName is null ? null : cursor.GetGetter<float>(view.Schema[weightColumnName]);
        float weight = 1;
        for (; cursor.MoveNext(); NumberOfRows++)
        {
            CancellationChecks.AtRow(cursor.Position, throwIfCanceled);
            if (!readRow())
                continue;
            getWeight?.Invoke(ref weight);
            if (!float.IsFinite(weight) || weight < 0)
                throw Invalid(weightColumnName!, cursor.Position, weight, "A weight must be a number of at least 0");
            _totalWeight += weight;
            OnRow(cursor.Position, weight);
            steps.AddTo(data, Labels, weight);
        }
    }
}
