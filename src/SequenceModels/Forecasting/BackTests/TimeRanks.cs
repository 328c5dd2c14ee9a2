using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;
using SequenceModels.Transforms;

namespace SequenceModels.Forecasting;

/// <summary>
/// Which step in time each row of a table is. With a column of times, rows of one time are one step; without one, the last
/// observation of each series is the same step.
/// </summary>
internal sealed class TimeRanks
{
    private readonly GroupedColumn? _times;
    private readonly string? _timeColumn;

    /// <param name="data">A row a step.</param>
    /// <param name="columns">Its times, series and targets, as far as it has them before any transform.</param>
    /// <exception cref="ArgumentException">The column of times or of series is missing.</exception>
    /// <exception cref="InvalidOperationException">No row has a value of a target.</exception>
    public TimeRanks(IDataView data, ForecastColumns columns)
    {
        _timeColumn = columns.Time;
        DataViewSchema.Column? time = Find(data, columns.Time, "TimeColumnName"),
            series = Find(data, columns.Series, "SeriesColumnName");
        DataViewSchema.Column[] targets =
            [.. columns.Targets.Select(name => data.Schema.GetColumnOrNull(name)).OfType<DataViewSchema.Column>()
            .Where(column => column.Type == NumberDataViewType.Single)];
        using DataViewRowCursor cursor =
            data.GetRowCursor([.. targets, .. new[] { time, series }.OfType<DataViewSchema.Column>()]);
        var reader = SeriesReader.Of(cursor, series);
        _times = time is { } column ? GroupedColumn.Create(column) : null;
        Action? store = _times?.Store(cursor);
        var numbers = new NumbersReader(cursor, targets);
        float[] values = new float[targets.Length];
        List<int> groups = [];
        List<bool> known = [];
        while (cursor.MoveNext())
        {
            groups.Add(reader.Read());
            store?.Invoke();
            numbers.Read(values);
            known.Add(values.Length == 0 || Array.Exists(values, value => !float.IsNaN(value)));
        }
        _times?.RequireRightOrder();
        OfRows = _times is null ? ByPlace(groups, known) : ByTime(_times, groups.Count);
        Observed = known.Zip(OfRows).Where(row => row.First).Select(row => row.Second + 1).DefaultIfEmpty().Max();
        if (Observed == 0)
            throw new InvalidOperationException("No row has a value of " +
                $"{(columns.Targets.Length == 1 ? "" : "any of ")}'{string.Join("', '", columns.Targets)}': there is nothing " +
                "to test on. A text that the loader cannot read as a number is such a missing value: look at the separator and " +
                "at decimal commas.");
    }

    /// <summary>The step of each row, from 0.</summary>
    public IReadOnlyList<int> OfRows { get; }

    /// <summary>Steps in time up to the last observation.</summary>
    public int Observed { get; }

    /// <summary>Whether there is a column of times.</summary>
    public bool HasTimes => _times is not null;

    /// <summary>The time of a row, as pages show it.</summary>
    public string Show(int row) => _times!.Show(row);

    /// <summary>The first step at or after a time; behind the last where all are before it.</summary>
    /// <param name="parse">Makes of a time's text what is compared; null: it cannot.</param>
    /// <param name="time">The time.</param>
    /// <param name="kind">What it is, for the error message.</param>
    /// <exception cref="InvalidOperationException">There is no column of times, or it holds something else.</exception>
    public int At<T>(Func<string, T?> parse, T time, string kind) where T : struct, IComparable<T>
    {
        if (_times is null)
            throw new InvalidOperationException($"The data are to be cut at {InvariantText.Of(time)}, but the forecast has no " +
                $"column of times. Set {nameof(ForecastOptions)}.{nameof(ForecastOptions.TimeColumnName)}, or cut with " +
                $"{nameof(ForecastSplit)}.{nameof(ForecastSplit.AtRow)}.");
        int first = int.MaxValue;
        for (int row = 0; row < OfRows.Count; row++)
            if ((parse(Show(row)) ?? throw new InvalidOperationException($"Column '{_timeColumn}', row " +
                Invariant($"{row} (counted from 0), is {Show(row)}: {kind} was given to cut at. Give the other kind to ") +
                $"{nameof(ForecastSplit.AtTime)}, or cut with {nameof(ForecastSplit)}.{nameof(ForecastSplit.AtRow)}."))
                .CompareTo(time) >= 0)
                first = Math.Min(first, OfRows[row]);
        return Math.Min(first, OfRows.DefaultIfEmpty(-1).Max() + 1);
    }

    private static int[] ByTime(GroupedColumn times, int count)
    {
        int[] order = [.. Enumerable.Range(0, count).OrderBy(row => row, Comparer<int>.Create(times.Compare))],
            ranks = new int[count];
        for (int i = 1; i < count; i++)
            ranks[order[i]] = ranks[order[i - 1]] + (times.Compare(order[i - 1], order[i]) == 0 ? 0 : 1);
        return ranks;
    }

    /// <summary>The last observation of each series has the same rank.</summary>
    private static int[] ByPlace(List<int> groups, List<bool> known)
    {
        int series = groups.Count == 0 ? 0 : groups.Max() + 1;
        int[] counts = new int[series], observed = new int[series], ranks = new int[groups.Count];
        for (int row = 0; row < ranks.Length; row++)
        {
            ranks[row] = counts[groups[row]]++;
            if (known[row])
                observed[groups[row]] = counts[groups[row]];
        }
        int longest = observed.DefaultIfEmpty().Max();
        for (int row = 0; row < ranks.Length; row++)
            ranks[row] += longest - observed[groups[row]];
        return ranks;
    }

    private static DataViewSchema.Column? Find(IDataView data, string? name, string option) => name is null ? null
        : data.Schema.GetColumnOrNull(name) ?? throw new ArgumentException(
            $"{MissingColumn.Describe(name, data.Schema.Select(column => column.Name))} It is ForecastOptions.{option}, and a " +
            "back test cuts the data before any transform sees it: the column must be there from the start.", nameof(data));
}
