namespace SequenceModels.Tagging;

/// <summary>
/// How the names of tags are put together: a part and a type (B-PER, B_PER), or a type and a part (PER-B, PER_B). Parts are B, I,
/// E, S, L, U, M and W, in upper or lower case; a part alone is of a span without a type.
/// </summary>
/// <param name="PartIsLast">Whether the part stands behind the type.</param>
/// <param name="Separator">Between part and type.</param>
internal readonly record struct TagSpelling(bool PartIsLast, char Separator)
{
    /// <summary>The name of the type of spans whose tags give none: B, I, E, S without more. As seqeval has it.</summary>
    public const string NoType = "_";

    private const string Parts = "BIESLUMW";

    /// <summary>In the order in which they are tried.</summary>
    private static readonly TagSpelling[] Known = [new(false, '-'), new(false, '_'), new(true, '-'), new(true, '_')];

    /// <summary>The spelling that most of the names follow, the first of several.</summary>
    public static TagSpelling Of(string[] names)
    {
        TagSpelling best = Known[0];
        int most = -1;
        foreach (TagSpelling spelling in Known)
        {
            int follow = names.Count(name => spelling.Read(name) is not null);
            if (follow > most)
                (best, most) = (spelling, follow);
        }
        return best;
    }

    /// <summary>Whether a tag is outside of all spans.</summary>
    public static bool IsOutside(string name) => name is "O" or "o";

    /// <summary>The part, as a capital, and the type of a tag; null: it is not spelled like this.</summary>
    public (char Part, string Type)? Read(string name)
    {
        if (name.Length == 1)
            return PartOf(name[0]) is { } alone ? (alone, NoType) : null;
        if (name.Length < 3)
            return null;
        (char letter, char separator) = PartIsLast ? (name[^1], name[^2]) : (name[0], name[1]);
        return separator == Separator && PartOf(letter) is { } part ? (part, PartIsLast ? name[..^2] : name[2..]) : null;
    }

    /// <summary>A tag with another part, a capital, in the case of its own.</summary>
    public string WithPart(string name, char part)
    {
        int at = PartIsLast ? name.Length - 1 : 0;
        char letter = char.IsLower(name[at]) ? char.ToLowerInvariant(part) : part;
        return string.Concat(name.AsSpan(0, at), [letter], name.AsSpan(at + 1));
    }

    private static char? PartOf(char letter) => char.IsAsciiLetter(letter) && Parts.Contains(char.ToUpperInvariant(letter))
        ? char.ToUpperInvariant(letter) : null;
}
