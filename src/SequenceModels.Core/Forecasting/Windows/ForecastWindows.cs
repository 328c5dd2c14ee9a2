using SequenceModels.Files;
using SequenceModels.Sequences;

namespace SequenceModels.Forecasting;

/// <summary>
/// The windows of a table: those that training learns from, and the last ones of each series, which it measures itself on. No
/// value that is to be forecast is in both.
/// </summary>
internal sealed class ForecastWindows
{
    /// <summary>Windows that tell how large labels are.</summary>
    private const int MostMeasured = 4096;

    /// <summary>Labels that are all smaller, on the windows' scale, are rounding.</summary>
    private const float Smallest = 1e-5f;

    private readonly SeriesSteps[] _series;
    private readonly ForecastSpec _spec;

    /// <param name="table">The series of the training rows.</param>
    /// <param name="spec">Of the windows.</param>
    /// <param name="validationFraction">Share of each series' windows.</param>
    /// <param name="stride">Of the windows to learn from, every so manieth is taken, counted from the last.</param>
    public ForecastWindows(SeriesSteps[] table, ForecastSpec spec, double validationFraction, int stride = 1)
    {
        (_series, _spec) = (table, spec);
        for (int series = 0; series < table.Length; series++)
        {
            int first = spec.HistorySize - 1, end = table[series].CountObserved(spec.Targets) - spec.Horizon;
            int measured = (int)Math.Round(validationFraction * Math.Max(0, end - first), MidpointRounding.AwayFromZero);
            int firstMeasured = end - measured;
            // The last values that are learned are those of the step before the first that is measured.
            int learned = measured == 0 ? end : firstMeasured + 1 - spec.Horizon;
            for (int origin = first + Math.Max(0, learned - 1 - first) % stride; origin < learned; origin += stride)
                Training.Add(new(series, origin));
            for (int origin = Math.Max(first, firstMeasured); origin < end; origin++)
                Validation.Add(new(series, origin));
            // Steps whose values training may see; what scales are fitted on.
            Learned.Add(measured == 0 ? table[series].CountObserved(spec.Targets) : Math.Max(0, firstMeasured + 1));
        }
    }

    public List<Place> Training { get; } = [];

    public List<Place> Validation { get; } = [];

    /// <summary>For each series, how many of its steps training may see.</summary>
    public List<int> Learned { get; } = [];

    /// <summary>A window by its last step.</summary>
    internal readonly record struct Place(int Series, int Origin);

    /// <summary>
    /// How large the labels of the windows to learn from are, and the changes in them: [L] and [D + past numbers] the roots of
    /// their mean squares; 1 where they are 0.
    /// </summary>
    /// <param name="encoder">Leaves both on the windows' scale.</param>
    public (float[] Labels, float[] Differences) Sizes(WindowEncoder encoder)
    {
        double[] squares = new double[_spec.Labels], squaresOfDifferences = new double[_spec.Differences];
        int[] counts = new int[_spec.Labels], countsOfDifferences = new int[_spec.Differences];
        float[] labels = new float[_spec.Labels];
        int stride = (Training.Count + MostMeasured - 1) / MostMeasured;
        for (int i = 0; i < Training.Count; i += stride)
        {
            SeriesSteps steps = _series[Training[i].Series];
            if (!encoder.TryEncode(steps, Training[i].Origin))
                continue;
            encoder.Labels(steps, Training[i].Origin, labels);
            for (int label = 0; label < labels.Length; label++)
                if (!float.IsNaN(labels[label]))
                    (squares[label], counts[label]) =
                        (squares[label] + (double)labels[label] * labels[label], counts[label] + 1);
            for (int channel = 0; channel < _spec.Channels; channel++)
                AddDifferences(encoder, channel, squaresOfDifferences, countsOfDifferences);
        }
        return (Roots(squares, counts), Roots(squaresOfDifferences, countsOfDifferences));
    }

    private void AddDifferences(WindowEncoder encoder, int channel, double[] squares, int[] counts)
    {
        ReadOnlySpan<float> frames = encoder.Frames(channel);
        for (int i = 0; i < _spec.WindowDifferences; i++)
            for (int t = 1; t < _spec.WindowSize; t++)
            {
                double change = frames[t * _spec.FrameSize + _spec.FirstDifference + i];
                squares[encoder.NumberOf(channel, i)] += change * change;
                counts[encoder.NumberOf(channel, i)]++;
            }
    }

    private static float[] Roots(double[] squares, int[] counts) =>
        [.. squares.Zip(counts, (sum, count) => (float)Math.Sqrt(sum / Math.Max(1, count)))
            .Select(size => size > Smallest && float.IsFinite(size) ? size : 1)];

    /// <summary>Encodes windows; those of places without any value to learn from or to forecast are left out.</summary>
    /// <returns>The windows of a place one after the other. The caller disposes of them.</returns>
    public SequenceDataset Encode(List<Place> places, WindowEncoder encoder, RowMemory memory, Action throwIfCanceled)
    {
        var data = new SequenceDataset([StepFeature.Frames(_spec.FrameSize)], memory.Bytes,
            targets: data => new RowTargets(data, _spec.WindowLabels), group: memory.Group);
        try
        {
            float[] labels = new float[_spec.Labels], own = new float[_spec.WindowLabels];
            foreach (Place place in places)
            {
                SeriesSteps steps = _series[place.Series];
                CancellationChecks.AtRow(data.Count, throwIfCanceled);
                if (!encoder.TryEncode(steps, place.Origin))
                    continue;
                encoder.Labels(steps, place.Origin, labels);
                for (int channel = 0; channel < _spec.Channels && !Array.TrueForAll(labels, float.IsNaN); channel++)
                {
                    for (int label = 0; label < own.Length; label++)
                        own[label] = labels[_spec.LabelOf(channel, label)];
                    data.Add(encoder.Frames(channel), own, weight: Array.TrueForAll(own, float.IsNaN) ? 0 : 1);
                }
            }
            return data;
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }
}
