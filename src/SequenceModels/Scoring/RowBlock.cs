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
/// Consecutive rows of an input, held in memory: their sequences for the network, the values of the other columns that are
/// wanted, and later their scores. An error of a row is kept as part of the row.
/// </summary>
/// <param name="scorer">Will score the rows.</param>
/// <param name="ids">Keeps the rows' ids.</param>
/// <param name="columns">Keeps the other values, by the column's index; null where nobody wants them.</param>
internal sealed class RowBlock(RowScorer scorer, ColumnBuffer<DataViewRowId> ids, ColumnBuffer?[] columns)
{
    private const int MostRows = 1024, MostSteps = 1 << 16, MostNumbers = 1 << 20;

    /// <summary>
    /// Of an input that gives its rows slowly, no more is read than it gives in this time: its reader waits for them.
    /// </summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    private readonly List<(long Position, long Batch)> _places = [];
    private readonly List<ExceptionDispatchInfo?> _errors = [];
    private readonly int _mostSteps =
        (int)Math.Clamp(MostNumbers / Math.Max(scorer.Columns.Inputs.NumbersPerStep, scorer.PerStep ? scorer.NumberOfScores : 1),
            1, MostSteps);
    private readonly int _mostRows = scorer.PerStep ? MostRows : Math.Clamp(MostNumbers / scorer.NumberOfScores, 1, MostRows);
    private readonly List<int> _ends = [];
    private bool _isLast;
    private ExceptionDispatchInfo? _failure;

    public int Count => _places.Count;

    /// <summary>The sequences, row by row; an empty one where it could not be read.</summary>
    public SequenceDataset Sequences { get; } = scorer.CreateDataset();

    /// <summary>Whether the input may have rows after these; neither its end nor an error was met.</summary>
    public bool MayGoOn => !_isLast && _failure is null;

    /// <summary>Whether each row has its scores, or an error.</summary>
    public bool IsScored { get; set; }

    /// <summary>Of all rows, or of all their steps.</summary>
    public ScoreBuffer Scores { get; } = new(scorer.NumberOfScores, scorer.HasTags, scorer.HasSequences);

    public ColumnBuffer<DataViewRowId> Ids => ids;

    public IReadOnlyList<ColumnBuffer?> Columns => columns;

    public (long Position, long Batch) PlaceOf(int row) => _places[row];

    /// <summary>Whether the row has a sequence to score.</summary>
    public bool IsReadable(int row) => _errors[row] is null;

    /// <summary>Keeps the error of a row whose sequence could not be scored.</summary>
    public void FailScoring(int row, Exception error) =>
        Fail(row, RowError.IsOfTheRow(error) ? RowError.Wrap(scorer.Columns, PlaceOf(row).Position, error) : error);

    /// <summary>Keeps the error of a row that has no scores by it.</summary>
    public void Fail(int row, Exception error) => _errors[row] = ExceptionDispatchInfo.Capture(error);

    /// <summary>[K] the scores of a row, or [T, K] of its steps; throws what kept it from having any.</summary>
    public ReadOnlySpan<float> ScoresOf(int row)
    {
        _errors[row]?.Throw();
        return Scores.ScoresOf(FirstScored(row), NumberScored(row));
    }

    /// <summary>[T] what each step of a row is taken for; throws what kept it from being scored.</summary>
    public ReadOnlySpan<int> TagsOf(int row)
    {
        _errors[row]?.Throw();
        return Scores.TagsOf(FirstScored(row), NumberScored(row));
    }

    /// <summary>What a row becomes; throws what kept it from that.</summary>
    public FoundSequence SequenceOf(int row)
    {
        _errors[row]?.Throw();
        return Scores.Sequences[FirstScored(row)];
    }

    /// <summary>Takes in the next rows, in place of those held before.</summary>
    /// <param name="cursor">Stands before them.</param>
    /// <param name="reader">Reads its sequences.</param>
    /// <param name="rows">How many at most.</param>
    public void Read(DataViewRowCursor cursor, InputReader reader, int rows)
    {
        _places.Clear();
        _errors.Clear();
        _ends.Clear();
        Sequences.Clear();
        IsScored = false;
        rows = Math.Min(rows, _mostRows);
        long start = Stopwatch.GetTimestamp();
        while (Count < rows && Sequences.NumberOfSteps < _mostSteps && Sequences.RowFeatures.Count < MostNumbers &&
            Stopwatch.GetElapsedTime(start) < LongestWait && MoveNext(cursor))
            Add(cursor, reader);
        Scores.Reserve(FirstScored(Count));
    }

    /// <summary>Throws, once, what the input threw when it was to move to the row after these.</summary>
    public void ThrowFailure()
    {
        ExceptionDispatchInfo? failure = _failure;
        _failure = null;
        failure?.Throw();
    }

    /// <summary>The place of the first scores of a row; of one after the last, how many there are.</summary>
    private int FirstScored(int row) => row == 0 ? 0 : _ends[row - 1];

    private int NumberScored(int row) => _ends[row] - FirstScored(row);

    /// <summary>A row whose scores no array could hold must not take those of its neighbours with it.</summary>
    private void RequireRoom(int row, int steps)
    {
        try
        {
            ArrayLength.Of((long)FirstScored(row) + steps, scorer.NumberOfScores);
        }
        catch (InvalidOperationException e)
        {
            throw RowError.Wrap(scorer.Columns, PlaceOf(row).Position, e);
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
            if (scorer.PerStep)
                RequireRoom(row, reader.Length);
        }
        catch (Exception e)
        {
            Fail(row, e);
        }
        if (IsReadable(row))
            reader.AddTo(Sequences, scorer.NoLabels);
        else
            Sequences.AddEmpty(scorer.NoLabels);
        _ends.Add(FirstScored(row) + (!scorer.PerStep ? 1 : IsReadable(row) ? reader.Length : 0));
    }
}
