using System.Text;

namespace SequenceModels.Text;

/// <summary>Why a rune may have to be changed when a text is normalized. A text without any such rune is left as it is.</summary>
[Flags]
internal enum RuneTraits : byte
{
    /// <summary>Nothing changes it.</summary>
    None = 0,

    /// <summary>It is a mark, is decomposed, or composes with what precedes it.</summary>
    Composes = 1,

    /// <summary>It is not seen.</summary>
    Invisible = 2,

    /// <summary>It has a lower case, one rune of as many UTF-16 units.</summary>
    Upper = 4,

    /// <summary>Its lower case depends on its neighbours, or is of two runes.</summary>
    LowersInContext = 8,

    /// <summary>It is a mark, or is decomposed.</summary>
    Decomposes = 16,
}

/// <summary>Tells the traits of runes; those below U+10000 from a table.</summary>
internal static class RuneTraitTable
{
    private static readonly RuneTraits[] Table = [.. Enumerable.Range(0, 0x10000).Select(Compute)];

    /// <summary>The traits of a UTF-16 unit; a surrogate has none.</summary>
    public static RuneTraits Find(char unit) => Table[unit];

    /// <summary>The traits of a rune.</summary>
    public static RuneTraits Find(Rune rune) => rune.IsBmp ? Table[rune.Value] : Compute(rune.Value);

    private static RuneTraits Compute(int value)
    {
        if (!Rune.IsValid(value))
            return RuneTraits.None;
        var rune = new Rune(value);
        return (CanonicalMappings.MayChangeInNfc(value) ? RuneTraits.Composes : RuneTraits.None)
            | (CanonicalMappings.MayChangeInNfd(value) ? RuneTraits.Decomposes : RuneTraits.None)
            | (InvisibleCharacters.Contains(rune) ? RuneTraits.Invisible : RuneTraits.None)
            | (LowerCase.DependsOnContext(value) ? RuneTraits.LowersInContext
                : LowerCase.Map(value) != value ? RuneTraits.Upper : RuneTraits.None);
    }
}
