namespace SequenceModels;

/// <summary>How a language model writes. Immutable; change a copy with <c>with</c>.</summary>
/// <remarks>
/// What the model gives for the next token is changed in this order: <see cref="RepetitionPenalty"/>, <see cref="Temperature"/>,
/// <see cref="TopK"/>, <see cref="TopP"/>; then a token is drawn. Values are checked when generation begins;
/// the exception names the option.
/// </remarks>
public sealed record GenerationOptions
{
    /// <summary>Tokens, or frames, that are generated at most, at least 1; the prompt does not count. Default 100.</summary>
    public int MaximumLength { get; init; } = 100;

    /// <summary>
    /// What the logarithms of probabilities are divided by, at least 0: below 1 the likely becomes likelier, above 1 all become
    /// more alike. 0 takes the likeliest token each time, and nothing is drawn. Default 1: the model's own probabilities.
    /// </summary>
    public float Temperature { get; init; } = 1;

    /// <summary>Only so many of the likeliest tokens may be drawn; at least 0. Of tokens only. Default 0: any number.</summary>
    public int TopK { get; init; }

    /// <summary>
    /// Only the likeliest tokens may be drawn that have this probability together, and no more than it takes; greater than 0,
    /// at most 1. Of tokens only. Default 1: all.
    /// </summary>
    /// <remarks>Holtzman et al., "The Curious Case of Neural Text Degeneration", ICLR 2020, section 3.1.</remarks>
    public float TopP { get; init; } = 1;

    /// <summary>
    /// What the logarithm of the probability of a token is multiplied with that the text has already, prompt included;
    /// at least 1. Of tokens only. Default 1: no penalty.
    /// </summary>
    /// <remarks>
    /// Keskar et al., "CTRL: A Conditional Transformer Language Model for Controllable Generation", arXiv:1909.05858,
    /// section 4.1; on log probabilities, which have a zero of their own where logits have none.
    /// </remarks>
    public float RepetitionPenalty { get; init; } = 1;

    /// <summary>
    /// Of the draws. With equal seeds, prompts and models the same text is written, on any number of threads and in any process.
    /// Default null: drawn anew each time, from the MLContext's generator.
    /// </summary>
    public int? Seed { get; init; }

    /// <summary>
    /// Hypotheses that are kept at each step, 1 to 1,000. More than 1: nothing is drawn; the likeliest text is looked for as a
    /// whole, and <see cref="Temperature"/>, <see cref="TopK"/>, <see cref="TopP"/> and <see cref="RepetitionPenalty"/> must have
    /// their defaults. Of tokens only. Default 1.
    /// </summary>
    public int BeamSize { get; init; } = 1;

    /// <summary>
    /// α, at least 0, where <see cref="BeamSize"/> is more than 1: texts are ranked by log P(Y) / ((5 + |Y|) / 6)^α, |Y| tokens,
    /// the one that ended the text counted. 0 favours short texts. Default 0.
    /// </summary>
    /// <remarks>Wu et al., "Google's Neural Machine Translation System", 2016, equation 14.</remarks>
    public float LengthPenalty { get; init; }

    /// <summary>
    /// Tokens that end the text, and are not part of it, written as a reader sees them: <c>["\n"]</c>, however the vocabulary
    /// spells a line end. A space before a word may be left out: "cake" stops at "cake" and at " cake", but " cake" only at
    /// the latter. The end token of a tokenization always ends the text. Default: none.
    /// </summary>
    public IReadOnlyList<string> StopTokens { get; init; } = [];

    /// <summary>Throws if any value is out of its range, naming the option, the value and the range.</summary>
    internal void Validate()
    {
        Require(MaximumLength >= 1, nameof(MaximumLength), MaximumLength, "at least 1");
        Require(Temperature >= 0 && float.IsFinite(Temperature), nameof(Temperature), Temperature,
            "a number of at least 0 (0 = the likeliest token)");
        Require(TopK >= 0, nameof(TopK), TopK, "at least 0 (0 = any number of tokens)");
        Require(TopP is > 0 and <= 1, nameof(TopP), TopP, "greater than 0 and at most 1 (1 = all tokens)");
        Require(RepetitionPenalty >= 1 && float.IsFinite(RepetitionPenalty), nameof(RepetitionPenalty), RepetitionPenalty,
            "at least 1 (1 = no penalty)");
        Require(BeamSize is >= 1 and <= 1_000, nameof(BeamSize), BeamSize, "between 1 and 1000 (1 = tokens are drawn)");
        Require(LengthPenalty >= 0 && float.IsFinite(LengthPenalty), nameof(LengthPenalty), LengthPenalty,
            "at least 0 (0 = no penalty)");
        if (BeamSize > 1)
            RefuseOptionsOfDraws();
        Require(StopTokens is not null, nameof(StopTokens), null, "a list of tokens, which may be empty");
    }

    /// <summary>Throws if an option is set that frames of several things at once have no meaning for.</summary>
    internal void RefuseOptionsOfTokens()
    {
        Require(TopK == 0, nameof(TopK), TopK, "0 where frames are generated: each of their numbers is drawn on its own");
        Require(TopP == 1, nameof(TopP), TopP, "1 where frames are generated: each of their numbers is drawn on its own");
        Require(RepetitionPenalty == 1, nameof(RepetitionPenalty), RepetitionPenalty, "1 where frames are generated");
        Require(BeamSize == 1, nameof(BeamSize), BeamSize, "1 where frames are generated");
        Require(StopTokens.Count == 0, nameof(StopTokens), StopTokens.Count, "empty where frames are generated");
    }

    private void RefuseOptionsOfDraws()
    {
        const string Why = "where BeamSize is more than 1: nothing is drawn";
        Require(Temperature == 1, nameof(Temperature), Temperature, $"1 {Why}");
        Require(TopK == 0, nameof(TopK), TopK, $"0 {Why}");
        Require(TopP == 1, nameof(TopP), TopP, $"1 {Why}");
        Require(RepetitionPenalty == 1, nameof(RepetitionPenalty), RepetitionPenalty, $"1 {Why}");
    }

    private static void Require(bool holds, string name, object? value, string expected)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, InvariantText.Of(value), Invariant(
                $"{nameof(GenerationOptions)}.{name} must be {expected}."));
    }

    /// <summary>The values, in the invariant culture.</summary>
    public override string ToString() => InvariantText.OfRecord(nameof(GenerationOptions), PrintMembers);
}
