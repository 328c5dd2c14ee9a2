using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;

namespace SequenceModels.Trainers;

/// <summary>A label column and its classes: one label in each row, or one for each step.</summary>
/// <param name="Column">The column's name.</param>
/// <param name="Count">K, the classes that its keys stand for; 1 where it has no keys.</param>
/// <param name="Names">
/// What the classes are called; null where they have no names. Names that are not one to a class say nothing about the classes.
/// </param>
internal sealed record LabelClasses(string Column, int Count, ClassNames? Names)
{
    private const ulong MostClasses = 1_000_000;

    /// <exception cref="ArgumentOutOfRangeException">There are too few classes to tell apart, or too many.</exception>
    public static LabelClasses From(DataViewSchema schema, string name)
    {
        DataViewSchema.Column column = schema[name];
        if ((column.Type is VectorDataViewType vector ? vector.ItemType : column.Type) is not KeyDataViewType key)
            return new LabelClasses(name, 1, null);
        if (key.Count is < 2 or > MostClasses)
            throw new ArgumentOutOfRangeException(nameof(schema), $"Column '{name}' is {column.Type}, a label of " +
                $"{Counted.Of((long)key.Count, "class")}, " +
                Invariant($"where 2 to {MostClasses} can be learned. ") +
                "MapValueToKey makes keys of the classes that the data has.");
        ClassNames? names = ClassNames.Of(column);
        return new LabelClasses(name, (int)key.Count, names?.Count == (int)key.Count ? names : null);
    }

    /// <summary>Throws if there are more or fewer classes than in training.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are; the message names the column.</exception>
    public void RequireCountOf(LabelClasses trained)
    {
        if (Count != trained.Count)
            throw new ArgumentOutOfRangeException(nameof(trained),
                Invariant($"Column '{Column}' has {Count} classes, where that of the training set has ") +
                Invariant($"{trained.Count}. Prepare both with the same fitted transforms."));
    }
}
