namespace SequenceModels.Columns;

/// <summary>How a column that is not there is reported, wherever one is looked for.</summary>
internal static class MissingColumn
{
    /// <summary>
    /// Says that there is no such column, and names those whose names differ in nothing but case and surrounding white space.
    /// </summary>
    /// <param name="name">What was looked for.</param>
    /// <param name="names">Of the columns that are there.</param>
    /// <param name="what">What it should have been: "column", or more precisely.</param>
    public static string Describe(string name, IEnumerable<string> names, string what = "column")
    {
        string[] alike =
            [.. names.Where(other => string.Equals(other.Trim(), name.Trim(), StringComparison.OrdinalIgnoreCase)).Distinct()];
        return $"There is no {what} '{name}'." +
            (alike.Length == 0 ? "" : $" Did you mean '{string.Join("' or '", alike)}'? Case counts in the names of columns.");
    }
}
