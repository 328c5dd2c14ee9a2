namespace SequenceModels.Networks;

/// <summary>
/// A language model over the tokens that a network transcribes: how likely each is behind those before it. Where texts had no
/// start token, the first token is as likely as any other: nothing is known of it.
/// </summary>
internal sealed class TokenLanguage
{
    private readonly SequenceStepper _stepper;
    private readonly uint _start, _end;
    private readonly double _unknownFirst;

    /// <param name="model">Predicts the next token.</param>
    public TokenLanguage(TranscriptionLanguage model)
    {
        (_stepper, _start, _end) = (model.Network.CreateStepper(), model.StartKey, model.EndKey);
        _unknownFirst = -Math.Log(model.Network.NumberOfOutputs);
    }

    /// <summary>log p of a token behind a prefix.</summary>
    public double LogOf(TokenPrefix prefix, int token) =>
        StateOf(prefix) is { } state ? Log(state.Scores[token]) : _unknownFirst;

    /// <summary>log p of the end behind a prefix; 0 where texts had no end token.</summary>
    public double LogOfEnd(TokenPrefix prefix) => _end > 0 && StateOf(prefix) is { } state ? Log(state.Scores[(int)_end]) : 0;

    /// <summary>Null: nothing was said, and there is no start token.</summary>
    private StepperState? StateOf(TokenPrefix prefix)
    {
        if (prefix.Language is { } known)
            return known;
        if (prefix.Parent is null && _start == 0)
            return null;
        StepperState state = prefix.Parent is { } parent ? StateOf(parent)?.Copy() ?? _stepper.CreateState()
            : _stepper.CreateState();
        _stepper.Step(state, prefix.Parent is null ? _start : (uint)prefix.Token);
        return prefix.Language = state;
    }

    private static double Log(float probability) => Math.Log(Math.Max(probability, float.Epsilon));
}
