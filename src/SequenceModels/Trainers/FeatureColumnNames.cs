namespace SequenceModels.Trainers;

/// <summary>The names of the columns that a network reads side by side.</summary>
internal static class FeatureColumnNames
{
    /// <summary>A copy of the names, if there is at least one, and none is missing or given twice.</summary>
    /// <exception cref="ArgumentException">A name is missing or given twice.</exception>
    public static string[] Require(string[] featureColumnNames)
    {
        ArgumentNullException.ThrowIfNull(featureColumnNames);
        if (featureColumnNames.Length == 0 || featureColumnNames.Any(string.IsNullOrEmpty))
            throw new ArgumentException("A trainer needs at least one feature column, and a name for each.",
                nameof(featureColumnNames));
        if (featureColumnNames.Distinct().Count() < featureColumnNames.Length)
            throw new ArgumentException($"A feature column is named twice: {string.Join(", ", featureColumnNames)}.",
                nameof(featureColumnNames));
        return [.. featureColumnNames];
    }
}
