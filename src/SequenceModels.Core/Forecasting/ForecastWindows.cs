using SequenceModels.Files;
using SequenceModels.Sequences;

namespace SequenceModels.Forecasting;

/// <summary>
/// The windows of a table: those that training learns from, and the last ones of each series, which it measures itself on. No
/// value that is to be forecast is in both.
/// </summary>
internal sealed class ForecastWindows
{
    private readonly SeriesSteps[] _series;
    private readonly ForecastSpec _spec;

    /// <param name="table">The series of the training rows.</param>
    /// <param name="spec">Of the windows.</param>
    /// <param name="validationFraction">Share of each series' windows.</param>
    public ForecastWindows(SeriesSteps[] table, ForecastSpec spec, double validationFraction)
    {
        (_series, _spec) = (table, spec);
        for (int series = 0; series < table.Length; series++)
        {
            int first = spec.HistorySize - 1, end = table[series].CountObserved(spec.Targets) - spec.Horizon;
            int measured = (int)Math.Round(validationFraction * Math.Max(0, end - first), MidpointRounding.AwayFromZero);
            int firstMeasured = end - measured;
            // The last values that are learned are those of the step before the first that is measured.
            int learned = measured == 0 ? end : firstMeasured + 1 - spec.Horizon;
            for (int origin = first; origin < learned; origin++)
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

    /// <summary>Encodes windows; those without any value to learn from or to forecast are left out.</summary>
    /// <returns>The caller disposes of it.</returns>
    public SequenceDataset Encode(List<Place> places, WindowEncoder encoder, long maximumMemoryBytes, Action throwIfCanceled)
    {
        var data = new SequenceDataset([StepFeature.Frames(_spec.FrameSize)], MemoryBudget.BytesOf(maximumMemoryBytes),
            targets: data => new RowTargets(data, _spec.Labels));
        try
        {
            float[] labels = new float[_spec.Labels];
            foreach (Place place in places)
            {
                SeriesSteps steps = _series[place.Series];
                CancellationChecks.AtRow(data.Count, throwIfCanceled);
                if (!encoder.TryEncode(steps, place.Origin))
                    continue;
                encoder.Labels(steps, place.Origin, labels);
                if (!Array.TrueForAll(labels, float.IsNaN))
                    data.Add(encoder.Frames, labels);
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
