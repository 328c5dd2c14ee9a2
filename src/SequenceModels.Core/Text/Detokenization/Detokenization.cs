namespace SequenceModels.Text;

/// <summary>The rule that makes a text of keys again; stored as text, so that a column can carry it.</summary>
/// <param name="Kind">How the tokens are joined.</param>
/// <param name="SpecialTokens">So many of the first keys are no text.</param>
internal readonly record struct Detokenization(DetokenizationKind Kind, int SpecialTokens)
{
    /// <summary>"Words 2".</summary>
    public override string ToString() => FormattableString.Invariant($"{Kind} {SpecialTokens}");

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <returns>Null if it is no rule.</returns>
    public static Detokenization? Parse(string text) =>
        text.Split(' ') is [string kind, string count] && Enum.GetNames<DetokenizationKind>().Contains(kind) &&
        count is ("0" or "1" or "2")
            ? new(Enum.Parse<DetokenizationKind>(kind), count[0] - '0')
            : null;
}
