namespace SequenceModels.Benchmarks.FirstTry;

/// <summary>What the rows of a set are; a table each.</summary>
internal enum RowKind
{
    Texts,
    Frames,
}

/// <summary>Rows of classes, and how they are split.</summary>
/// <param name="Name">Names it on the command line and in tables.</param>
/// <param name="Kind">Texts or frames.</param>
/// <param name="About">What it is and how it is split, in a few words.</param>
/// <param name="Read">Reads its splits: one, or one for each fold.</param>
internal sealed record DataSet(string Name, RowKind Kind, string About, Func<IReadOnlyList<Split>> Read);
