using SequenceModels.Kernels;

namespace SequenceModels.Forecasting;

/// <summary>
/// Makes frames of the steps up to an origin, and knows how to bring the network's outputs back to the target's own unit. One per
/// thread: holds the windows that were encoded last.
/// </summary>
/// <param name="spec">What goes into a frame.</param>
/// <param name="scales">Of steps and labels.</param>
internal sealed class WindowEncoder(ForecastSpec spec, ForecastScales scales)
{
    /// <summary>A deviation below this share of the values is rounding.</summary>
    private const double Resolution = 1e-6;

    /// <summary>Taken when there is a window: sizes that are only stated, and never filled, cost nothing.</summary>
    private TargetHistory? _history;
    private float[] _frames = [];
    private LabelScale[] _scales = [];

    /// <summary>[L] what brings the outputs for each label back.</summary>
    public ReadOnlySpan<LabelScale> Scales => _scales;

    /// <summary>Floats of one window.</summary>
    private int Length => spec.Frames * spec.FrameSize;

    /// <summary>[T, F] of a window.</summary>
    public ReadOnlySpan<float> Frames(int channel) => _frames.AsSpan(channel * Length, Length);

    /// <summary>Which number of a step stands in a frame, among its targets and past numbers.</summary>
    public int NumberOf(int channel, int place) => place >= spec.WindowTargets ? spec.Targets + place - spec.WindowTargets
        : spec.ChannelIndependent ? channel : place;

    /// <summary>
    /// Encodes the windows that end with the step <paramref name="origin"/>. Of later steps only covariates known ahead are read.
    /// </summary>
    /// <returns>
    /// Whether there are such: there must be enough steps, one value at least of each target among them, and all that is to be
    /// known ahead.
    /// </returns>
    public bool TryEncode(SeriesSteps steps, int origin)
    {
        int first = origin + 1 - spec.HistorySize;
        if (first < 0 || origin >= steps.Count || (spec.Future > 0 && !KnowsFuture(steps, origin)))
            return false;
        if (_history is null)
        {
            _frames = new float[ArrayLength.Of(spec.Channels, (long)spec.Frames * spec.FrameSize)];
            (_history, _scales) = (new TargetHistory(spec), new LabelScale[spec.Labels]);
        }
        for (int target = 0; target < spec.Targets; target++)
        {
            if (!_history.TryRead(steps, first, target))
                return false;
            EncodeTarget(_history, target);
        }
        for (int channel = 0; channel < spec.Channels; channel++)
        {
            EncodeCovariates(steps, origin, _frames.AsSpan(channel * Length, Length));
            EncodeDifferences(channel, _frames.AsSpan(channel * Length, Length));
        }
        return true;
    }

    /// <summary>
    /// The scaled labels [L] of the windows: what their outputs should be. NaN where a value is missing or not there yet.
    /// </summary>
    public void Labels(SeriesSteps steps, int origin, Span<float> labels)
    {
        for (int label = 0; label < labels.Length; label++)
        {
            int step = origin + 1 + label / spec.Targets;
            labels[label] = step < steps.Count
                ? (float)((_history!.LevelOf(steps[step][label % spec.Targets]) - _scales[label].Location) / _scales[label].Scale)
                : float.NaN;
        }
    }

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

    private void EncodeTarget(TargetHistory history, int target)
    {
        (double center, double scale) = ScaleOf(history.Window, target, history.Largest);
        for (int h = 0, label = target; h < spec.Horizon; h++, label += spec.Targets)
            _scales[label] = new(history.Location(h, center), scale * scales.Labels[label]);
        (int channel, int slot) = spec.ChannelIndependent ? (target, 0) : (0, target);
        for (int t = 0; t < spec.Frames; t++)
        {
            Span<float> frame = _frames.AsSpan(channel * Length + t * spec.FrameSize, spec.FrameSize);
            bool ahead = t >= spec.WindowSize;
            frame[slot] = ahead ? 0 : (float)((history.Window[t] - center) / scale);
            if (spec.SeasonalInputs)
                frame[spec.FirstSeasonal + slot] = (float)((history.SeasonBefore(t) - center) / scale);
            if (spec.MarksGaps)
                frame[spec.FirstMark + slot] = !ahead && history.IsMissing(t) ? 1 : 0;
        }
    }

    private (double Center, double Scale) ScaleOf(ReadOnlySpan<double> values, int target, double largest)
    {
        StandardScale all = scales.Steps[target];
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

    /// <param name="steps">The series.</param>
    /// <param name="origin">The last step of the window.</param>
    /// <param name="frames">[T, F] of a window.</param>
    private void EncodeCovariates(SeriesSteps steps, int origin, Span<float> frames)
    {
        int first = origin + 1 - spec.WindowSize, shift = spec.WindowTargets - spec.Targets;
        for (int t = 0; t < spec.Frames; t++)
        {
            bool ahead = t >= spec.WindowSize;
            Span<float> frame = frames.Slice(t * spec.FrameSize, spec.FrameSize);
            if (spec.ReadsAhead)
                frame[^1] = ahead ? 1 : 0;
            for (int i = spec.Targets; i < spec.StepSize; i++)
            {
                bool past = i < spec.Targets + spec.Past, constant = i >= spec.Targets + spec.Past + spec.Future;
                int place = i + shift;
                if (ahead && past)
                {
                    frame[place] = 0;
                    continue;
                }
                float value = steps[ahead && constant ? origin : first + t][i];
                // A covariate that is missing has the value of the step before, or the mean.
                frame[place] = !float.IsNaN(value) ? scales.Steps[i].Apply(value)
                    : t > 0 ? frames[(t - 1) * spec.FrameSize + place] : 0;
            }
        }
    }

    /// <summary>
    /// The changes of a frame's first numbers, targets and past, since the frame before; 0 in the first frame and ahead.
    /// </summary>
    /// <param name="channel">Whose window it is.</param>
    /// <param name="frames">[T, F] of it.</param>
    private void EncodeDifferences(int channel, Span<float> frames)
    {
        for (int i = 0; i < spec.WindowDifferences; i++)
        {
            float size = scales.Differences[NumberOf(channel, i)];
            for (int t = 0, at = i; t < spec.Frames; t++, at += spec.FrameSize)
                frames[t * spec.FrameSize + spec.FirstDifference + i] =
                    t == 0 || t >= spec.WindowSize ? 0 : (frames[at] - frames[at - spec.FrameSize]) / size;
        }
    }
}
