using System.Globalization;
using SequenceModels.Files;

namespace SequenceModels.Forecasting;

/// <summary>
/// What the numbers of a saved state mean: an engine for which they would mean something else must not go on from it.
/// </summary>
/// <param name="Parts">What each part is called, and what it is.</param>
internal sealed record StateMeaning(IReadOnlyList<(string Name, string Value)> Parts)
{
    /// <param name="columns">Of the model.</param>
    /// <param name="spec">
    /// Of its windows. The horizon and how windows are scaled do not matter: the state holds steps as they came.
    /// </param>
    /// <param name="kept">What is kept of the last step, the time included.</param>
    public static StateMeaning Of(ForecastColumns columns, ForecastSpec spec, KeptColumn[] kept)
    {
        KeptColumn? time = Array.Find(kept, column => column.Name == columns.Time);
        string Sized(string[] names, int before) => List(names.Zip(columns.Widths.Skip(before)).Select(column =>
            string.Create(CultureInfo.InvariantCulture, $"'{column.First}' (size {Math.Max(1, column.Second)})")));
        return new(
        [
            ("columns to forecast", List(columns.Targets.Select(name => $"'{name}'"))),
            ("PastColumnNames", Sized(columns.Past, 0)),
            ("FutureColumnNames", Sized(columns.Future, columns.Past.Length)),
            ("StaticColumnNames", Sized(columns.Static, columns.Past.Length + columns.Future.Length)),
            ("SeriesColumnName", columns.Series is null ? "none" : $"'{columns.Series}'"),
            ("TimeColumnName", time is null ? "none" : $"'{time.Name}' ({time.Describe()})"),
            ("CalendarFeatures", columns.Calendar.ToString()),
            ("windowSize", spec.WindowSize.ToString(CultureInfo.InvariantCulture)),
            ("Transform", spec.Transform.ToString()),
            ("steps that are kept", spec.HistorySize.ToString(CultureInfo.InvariantCulture)),
        ]);
    }

    public void Write(PayloadWriter writer)
    {
        foreach ((_, string value) in Parts)
            writer.Write(value);
    }

    /// <summary>Reads what <see cref="Write"/> wrote, and throws unless it is the same.</summary>
    /// <exception cref="InvalidDataException">It is another; the message names the first part that differs.</exception>
    public void Require(PayloadReader reader)
    {
        string[] values = [.. Parts.Select(_ => reader.ReadString())];
        foreach (((string name, string own), string found) in Parts.Zip(values))
            if (found != own)
                throw new InvalidDataException($"This state is of another forecast: {name}: {found} in the state, {own} in " +
                    "this engine. " +
                    "Load it into an engine of the model that it was saved by, or of one that was trained on the same columns " +
                    "with the same " +
                    "windowSize, Transform and season.");
    }

    private static string List(IEnumerable<string> names) => string.Join(", ", names.DefaultIfEmpty("none"));
}
