using System.Globalization;
using Microsoft.ML.Runtime;
using SequenceModels.Transforms;

namespace SequenceModels.Forecasting;

/// <summary>
/// Which values a table of steps holds and which it lacks: what a message or a warning says where a forecast cannot be learned or
/// made.
/// </summary>
internal sealed class TableContents(SeriesTable table, ForecastColumns columns, ForecastSpec spec)
{
    private const string LookAtTheLoader =
        "A text that the loader cannot read as a number is such a missing value (NaN): look at the column's index, at the " +
        "separator, and at decimal commas (TextLoader.Options.DecimalMarker)";

    private int Rows => table.Places.Length;

    private int Needed => spec.HistorySize + spec.Horizon;

    /// <summary>Throws where a column has no value in any row, and nothing could be learned of it.</summary>
    /// <exception cref="InvalidOperationException">One has none; the message names it.</exception>
    public void RequireValues()
    {
        if (Rows > 0 && Empty().FirstOrDefault() is { } empty)
            throw new NothingToLearnException($"{empty} has no value in any of {Counted.Of(Rows, "row")}. {LookAtTheLoader}" +
                (empty.IsTarget ? "." : ". Or leave the column out."));
    }

    /// <summary>Tells of what leaves rows without a forecast, or series untaught.</summary>
    /// <param name="channel">Where.</param>
    /// <param name="forTraining">Whether something is to be learned of the table.</param>
    public void Warn(IChannel channel, bool forTraining)
    {
        if (Rows == 0)
            return;
        foreach (Number empty in Empty())
            channel.Warning(MessageSensitivity.None, "{0} has no value in any of {1}: {2}. {3}.", empty, Counted.Of(Rows, "row"),
                empty.IsTarget ? "no forecast can be made" : empty.IsAhead
                ? "nothing is known ahead, and no forecast can be made" :
                "forecasts are made as if it had its mean", LookAtTheLoader);
        // Of rows after the last value nothing is learned, but they may be forecast from.
        long[] lengths = [.. table.Series.Select(steps => forTraining ? steps.CountObserved(spec.Targets) : (long)steps.Count)];
        string? small = forTraining
            ? ShortSeries.Describe(table.Names, lengths, Needed, " up to the last value",
                $"nothing is learned there (windowSize {Text(spec.WindowSize)}, horizon {Text(spec.Horizon)})")
            : ShortSeries.Describe(table.Names, lengths, spec.HistorySize, "",
            $"no forecast is made there (windowSize {Text(spec.WindowSize)})");
        if (small is not null)
            channel.Warning(MessageSensitivity.None, "{0}", small);
    }

    /// <summary>Tells of values that no forecast will ever reach.</summary>
    public void WarnOfLimits(IChannel channel)
    {
        for (int target = 0; target < spec.Targets && spec.Limits != ValueLimits.None; target++)
        {
            int beyond = Values(target).Count(value => spec.Limits.Apply(value) != value && !float.IsNaN(value));
            if (beyond > 0)
                channel.Warning(MessageSensitivity.None,
                    "Column '{0}' has {1} below {2} or above {3}, where no forecast will be.", columns.Targets[target],
                    Counted.Of(beyond, "value"), $"{nameof(ForecastOptions)}.{nameof(ForecastOptions.LowestValue)}",
                    nameof(ForecastOptions.HighestValue));
        }
    }

    /// <summary>Why there is no window to learn from.</summary>
    public NothingToLearnException NoWindow() => new($"There is nothing to learn from: {Reason()}");

    private string Reason()
    {
        if (Rows == 0)
            return "the data has no rows. Check the file or the filter that it comes from.";
        int longest = Enumerable.Range(0, table.Series.Length).MaxBy(series => table.Series[series].Count);
        string need = $"a window of {Counted.Of(spec.HistorySize, "step")} and a horizon of {Text(spec.Horizon)} need " +
            $"{Counted.Of(Needed, "row")} of a series";
        string which = table.Series.Length == 1 ? "the series"
            : $"the longest of {Text(table.Series.Length)} series, {NameOf(longest)},";
        if (table.Series[longest].Count < Needed)
            return $"{need}, but {which} has {Counted.Of(table.Series[longest].Count, "row")}. Use a smaller windowSize or " +
                "horizon, or more rows.";
        int fullest = Enumerable.Range(0, table.Series.Length).MaxBy(series => table.Series[series].CountObserved(spec.Targets));
        int observed = table.Series[fullest].CountObserved(spec.Targets);
        if (observed < Needed)
        {
            string targets = spec.Targets == 1 ? $"column '{columns.Targets[0]}' has"
                : $"the columns '{string.Join("', '", columns.Targets)}' have";
            return $"{need}, and {(table.Series.Length == 1 ? "the series" : NameOf(fullest))} has " +
                $"{Text(table.Series[fullest].Count)}, but after the first " +
                $"{Text(observed)} {targets} no value. {LookAtTheLoader}.";
        }
        return ReasonOfWindows();
    }

    /// <summary>What every window of the series that are long enough lacks.</summary>
    private string ReasonOfWindows()
    {
        var windows = new List<(SeriesSteps Steps, int Origin)>();
        foreach (SeriesSteps steps in table.Series)
            for (int origin = spec.HistorySize - 1; origin + spec.Horizon < steps.CountObserved(spec.Targets); origin++)
                windows.Add((steps, origin));
        bool Known((SeriesSteps Steps, int Origin) window, int number, int from, int to) =>
            Enumerable.Range(from, to - from).Any(step => !float.IsNaN(window.Steps[window.Origin + step][number]));
        string all = $"in all {Counted.Of(windows.Count, "window")} of {Counted.Of(spec.HistorySize, "step")}";
        for (int target = 0; target < spec.Targets; target++)
            if (!windows.Any(window => Known(window, target, 1 - spec.HistorySize, 1)))
                return $"{all} the values of '{columns.Targets[target]}' are missing ({Lacking(target)}). Fill the gaps, or " +
                    "use a larger windowSize.";
        foreach (Number ahead in Numbers().Where(number => number.IsAhead))
            if (!windows.Any(window => Enumerable.Range(1, spec.Horizon).All(h => Known(window, ahead.Place, h, h + 1))))
                return $"{all} {ahead.Name} lacks a value among the {Text(spec.Horizon)} ahead ({Lacking(ahead.Place)}). Fill " +
                    "its gaps.";
        return $"{all} all values of a target are missing " +
            $"({string.Join("; ", columns.Targets.Select((name, i) => $"'{name}': {Lacking(i)}"))}), or all that are to be " +
            "forecast, or some that are to be known ahead. Fill the gaps, or use a larger windowSize.";
    }

    private string Lacking(int number) => $"{Counted.Of(Values(number).Count(float.IsNaN), "value")} of {Text(Rows)} missing";

    private IEnumerable<Number> Empty() => Numbers().Where(number => Values(number.Place).All(float.IsNaN));

    private IEnumerable<float> Values(int number) =>
        table.Series.SelectMany(steps => Enumerable.Range(0, steps.Count).Select(step => steps[step][number]));

    /// <summary>The numbers of a step, in their order.</summary>
    private IEnumerable<Number> Numbers()
    {
        int place = 0;
        foreach (string target in columns.Targets)
            yield return new Number(place++, target, "", IsTarget: true, IsAhead: false);
        int covariate = 0;
        foreach ((string[] names, string option) in new[] { (columns.Past, nameof(ForecastOptions.PastColumnNames)),
            (columns.Future, nameof(ForecastOptions.FutureColumnNames)),
            (columns.Static, nameof(ForecastOptions.StaticColumnNames)) })
        {
            foreach (string name in names)
            {
                int width = columns.Widths[covariate++];
                for (int slot = 0; slot < Math.Max(1, width); slot++)
                    yield return new Number(place++, name, width == 0 ? $" ({option})" : $" ({option}), slot {Text(slot)}",
                        IsTarget: false, IsAhead: names == columns.Future);
            }
            if (option == nameof(ForecastOptions.PastColumnNames))
                place += CalendarEncoding.SizeOf(columns.Calendar);
        }
    }

    private string NameOf(int series) => $"'{table.Names[series]}'";

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>One number of a step.</summary>
    private sealed record Number(int Place, string Column, string Role, bool IsTarget, bool IsAhead)
    {
        public string Name => $"'{Column}'{Role}";

        public override string ToString() => $"Column {Name}";
    }
}
