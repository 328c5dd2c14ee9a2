namespace SequenceModels.Benchmarks.Translations;

/// <summary>Sequences and what they become, in three parts. Recipes are chosen on dev; test is read once, at the end.</summary>
/// <param name="Name">Names it on the command line.</param>
/// <param name="Train">To learn from.</param>
/// <param name="Dev">To choose by: as published, or where none is, the last tenth of the training rows.</param>
/// <param name="Test">As published.</param>
/// <param name="Published">What to compare with.</param>
internal sealed record TranslationSet(string Name, IReadOnlyList<TranslationRow> Train, IReadOnlyList<TranslationRow> Dev,
    IReadOnlyList<TranslationRow> Test, PublishedFigure Published)
{
    /// <summary>A set whose dev rows are the last tenth of those for training.</summary>
    public static TranslationSet WithoutDev(string name, IReadOnlyList<TranslationRow> train, IReadOnlyList<TranslationRow> test,
        PublishedFigure published)
    {
        int dev = train.Count / 10;
        return new(name, [.. train.SkipLast(dev)], [.. train.TakeLast(dev)], test, published);
    }
}
