using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;
using SequenceModels.Kernels;
using SequenceModels.Networks;
using SequenceModels.Sequences;

namespace SequenceModels.Scoring;

/// <summary>
/// Consecutive rows of an input, held in memory: their sequences for the network, the values of the other columns that are wanted,
/// and later their scores. An error of a row is kept as part of the row.
/// </summary>
/// <param name="input">The columns that the network reads.</param>
/// <param name="spec">Of the network that will score the rows; its kind and the number of its outputs say how many scores a row has.</param>
/// <param name="ids">Keeps the rows' ids.</param>
/// <param name="columns">Keeps the other values, by the column's index; null where nobody wants them.</param>
internal sealed class RowBlock(InputColumns input, NetworkSpec spec, ColumnBuffer<DataViewRowId> ids, ColumnBuffer?[] columns)
{
    private const int MostRows = 1024, MostSteps = 1 << 16, MostNumbers = 1 << 20;

    /// <summary>Of an input that gives its rows slowly, no more is read than it gives in this time: its reader waits for them.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    private readonly List<(long Position, long Batch)> _places = [];
    private readonly List<ExceptionDispatchInfo?> _errors = [];
    private readonly int _mostSteps =
        (int)Math.Clamp(MostNumbers / Math.Max(input.Inputs.NumbersPerStep, spec.Output.EveryStep ? spec.Output.NumberOfOutputs : 1), 1, MostSteps);
    private readonly int _mostRows = spec.Output.EveryStep ? MostRows : Math.Clamp(MostNumbers / spec.Output.NumberOfOutputs, 1, MostRows);
    private float[] _scores = [];
    private int[] _tags = [];
    private bool _isLast;
    private ExceptionDispatchInfo? _failure;

    public int Count => _places.Count;

    /// <summary>The sequences, row by row; an empty one where it could not be read.</summary>
    public SequenceDataset Sequences { get; } = input.NewDataset();

    /// <summary>Whether the input may have rows after these; neither its end nor an error was met.</summary>
    public bool MayGoOn => !_isLast && _failure is null;

    /// <summary>Whether each row has its scores, or an error.</summary>
    public bool IsScored { get; set; }

    /// <summary>[Count, K], or [all steps, K] where every step has an output, for the network to write to.</summary>
    public Span<float> Scores => _scores.AsSpan(0, OutputRows * spec.Output.NumberOfOutputs);

    /// <summary>[all steps] for the network to write to; empty where a row has one output.</summary>
    public Span<int> Tags => spec.Output.EveryStep ? _tags.AsSpan(0, OutputRows) : [];

    public ColumnBuffer<DataViewRowId> Ids => ids;

    public IReadOnlyList<ColumnBuffer?> Columns => columns;

    public (long Position, long Batch) PlaceOf(int row) => _places[row];

    /// <summary>Whether the row has a sequence to score.</summary>
    public bool IsReadable(int row) => _errors[row] is null;

    /// <summary>Notes that the row's sequence could not be scored.</summary>
    public void FailScoring(int row, Exception error) =>
        Fail(row, RowError.IsOfTheRow(error) ? RowError.Of(input, PlaceOf(row).Position, error) : error);

    /// <summary>Notes that the row has no scores.</summary>
    public void Fail(int row, Exception error) => _errors[row] = ExceptionDispatchInfo.Capture(error);

    /// <summary>[K] the scores of a row, or [T, K] of its steps; throws what kept it from having any.</summary>
    public ReadOnlySpan<float> ScoresOf(int row)
    {
        _errors[row]?.Throw();
        return _scores.AsSpan(FirstOutput(row) * spec.Output.NumberOfOutputs, (FirstOutput(row + 1) - FirstOutput(row)) * spec.Output.NumberOfOutputs);
    }

    /// <summary>[T] what each step of a row is taken for; throws what kept it from being scored.</summary>
    public ReadOnlySpan<int> TagsOf(int row)
    {
        _errors[row]?.Throw();
        return _tags.AsSpan(FirstOutput(row), FirstOutput(row + 1) - FirstOutput(row));
    }

    /// <summary>Takes in the next rows, in place of those held before.</summary>
    /// <param name="cursor">Stands before them.</param>
    /// <param name="reader">Reads its sequences.</param>
    /// <param name="rows">How many at most.</param>
    public void Read(DataViewRowCursor cursor, InputReader reader, int rows)
    {
        _places.Clear();
        _errors.Clear();
        Sequences.Clear();
        IsScored = false;
        rows = Math.Min(rows, _mostRows);
        long start = Stopwatch.GetTimestamp();
        while (Count < rows && Sequences.NumberOfSteps < _mostSteps && Stopwatch.GetElapsedTime(start) < LongestWait && MoveNext(cursor))
            Add(cursor, reader);
        if (_scores.Length < (long)OutputRows * spec.Output.NumberOfOutputs)
            _scores = new float[ArrayLength.Of(OutputRows, spec.Output.NumberOfOutputs)];
        if (spec.Output.EveryStep && _tags.Length < OutputRows)
            _tags = new int[OutputRows];
    }

    /// <summary>Throws, once, what the input threw when it was to move to the row after these.</summary>
    public void ThrowFailure()
    {
        ExceptionDispatchInfo? failure = _failure;
        _failure = null;
        failure?.Throw();
    }

    private int OutputRows => FirstOutput(Count);

    /// <summary>The place of a row's first output; of one after the last, how many there are.</summary>
    private int FirstOutput(int row) => spec.Output.EveryStep ? (int)Sequences.Start(row) : row;

    /// <summary>A row whose scores no array could hold must not take those of its neighbours with it.</summary>
    private void RequireRoom(int row, int steps)
    {
        try
        {
            ArrayLength.Of(Sequences.NumberOfSteps + steps, spec.Output.NumberOfOutputs);
        }
        catch (InvalidOperationException e)
        {
            throw RowError.Of(input, PlaceOf(row).Position, e);
        }
    }

    private bool MoveNext(DataViewRowCursor cursor)
    {
        try
        {
            _isLast = !cursor.MoveNext();
            return !_isLast;
        }
        catch (Exception e)
        {
            _failure = ExceptionDispatchInfo.Capture(e);
            return false;
        }
    }

    private void Add(DataViewRowCursor cursor, InputReader reader)
    {
        int row = Count;
        _places.Add((cursor.Position, cursor.Batch));
        _errors.Add(null);
        ids.Read(row);
        foreach (ColumnBuffer? buffer in columns)
            buffer?.Read(row);
        try
        {
            reader.Read();
            if (spec.Output.EveryStep)
                RequireRoom(row, reader.Length);
        }
        catch (Exception e)
        {
            Fail(row, e);
        }
        if (IsReadable(row))
            reader.AddTo(Sequences, label: 0);
        else
            Sequences.AddEmpty([0]);
    }
}
