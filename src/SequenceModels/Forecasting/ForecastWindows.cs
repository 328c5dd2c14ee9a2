using System.Globalization;
using SequenceModels.Sequences;

namespace SequenceModels.Forecasting;

/// <summary>
/// The windows of a table: those that training learns from, and the last ones of each series, which it measures itself on. No value
/// that is to be forecast is in both.
/// </summary>
internal sealed class ForecastWindows
{
    private readonly SeriesTable _table;
    private readonly ForecastShape _shape;

    /// <param name="table">The training rows.</param>
    /// <param name="shape">Of the windows.</param>
    /// <param name="validationFraction">Share of each series' windows.</param>
    /// <exception cref="InvalidOperationException">There is no window on a side that needs some.</exception>
    public ForecastWindows(SeriesTable table, ForecastShape shape, double validationFraction)
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
        Check(validationFraction);
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
        var data = new SequenceDataset(SequenceInput.Frames, _shape.FrameSize, MemoryBudget.BytesOf(maximumMemoryBytes),
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

    public InvalidOperationException NoWindow()
    {
        int longest = _table.Series.Length == 0 ? 0 : _table.Series.Max(series => series.CountObserved(_shape.Targets));
        int needed = _shape.HistorySize + _shape.Horizon;
        return new InvalidOperationException(longest < needed
            ? $"There is nothing to learn from: a window of {_shape.HistorySize} steps and a horizon of {_shape.Horizon} need {needed} steps of a series, but " +
                $"{(_table.Series.Length > 1 ? $"the longest of {_table.Series.Length} series" : "the series")} has {longest}. Use a smaller windowSize or horizon, or more rows."
            : "There is nothing to learn from: in every window all values of a target, or all that are to be forecast, or some that are to be known ahead " +
                "are missing. Fill the gaps, or use a larger windowSize.");
    }

    private void Check(double validationFraction)
    {
        if (Training.Count == 0 && Validation.Count == 0)
            throw NoWindow();
        if (validationFraction > 0 && (Training.Count == 0 || Validation.Count == 0))
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"{nameof(ForecastOptions.ValidationFraction)} is {validationFraction}, which leaves {Training.Count} windows to learn from and ") +
                $"{Validation.Count} to measure on: neither side may be empty. Give more rows or another fraction.");
    }
}
