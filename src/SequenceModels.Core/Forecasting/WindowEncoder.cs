using SequenceModels.Kernels;

namespace SequenceModels.Forecasting;

/// <summary>
/// Makes frames of the steps up to an origin, and knows how to bring the network's outputs back to the target's own unit. One per
/// thread: holds the window that was encoded last.
/// </summary>
/// <param name="spec">What goes into a frame.</param>
/// <param name="scales">Of the targets after their transform [D], then of the covariates.</param>
internal sealed class WindowEncoder(ForecastSpec spec, StandardScale[] scales)
{
    /// <summary>A deviation below this share of the values is rounding.</summary>
    private const double Resolution = 1e-6;

    /// <summary>Taken when there is a window: sizes that are only stated, and never filled, cost nothing.</summary>
    private double[] _levels = [];
    private bool[] _missing = [];
    private float[] _frames = [];
    private TargetScale[] _scales = [];

    /// <summary>[T, F] of the window.</summary>
    public ReadOnlySpan<float> Frames => _frames;

    /// <summary>[D] what brings the window's outputs back.</summary>
    public ReadOnlySpan<TargetScale> Scales => _scales;

    /// <summary>
    /// Encodes the window that ends with the step <paramref name="origin"/>. Of later steps only covariates known ahead are read.
    /// </summary>
    /// <returns>
    /// Whether there is one: there must be enough steps, one value at least of each target among them, and all that is to be
    /// known ahead.
    /// </returns>
    public bool TryEncode(SeriesSteps steps, int origin)
    {
        int first = origin + 1 - spec.HistorySize;
        if (first < 0 || origin >= steps.Count || (spec.Future > 0 && !KnowsFuture(steps, origin)))
            return false;
        if (_frames.Length == 0)
        {
            _frames = new float[ArrayLength.Of(spec.Frames, spec.FrameSize)];
            (_levels, _missing, _scales) =
                (new double[spec.HistorySize], new bool[spec.HistorySize], new TargetScale[spec.Targets]);
        }
        for (int target = 0; target < spec.Targets; target++)
            if (!TryEncodeTarget(steps, first, target))
                return false;
        EncodeCovariates(steps, origin);
        return true;
    }

    /// <summary>
    /// The scaled labels [L] of the window: what its outputs should be. NaN where a value is missing or not there yet.
    /// </summary>
    public void Labels(SeriesSteps steps, int origin, Span<float> labels)
    {
        for (int h = 0; h < spec.Horizon; h++)
            for (int target = 0; target < spec.Targets; target++)
                labels[h * spec.Targets + target] = origin + 1 + h < steps.Count
                    ? (float)((Transformed(steps[origin + 1 + h][target]) - _scales[target].Location(h)) / _scales[target].Scale)
                    : float.NaN;
    }

    private double Transformed(float value) => spec.IsLog ? Math.Log(value) : value;

    private bool KnowsFuture(SeriesSteps steps, int origin)
    {
        if (origin + spec.Horizon >= steps.Count)
            return false;
        for (int h = 1; h <= spec.Horizon; h++)
            foreach (float value in steps[origin + h].Slice(spec.Targets + spec.Past, spec.Future))
                if (float.IsNaN(value))
                    return false;
        return true;
    }

    /// <summary>A missing value is the last one known in the window, or before any is known the first to come.</summary>
    private bool TryEncodeTarget(SeriesSteps steps, int first, int target)
    {
        int known = -1;
        for (int t = 0; t < _levels.Length; t++)
        {
            double level = Transformed(steps[first + t][target]);
            _missing[t] = double.IsNaN(level);
            _levels[t] = _missing[t] && known >= 0 ? _levels[t - 1] : level;
            if (!_missing[t] && known < 0)
                _levels.AsSpan(0, known = t).Fill(level);
        }
        if (known < 0)
            return false;
        double last = _levels[^1], largest = 0;
        foreach (double level in _levels)
            largest = Math.Max(largest, Math.Abs(level));
        int skip = spec.IsDifference ? 1 : 0;
        for (int t = _levels.Length - 1; t >= skip && skip > 0; t--)
            _levels[t] -= _levels[t - 1];
        ReadOnlySpan<double> values = _levels.AsSpan(skip);
        (double center, double scale) = ScaleOf(values, target, largest);
        _scales[target] = spec.IsDifference ? new(last, center, scale) : new(spec.FromLastValue ? last : center, 0, scale);
        for (int t = 0; t < values.Length; t++)
        {
            _frames[t * spec.FrameSize + target] = (float)((values[t] - center) / scale);
            if (spec.MarksGaps)
                _frames[t * spec.FrameSize + spec.StepSize + target] = _missing[skip + t] ? 1 : 0;
        }
        return true;
    }

    private (double Center, double Scale) ScaleOf(ReadOnlySpan<double> values, int target, double largest)
    {
        StandardScale all = scales[target];
        if (spec.Scaling == ForecastScaling.None)
            return (all.Mean, all.Deviation);
        double sum = 0, squares = 0;
        if (spec.Scaling == ForecastScaling.Mean)
        {
            foreach (double value in values)
                sum += Math.Abs(value);
            return (0, sum > Resolution * largest ? sum / values.Length : all.Deviation);
        }
        foreach (double value in values)
            sum += value;
        double mean = sum / values.Length;
        foreach (double value in values)
            squares += (value - mean) * (value - mean);
        double deviation = Math.Sqrt(squares / values.Length);
        return (mean, deviation > Resolution * largest ? deviation : all.Deviation);
    }

    private void EncodeCovariates(SeriesSteps steps, int origin)
    {
        int first = origin + 1 - spec.WindowSize;
        for (int t = 0; t < spec.Frames; t++)
        {
            bool ahead = t >= spec.WindowSize;
            Span<float> frame = _frames.AsSpan(t * spec.FrameSize, spec.FrameSize);
            if (ahead)
                frame.Clear();
            if (spec.Future > 0)
                frame[^1] = ahead ? 1 : 0;
            for (int i = spec.Targets; i < spec.StepSize; i++)
            {
                bool past = i < spec.Targets + spec.Past, constant = i >= spec.Targets + spec.Past + spec.Future;
                if (ahead && past)
                    continue;
                float value = steps[ahead && constant ? origin : first + t][i];
                // A covariate that is missing has the value of the step before, or the mean.
                frame[i] = !float.IsNaN(value) ? scales[i].Apply(value) : t > 0 ? _frames[(t - 1) * spec.FrameSize + i] : 0;
            }
        }
    }
}
