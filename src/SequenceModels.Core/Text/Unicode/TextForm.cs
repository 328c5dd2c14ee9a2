namespace SequenceModels.Text;

/// <summary>What is made alike before a text is cut into tokens.</summary>
[Flags]
internal enum TextForm
{
    /// <summary>Nothing but halves of surrogate pairs, which become U+FFFD.</summary>
    AsItIs = 0,

    /// <summary>
    /// Unicode's composed form (NFC), where "e" and an accent are one "é" and jamo are one syllable: canonically equal texts are
    /// one.
    /// </summary>
    Composed = 1,

    /// <summary>Without <see cref="InvisibleCharacters"/>.</summary>
    Visible = 2,

    /// <summary>
    /// In lower case (<see cref="LowerCase"/>). Only together with <see cref="Composed"/> or <see cref="Decomposed"/>.
    /// </summary>
    Lowered = 4,

    /// <summary>
    /// Unicode's decomposed form (NFD), where "é" is an "e" and an accent, and a syllable is its jamo. Not together with
    /// <see cref="Composed"/>.
    /// </summary>
    Decomposed = 8,
}
