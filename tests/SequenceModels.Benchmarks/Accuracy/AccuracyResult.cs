namespace SequenceModels.Benchmarks.Accuracy;

/// <summary>What one training of an experiment gave on the test rows.</summary>
/// <param name="Name">The experiment's.</param>
/// <param name="Seed">The training's.</param>
/// <param name="Recipe">The settings, in words.</param>
/// <param name="Value">A share of what was predicted rightly, as the experiment says.</param>
/// <param name="Seconds">Of reading, training and measuring.</param>
/// <param name="Threads">Processors that training had.</param>
internal sealed record AccuracyResult(string Name, int Seed, string Recipe, double Value, double Seconds, int Threads)
{
    /// <summary>The older results with newer ones in their place or beside them; those of an older recipe go.</summary>
    public static IReadOnlyList<AccuracyResult> Merge(IReadOnlyList<AccuracyResult> older, AccuracyResult newer) =>
        [.. older.Where(result => result.Name != newer.Name || (result.Seed != newer.Seed && result.Recipe == newer.Recipe))
            .Append(newer)];
}
