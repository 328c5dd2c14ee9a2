namespace SequenceModels.Forecasting;

/// <summary>
/// The last steps of one target as a forecast sees them: its levels (logarithms, where these are asked for), and their
/// differences where such are learned from. One per thread: holds what was read last.
/// </summary>
/// <param name="spec">How much of it is needed.</param>
internal sealed class TargetHistory(ForecastSpec spec)
{
    private readonly double[] _levels = new double[spec.HistorySize];
    private readonly double[] _values = new double[spec.HistorySize - spec.Lag];
    private readonly bool[] _missing = new bool[spec.HistorySize];

    /// <summary>The largest level, without its sign.</summary>
    public double Largest { get; private set; }

    /// <summary>[W] what the network learns from: the last levels, or their differences.</summary>
    public ReadOnlySpan<double> Window => _values.AsSpan(_values.Length - spec.WindowSize);

    /// <summary>What a value is before its differences are taken.</summary>
    public double LevelOf(float value) => spec.IsLog ? Math.Log(value) : value;

    /// <summary>Whether the value of a step of the window was missing.</summary>
    public bool IsMissing(int t) => _missing[_missing.Length - spec.WindowSize + t];

    /// <summary>Reads the steps from <paramref name="first"/> on.</summary>
    /// <returns>Whether any has a value.</returns>
    /// <remarks>A missing value is the last one known, or before any is known the first to come.</remarks>
    public bool TryRead(SeriesSteps steps, int first, int target)
    {
        int known = -1;
        for (int t = 0; t < _levels.Length; t++)
        {
            double level = LevelOf(steps[first + t][target]);
            _missing[t] = double.IsNaN(level);
            _levels[t] = _missing[t] && known >= 0 ? _levels[t - 1] : level;
            if (!_missing[t] && known < 0)
                _levels.AsSpan(0, known = t).Fill(level);
        }
        if (known < 0)
            return false;
        Largest = 0;
        foreach (double level in _levels)
            Largest = Math.Max(Largest, Math.Abs(level));
        for (int t = 0; t < _values.Length; t++)
            _values[t] = spec.Lag > 0 ? _levels[t + spec.Lag] - _levels[t] : _levels[t];
        return true;
    }

    /// <summary>
    /// What the window's numbers have a season before step t of its frames; ahead, at most so far back as is known.
    /// </summary>
    public double SeasonBefore(int t) => t < spec.WindowSize
        ? _values[_values.Length - spec.WindowSize + t - spec.Season] : SeasonAgo(_values, t - spec.WindowSize);

    /// <summary>The level that an output of 0 for h + 1 steps ahead means.</summary>
    /// <param name="h">From 0.</param>
    /// <param name="center">The mean of the window that its numbers are centred with.</param>
    public double Location(int h, double center) => spec switch
    {
        { IsSeasonalDifference: true } => SeasonAgo(_levels, h) + SeasonsAhead(h) *
            (spec.From == ForecastFrom.LastValue ? _values[^1] : center),
        { From: ForecastFrom.SeasonAgo } => SeasonAgo(_levels, h),
        { IsDifference: true } => _levels[^1] + (h + 1) * center,
        { From: ForecastFrom.LastValue } => _levels[^1],
        _ => center,
    };

    /// <summary>Whole seasons from the last known step at the same place of the season to h + 1 steps ahead.</summary>
    private int SeasonsAhead(int h) => h / spec.Season + 1;

    private double SeasonAgo(double[] history, int h) => history[history.Length + h - spec.Season * SeasonsAhead(h)];
}
