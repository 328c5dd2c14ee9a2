using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;

namespace SequenceModels.Trainers;

/// <summary>The classes of a label column of keys: one key in each row, or one for each step.</summary>
internal static class LabelClasses
{
    private const ulong MostClasses = 1_000_000;

    /// <summary>K.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are too few classes to tell apart, or too many.</exception>
    public static int Count(DataViewSchema.Column label)
    {
        var item = (KeyDataViewType)(label.Type is VectorDataViewType vector ? vector.ItemType : label.Type);
        if (item.Count is < 2 or > MostClasses)
            throw new ArgumentOutOfRangeException(nameof(label), $"Column '{label.Name}' is {label.Type}, a label of {Counted.Of((long)item.Count, "class")}, " +
                Invariant($"where 2 to {MostClasses} can be learned. MapValueToKey makes keys of the classes that the data has."));
        return (int)item.Count;
    }

    /// <summary>Their names; null where there are none. Names that are not one to a class say nothing about the classes.</summary>
    public static ClassNames? NamesOf(DataViewSchema.Column label) =>
        ClassNames.Of(label) is { } names && names.Count == Count(label) ? names : null;
}
