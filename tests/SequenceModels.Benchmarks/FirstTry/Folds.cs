using System.Runtime.InteropServices;

namespace SequenceModels.Benchmarks.FirstTry;

/// <summary>Cross-validation whose folds follow from the order of the rows alone.</summary>
internal static class Folds
{
    /// <summary>
    /// The number of each row's fold. The rows of a class are dealt out in turns; a row with a key that was seen goes where the
    /// first one went, so that no test row is also a training row.
    /// </summary>
    public static int[] Deal(IReadOnlyList<ClassRow> rows, int count)
    {
        var next = new Dictionary<string, int>();
        var byKey = new Dictionary<string, int>();
        var folds = new int[rows.Count];
        for (int i = 0; i < folds.Length; i++)
        {
            if (rows[i].Key is { } key && byKey.TryGetValue(key, out folds[i]))
                continue;
            ref int turn = ref CollectionsMarshal.GetValueRefOrAddDefault(next, rows[i].Label, out _);
            folds[i] = turn++ % count;
            if (rows[i].Key is { } newKey)
                byKey.Add(newKey, folds[i]);
        }
        return folds;
    }

    /// <summary>Each fold once as the test rows of all others.</summary>
    public static IReadOnlyList<(IReadOnlyList<T> Train, IReadOnlyList<T> Test)> Split<T>(IReadOnlyList<T> rows,
        IReadOnlyList<int> folds) =>
        [.. folds.Distinct().Order().Select(fold =>
        {
            ILookup<bool, T> parts = rows.Zip(folds).ToLookup(pair => pair.Second == fold, pair => pair.First);
            return ((IReadOnlyList<T>)[.. parts[false]], (IReadOnlyList<T>)[.. parts[true]]);
        })];
}
