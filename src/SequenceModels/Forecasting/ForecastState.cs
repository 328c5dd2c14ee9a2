namespace SequenceModels.Forecasting;

/// <summary>The last steps of each series: as many as a window is made of.</summary>
internal sealed class ForecastState
{
    private readonly Dictionary<string, Queue<float[]>> _series = [];
    private readonly int _historySize;

    public ForecastState(int historySize) => _historySize = historySize;

    /// <summary>The series that have steps, in the order of their first ones.</summary>
    public IReadOnlyCollection<string> Series => _series.Keys;

    /// <summary>The state after all observed steps of a table.</summary>
    public static ForecastState After(SeriesTable table, ForecastShape shape)
    {
        var state = new ForecastState(shape.HistorySize);
        for (int series = 0; series < table.Series.Length; series++)
        {
            int observed = table.Series[series].CountObserved(shape.Targets);
            for (int t = Math.Max(0, observed - shape.HistorySize); t < observed; t++)
                state.Add(table.Names[series], table.Series[series][t].ToArray());
        }
        return state;
    }

    /// <summary>Adds a step; the oldest goes.</summary>
    /// <param name="series">Its name.</param>
    /// <param name="step">[N] numbers, not to be written to any more.</param>
    public void Add(string series, float[] step)
    {
        if (!_series.TryGetValue(series, out Queue<float[]>? steps))
            _series.Add(series, steps = new Queue<float[]>(_historySize));
        if (steps.Count == _historySize)
            steps.Dequeue();
        steps.Enqueue(step);
    }

    public bool Has(string series) => _series.ContainsKey(series);

    /// <summary>The kept steps of a series, and behind them what is known of the next ones.</summary>
    public SeriesSteps StepsOf(string series, IReadOnlyList<float[]> future)
    {
        float[][] all = [.. _series.TryGetValue(series, out Queue<float[]>? steps) ? steps : [], .. future];
        int size = all.Length == 0 ? 0 : all[0].Length;
        return new SeriesSteps([.. all.SelectMany(step => step)], size, [.. Enumerable.Range(0, all.Length)]);
    }

    public int CountOf(string series) => _series.TryGetValue(series, out Queue<float[]>? steps) ? steps.Count : 0;

    public void Clear() => _series.Clear();

    public ForecastState Copy()
    {
        var copy = new ForecastState(_historySize);
        copy.Replace(this);
        return copy;
    }

    /// <summary>Takes another state over.</summary>
    public void Replace(ForecastState other)
    {
        _series.Clear();
        foreach ((string series, Queue<float[]> steps) in other._series)
            _series.Add(series, new Queue<float[]>(steps)); // steps are never written to
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(_series.Count);
        foreach ((string series, Queue<float[]> steps) in _series)
        {
            writer.Write(series);
            writer.Write(steps.Count);
            foreach (float[] step in steps)
                foreach (float value in step)
                    writer.Write(value);
        }
    }

    public static ForecastState Read(PayloadReader reader, ForecastShape shape)
    {
        var state = new ForecastState(shape.HistorySize);
        int count = reader.ReadCount("the number of series", 2);
        for (int i = 0; i < count; i++)
        {
            string series = reader.ReadString();
            if (state.Has(series))
                throw reader.Bad($"the series '{series}' is there twice");
            int steps = reader.ReadCount("the number of steps", shape.StepSize * sizeof(float));
            for (int t = 0; t < steps; t++)
            {
                float[] step = new float[shape.StepSize];
                reader.ReadSingles(step);
                state.Add(series, step);
            }
        }
        return state;
    }
}
