namespace SequenceModels.Benchmarks.Translations;

/// <summary>What one training gave on the test rows of a set.</summary>
/// <param name="Set">The set's name.</param>
/// <param name="Seed">The training's.</param>
/// <param name="Recipe">The settings, in words.</param>
/// <param name="TrainRows">Rows that were learned from.</param>
/// <param name="Value">The figure that <paramref name="Published"/> is compared with, in the same unit.</param>
/// <param name="TokenErrors">Edits for 100 tokens of the references.</param>
/// <param name="Seconds">Of Fit; null: not measured, for another training ran beside it.</param>
/// <param name="Published">What others have reached.</param>
internal sealed record TranslationResult(string Set, int Seed, string Recipe, int TrainRows, double Value, double TokenErrors,
    double? Seconds, PublishedFigure Published)
{
    /// <summary>The older results with newer ones in their place or beside them; those of an older recipe go.</summary>
    public static IReadOnlyList<TranslationResult> Merge(IReadOnlyList<TranslationResult> older, TranslationResult newer)
    {
        string[] sets = [.. TranslationSets.All.Keys];
        return [.. older.Where(result => result.Set != newer.Set || (result.Seed != newer.Seed && result.Recipe == newer.Recipe))
            .Append(newer).OrderBy(result => Array.IndexOf(sets, result.Set)).ThenBy(result => result.Seed)];
    }
}
