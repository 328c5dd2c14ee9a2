using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;
using SequenceModels.Sequences;

namespace SequenceModels.Trainers;

/// <summary>
/// Consecutive rows of an input, held in memory: their sequences for the network, the values of the other columns that are wanted,
/// and later their scores. An error of a row is kept as part of the row.
/// </summary>
/// <param name="column">The column of sequences.</param>
/// <param name="outputs">K, the scores of a row.</param>
/// <param name="ids">Keeps the rows' ids.</param>
/// <param name="columns">Keeps the other values, by the column's index; null where nobody wants them.</param>
internal sealed class RowBlock(SequenceColumn column, int outputs, ColumnBuffer<DataViewRowId> ids, ColumnBuffer?[] columns)
{
    private const int MostRows = 1024, MostSteps = 1 << 16, MostNumbers = 1 << 20;

    /// <summary>Of an input that gives its rows slowly, no more is read than it gives in this time: its reader waits for them.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    private readonly List<(long Position, long Batch)> _places = [];
    private readonly List<ExceptionDispatchInfo?> _errors = [];
    private readonly int _mostSteps = column.Input == SequenceInput.Tokens ? MostSteps : Math.Min(MostSteps, MostNumbers / column.InputSize);
    private readonly int _mostRows = Math.Clamp(MostNumbers / outputs, 1, MostRows);
    private float[] _scores = [];
    private bool _isLast;
    private ExceptionDispatchInfo? _failure;

    public int Count => _places.Count;

    /// <summary>The sequences, row by row; an empty one where it could not be read.</summary>
    public SequenceDataset Sequences { get; } = new(column.Input, column.InputSize);

    /// <summary>Whether the input may have rows after these; neither its end nor an error was met.</summary>
    public bool MayGoOn => !_isLast && _failure is null;

    /// <summary>Whether each row has its scores, or an error.</summary>
    public bool IsScored { get; set; }

    /// <summary>[Count, K] for the network to write to.</summary>
    public Span<float> Scores => _scores.AsSpan(0, Count * outputs);

    public ColumnBuffer<DataViewRowId> Ids => ids;

    public IReadOnlyList<ColumnBuffer?> Columns => columns;

    public (long Position, long Batch) PlaceOf(int row) => _places[row];

    /// <summary>Whether the row has a sequence to score.</summary>
    public bool IsReadable(int row) => _errors[row] is null;

    /// <summary>Notes that the row has no scores.</summary>
    public void Fail(int row, Exception error) => _errors[row] = ExceptionDispatchInfo.Capture(error);

    /// <summary>[K] the scores of a row; throws what kept it from having any.</summary>
    public ReadOnlySpan<float> ScoresOf(int row)
    {
        _errors[row]?.Throw();
        return _scores.AsSpan(row * outputs, outputs);
    }

    /// <summary>Takes in the next rows, in place of those held before.</summary>
    /// <param name="input">Stands before them.</param>
    /// <param name="reader">Reads its sequences.</param>
    /// <param name="rows">How many at most.</param>
    public void Read(DataViewRowCursor input, SequenceReader reader, int rows)
    {
        _places.Clear();
        _errors.Clear();
        Sequences.Clear();
        IsScored = false;
        rows = Math.Min(rows, _mostRows);
        long start = Stopwatch.GetTimestamp();
        while (Count < rows && Sequences.NumberOfSteps < _mostSteps && Stopwatch.GetElapsedTime(start) < LongestWait && MoveNext(input))
            Add(input, reader);
        if (_scores.Length < Count * outputs)
            _scores = new float[Count * outputs];
    }

    /// <summary>Throws, once, what the input threw when it was to move to the row after these.</summary>
    public void ThrowFailure()
    {
        ExceptionDispatchInfo? failure = _failure;
        _failure = null;
        failure?.Throw();
    }

    private bool MoveNext(DataViewRowCursor input)
    {
        try
        {
            _isLast = !input.MoveNext();
            return !_isLast;
        }
        catch (Exception e)
        {
            _failure = ExceptionDispatchInfo.Capture(e);
            return false;
        }
    }

    private void Add(DataViewRowCursor input, SequenceReader reader)
    {
        int row = Count;
        _places.Add((input.Position, input.Batch));
        _errors.Add(null);
        ids.Read(row);
        foreach (ColumnBuffer? buffer in columns)
            buffer?.Read(row);
        try
        {
            reader.Read();
        }
        catch (Exception e)
        {
            Fail(row, e);
        }
        if (column.Input == SequenceInput.Tokens)
            Sequences.Add(IsReadable(row) ? reader.Tokens : [], label: 0);
        else
            Sequences.Add(IsReadable(row) ? reader.Frames : [], label: 0);
    }
}
