using SequenceModels.Kernels;

namespace SequenceModels.Forecasting;

/// <summary>
/// The steps that a series still has to come, as far as something is known of them, in the order of their times.
/// </summary>
/// <param name="columns">Of the model.</param>
/// <param name="horizon">H: steps that are forecast.</param>
/// <param name="numbers">A: numbers of a step that are known ahead.</param>
internal sealed class FutureSteps(ForecastColumns columns, int horizon, int numbers)
{
    /// <summary>Of ForecastEngine.Predict, whose steps these are.</summary>
    private static readonly string Parameter = "future";

    private readonly List<StepValue> _times = [];

    /// <summary>[steps, A] as they were given, and [H, A] the first ones in time.</summary>
    private float[] _given = [], _ordered = [];
    private int[] _order = [];
    private EngineSeries? _series;
    private Comparison<int>? _byTime;

    /// <summary>The series that the steps are of.</summary>
    public EngineSeries Series => _series!;

    /// <summary>Steps so far.</summary>
    public int Count { get; private set; }

    public void Begin() => (_series, Count) = (null, 0);

    /// <summary>Adds one.</summary>
    /// <param name="step">What was taken of it.</param>
    /// <param name="state">Has the series.</param>
    /// <exception cref="ArgumentException">It is of another series than the others, or of one that has no steps.</exception>
    /// <exception cref="InvalidOperationException">It is not after the last step that was observed.</exception>
    public void Add(StepCapture step, ForecastEngineState state)
    {
        _series ??= state.Require(step.Series.Span);
        if (!step.Series.Span.SequenceEqual(_series.Name))
            throw new ArgumentException($"The steps are of different series, '{_series.Name}' and '{step.Series}': forecast " +
                "one at a time.", Parameter);
        if (step.Time is { } time)
        {
            step.RequireAfter(_series);
            if (_times.Count == Count)
                _times.Add(step.NewTime());
            _times[Count].CopyFrom(time);
        }
        if (_given.Length < (Count + 1) * numbers)
            Array.Resize(ref _given, ArrayLength.Of(Math.Max(4L, 2L * Count), numbers));
        step.Ahead.CopyTo(_given.AsSpan(Count++ * numbers));
    }

    /// <summary>[H, A] the first ones in time; where there are no times, in the order in which they were given.</summary>
    /// <exception cref="ArgumentException">There are too few.</exception>
    /// <exception cref="InvalidOperationException">Two have the same time.</exception>
    public ReadOnlySpan<float> Ordered()
    {
        if (Count < horizon)
            throw new ArgumentException(Invariant($"{Counted.Of(Count, "step is", "steps are")} given, but the horizon is ") +
                Invariant($"{horizon}."), Parameter);
        if (columns.Time is null)
            return _given.AsSpan(0, horizon * numbers);
        if (_order.Length < Count)
            Array.Resize(ref _order, 2 * Count);
        if (_ordered.Length == 0)
            _ordered = new float[ArrayLength.Of(horizon, numbers)];
        for (int i = 0; i < Count; i++)
            _order[i] = i;
        _order.AsSpan(0, Count).Sort(_byTime ??= (a, b) => _times[a].CompareTo(_times[b]));
        for (int i = 1; i < Count; i++)
            if (_times[_order[i - 1]].CompareTo(_times[_order[i]]) == 0)
                throw TimeFaults.Doubled(columns, _times[_order[i]].ToString()!, Series.Name);
        for (int i = 0; i < horizon; i++)
            _given.AsSpan(_order[i] * numbers, numbers).CopyTo(_ordered.AsSpan(i * numbers));
        return _ordered;
    }
}
