using SequenceModels.Cells;

namespace SequenceModels;

public abstract partial record TrainingOptions
{
    /// <summary>An option as messages name it: with the type on which the user has set it.</summary>
    internal string NameOf(string option) => $"{GetType().Name}.{option}";

    /// <summary>The name of the cell that a trainer of that family makes its networks of.</summary>
    internal string CellOf(string family)
    {
        RecurrentCell? cell = RecurrentCells.Find(family, CellKind);
        Require(cell is not null, nameof(CellKind), CellKind,
            $"{string.Join(" or ", RecurrentCells.KindsOf(family))} for {family}");
        return cell!.Name;
    }

    private protected void RequireShare(double value, string name) =>
        Require(value is >= 0 and < 1, name, value, "at least 0 and less than 1");

    /// <summary>Throws if an option is set that has no effect on what is trained.</summary>
    private protected void RequireUnset<T>(string option, T value, T unset, string of) => Require(Equals(value, unset), option,
        value, Invariant($"{InvariantText.Of(unset) ?? "null"}, as it is when it is not set: it has no effect on {of}"));

    private protected void Require(bool holds, string name, object? value, string expected)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, InvariantText.Of(value), $"{NameOf(name)} must be {expected}.");
    }
}
