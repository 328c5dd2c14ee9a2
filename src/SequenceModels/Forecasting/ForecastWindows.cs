using System.Globalization;
using SequenceModels.Files;
using SequenceModels.Sequences;

namespace SequenceModels.Forecasting;

/// <summary>
/// The windows of a table: those that training learns from, and the last ones of each series, which it measures itself on. No value
/// that is to be forecast is in both.
/// </summary>
internal sealed class ForecastWindows
{
    private readonly SeriesTable _table;
    private readonly ForecastSpec _shape;

    /// <param name="table">The training rows.</param>
    /// <param name="shape">Of the windows.</param>
    /// <param name="validationFraction">Share of each series' windows.</param>
    /// <param name="contents">Says why there is no window.</param>
    /// <exception cref="InvalidOperationException">There is no window on a side that needs some.</exception>
    public ForecastWindows(SeriesTable table, ForecastSpec shape, double validationFraction, TableContents contents)
    {
        (_table, _shape) = (table, shape);
        for (int series = 0; series < table.Series.Length; series++)
        {
            int first = shape.HistorySize - 1, end = table.Series[series].CountObserved(shape.Targets) - shape.Horizon;
            int measured = (int)Math.Round(validationFraction * Math.Max(0, end - first), MidpointRounding.AwayFromZero);
            int firstMeasured = end - measured;
            // The last values that are learned are those of the step before the first that is measured.
            int learned = measured == 0 ? end : firstMeasured + 1 - shape.Horizon;
            for (int origin = first; origin < learned; origin++)
                Training.Add(new(series, origin));
            for (int origin = Math.Max(first, firstMeasured); origin < end; origin++)
                Validation.Add(new(series, origin));
            // Steps whose values training may see; what scales are fitted on.
            Learned.Add(measured == 0 ? table.Series[series].CountObserved(shape.Targets) : Math.Max(0, firstMeasured + 1));
        }
        Check(validationFraction, contents);
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
        var data = new SequenceDataset([StepFeature.Frames(_shape.FrameSize)], MemoryBudget.BytesOf(maximumMemoryBytes),
            targets: data => new RowTargets(data, _shape.Labels));
        try
        {
            float[] labels = new float[_shape.Labels];
            foreach (Place place in places)
            {
                SeriesSteps steps = _table.Series[place.Series];
                if (data.Count % 1024 == 0)
                    throwIfCanceled();
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

    private void Check(double validationFraction, TableContents contents)
    {
        if (Training.Count == 0 && Validation.Count == 0)
            throw contents.NoWindow();
        if (validationFraction > 0 && (Training.Count == 0 || Validation.Count == 0))
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"{nameof(ForecastOptions.ValidationFraction)} is {validationFraction}, which leaves {Counted.Of(Training.Count, "window")} to learn from and ") +
                Invariant($"{Validation.Count} to measure on: neither side may be empty. Give more rows or another fraction."));
    }
}
