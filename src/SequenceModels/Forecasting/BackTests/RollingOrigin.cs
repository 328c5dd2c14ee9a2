using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;
using SequenceModels.Transforms;

namespace SequenceModels.Forecasting;

/// <summary>
/// Cuts a table of steps in time: training rows before a cut, forecasts from it on, then the next cut. With a column of times all
/// series are cut at the same time; without one, each at the same distance from its last observation.
/// </summary>
internal sealed class RollingOrigin
{
    private readonly int[] _ranks;
    private readonly int[] _cuts;

    /// <param name="data">A row a step.</param>
    /// <param name="columns">Its times, series and targets, as far as it has them before any transform.</param>
    /// <param name="folds">How often a model is trained.</param>
    /// <param name="testFraction">Share of the time that is forecast.</param>
    /// <exception cref="InvalidOperationException">There are too few steps.</exception>
    public RollingOrigin(IDataView data, ForecastColumns columns, int folds, double testFraction)
    {
        (_ranks, Observed) = Rank(data, columns);
        int first = Observed - Math.Max(folds, (int)Math.Round(testFraction * Observed));
        if (first < 1)
            throw new InvalidOperationException(Observed == 0
                ? "No row has a value of " +
                $"{(columns.Targets.Length == 1 ? "" : "any of ")}'{string.Join("', '", columns.Targets)}': there is nothing " +
                "to test on. " +
                  "A text that the loader cannot read as a number is such a missing value: look at the separator and at " +
                  "decimal commas."
                : string.Create(CultureInfo.InvariantCulture,
                $"There {(Observed == 1 ? "is" : "are")} {Counted.Of(Observed, "step")} in time, too few for " +
                    $"{Counted.Of(folds, "fold")} and something to learn from before them. Use fewer folds, a smaller " +
                    $"testFraction (now {testFraction}), or more rows."));
        _cuts = [.. Enumerable.Range(0, folds + 1).Select(fold => first + (int)((long)fold * (Observed - first) / folds))];
    }

    /// <summary>Steps in time up to the last observation.</summary>
    public int Observed { get; }

    /// <summary>Steps of all folds that are forecast.</summary>
    public int Tested => _cuts[^1] - _cuts[0];

    /// <summary>Steps that the model of a fold learns from.</summary>
    public int Trained(int fold) => _cuts[fold];

    /// <summary>Rows that the model of a fold learns from.</summary>
    public bool[] Training(int fold) => [.. _ranks.Select(rank => rank < _cuts[fold])];

    /// <summary>Rows that are looked at to forecast a fold and to see what came true.</summary>
    public bool[] Seen(int fold, int horizon) => [.. _ranks.Select(rank => rank < _cuts[fold + 1] + horizon)];

    /// <summary>Whether the forecast of a row is one of the fold's.</summary>
    public bool IsOrigin(int fold, int row) => _ranks[row] >= _cuts[fold] - 1 && _ranks[row] < _cuts[fold + 1] - 1;

    public bool IsTraining(int fold, int row) => _ranks[row] < _cuts[fold];

    private static (int[] Ranks, int Observed) Rank(IDataView data, ForecastColumns columns)
    {
        DataViewSchema.Column? time = Find(data, columns.Time, "TimeColumnName"),
            series = Find(data, columns.Series, "SeriesColumnName");
        DataViewSchema.Column[] targets =
            [.. columns.Targets.Select(name => data.Schema.GetColumnOrNull(name)).OfType<DataViewSchema.Column>()
            .Where(column => column.Type == NumberDataViewType.Single)];
        using DataViewRowCursor cursor =
            data.GetRowCursor([.. targets, .. new[] { time, series }.OfType<DataViewSchema.Column>()]);
        var reader = SeriesReader.Of(cursor, series);
        GroupedColumn? times = time is { } column ? GroupedColumn.Create(column) : null;
        Action? store = times?.Store(cursor);
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
        times?.RequireRightOrder();
        int[] ranks = times is null ? ByPlace(groups, known) : ByTime(times, groups.Count);
        return (ranks, known.Zip(ranks).Where(row => row.First).Select(row => row.Second + 1).DefaultIfEmpty().Max());
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
