using System.Globalization;
using SequenceModels.Files;

namespace SequenceModels.Forecasting;

/// <summary>The last steps of each series: as many as a window is made of.</summary>
/// <param name="shape">Of the windows.</param>
/// <param name="columns">What is kept of the last step beside its numbers.</param>
internal sealed class ForecastState(ForecastSpec shape, KeptColumn[] columns)
{
    /// <summary>Series that a message names.</summary>
    private const int MostNamed = 5;

    private readonly Dictionary<string, SeriesState> _series = [];

    /// <summary>The series that have steps, in the order of their first ones.</summary>
    public IReadOnlyCollection<string> Series => _series.Keys;

    /// <summary>What is kept of the last step beside its numbers.</summary>
    public KeptColumn[] Columns => columns;

    /// <summary>Whether some series has as many steps as a window: one at least that training learned from has.</summary>
    public bool HasWindow => _series.Values.Any(series => series.Count == shape.HistorySize);

    /// <summary>The state after all observed steps of a table that was read with its last steps.</summary>
    public static ForecastState After(SeriesTable table, ForecastSpec shape)
    {
        var state = new ForecastState(shape, table.LastSteps!.Columns);
        for (int series = 0; series < table.Series.Length; series++)
        {
            int observed = table.Series[series].CountObserved(shape.Targets);
            for (int t = Math.Max(0, observed - shape.HistorySize); t < observed; t++)
                state.Add(state.Find(table.Names[series]), table.Names[series], table.Series[series][t], table.LastSteps.Of(series)!);
        }
        return state;
    }

    /// <summary>Adds a step; the oldest goes.</summary>
    /// <param name="series">As <see cref="Find"/> gave it; null: it begins.</param>
    /// <param name="name">The series' name.</param>
    /// <param name="numbers">[N].</param>
    /// <param name="values">A value for each of <see cref="Columns"/>.</param>
    public void Add(SeriesState? series, ReadOnlySpan<char> name, ReadOnlySpan<float> numbers, StepValue[] values) =>
        (series ?? New(name.ToString())).Add(numbers, values);

    /// <summary>A series that has steps; null if there is none of that name.</summary>
    public SeriesState? Find(ReadOnlySpan<char> series) =>
        _series.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(series, out SeriesState? found) ? found : null;

    /// <summary>A series that has steps.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public SeriesState Require(ReadOnlySpan<char> series) => Find(series) ?? throw new ArgumentException(_series.Count == 0
        ? "No step was observed yet, and there is nothing to forecast from: Observe steps first."
        : $"Of the series '{series}' no step was observed: Observe its steps first, or name one of {string.Join(", ", _series.Keys.Take(MostNamed).Select(name => $"'{name}'"))}" +
            $"{(_series.Count > MostNamed ? " and others" : "")}.", nameof(series));

    /// <summary>The series that has steps, if it is the only one.</summary>
    /// <exception cref="ArgumentException">There are several, or none.</exception>
    public SeriesState Only()
    {
        if (_series.Count > 1)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"There are {_series.Count} series: say which."), "series");
        foreach (SeriesState series in _series.Values)
            return series;
        return Require("");
    }

    public void Clear() => _series.Clear();

    /// <summary>A state of its own with some of the columns, by their names.</summary>
    public ForecastState Copy(KeptColumn[] kept)
    {
        var copy = new ForecastState(shape, kept);
        int[] places = Array.ConvertAll(kept, column => Array.FindIndex(columns, each => each.Name == column.Name));
        foreach (SeriesState series in _series.Values)
            copy._series.Add(series.Name, series.Copy(KeptColumn.NewValues(kept), places));
        return copy;
    }

    /// <summary>Takes over what another state has, of which it needs <see cref="Columns"/> only.</summary>
    public void Replace(ForecastState other)
    {
        _series.Clear();
        foreach (SeriesState series in other.Copy(columns)._series.Values)
            _series.Add(series.Name, series);
    }

    public void Write(BinaryWriter writer)
    {
        KeptColumn.Write(writer, columns);
        writer.Write(_series.Count);
        foreach (SeriesState series in _series.Values)
            series.Write(writer);
    }

    public static ForecastState Read(PayloadReader reader, ForecastSpec shape)
    {
        var state = new ForecastState(shape, KeptColumn.ReadAll(reader));
        int count = reader.ReadCount("the number of series", 1 + sizeof(int) + shape.StepSize * sizeof(float));
        for (int i = 0; i < count; i++)
        {
            string series = reader.ReadString();
            if (state.Find(series) is not null)
                throw reader.Invalid($"the series '{series}' is there twice");
            state.New(series).Read(reader, shape.Targets, shape.IsLog);
        }
        return state;
    }

    private SeriesState New(string series) => _series[series] = new SeriesState(series, shape.HistorySize, shape.StepSize, KeptColumn.NewValues(columns));
}
