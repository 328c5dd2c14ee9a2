using SequenceModels.Reports;

namespace SequenceModels.Forecasting;

/// <summary>What a report shows of one target of one series.</summary>
internal sealed class ShownSeries(string name, string target)
{
    private readonly List<ForecastStretch> _stretches = [];
    private float[] _values = [];
    private Func<int, string>? _timeOf;
    private int _next = -1, _first = -1;

    /// <summary>Keeps every forecast that begins where the one before it ended.</summary>
    /// <param name="values">The series.</param>
    /// <param name="timeOf">The time of each of its steps; null: there are no times.</param>
    /// <param name="origin">The step that is forecast from.</param>
    /// <param name="horizon">H.</param>
    /// <param name="forecast">Of each number of steps ahead.</param>
    public void Add(float[] values, Func<int, string>? timeOf, int origin, int horizon,
        Func<int, (float Point, float Lower, float Upper)> forecast)
    {
        if (values.Length >= _values.Length)
            (_values, _timeOf) = (values, timeOf);
        if (origin < _next)
            return;
        (_next, _first) = (origin + horizon, _first < 0 ? origin : _first);
        _stretches.Add(new ForecastStretch((origin, values[origin]),
            [.. Enumerable.Range(1, horizon).Select(h => (Step: origin + h, Of: forecast(h)))
            .Select(at => ((double)at.Step, (double)at.Of.Point, (double)at.Of.Lower, (double)at.Of.Upper))]));
    }

    /// <summary>With half as much history before the first forecast as is forecast.</summary>
    public BackTestSeries ToPage()
    {
        int from = Math.Max(0, _first - Math.Max(20, (_values.Length - _first) / 2));
        int[] steps = [.. Enumerable.Range(from, _values.Length - from)];
        return new BackTestSeries(name, target, [.. steps.Select(step => ((double)step, (double)_values[step]))], _stretches,
            _timeOf is null ? null : steps.ToDictionary(step => (double)step, _timeOf));
    }
}
