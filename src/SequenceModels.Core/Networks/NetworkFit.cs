using SequenceModels.Heads;
using SequenceModels.Sequences;

namespace SequenceModels.Networks;

/// <summary>
/// Whether a network can do a task. Asked wherever a network and a task come from a file, or from two places;
/// each answer says what is in the way, and is null where nothing is.
/// </summary>
internal static class NetworkFit
{
    /// <summary>One score for a whole sequence.</summary>
    /// <param name="spec">Of the network.</param>
    /// <param name="head">The task's.</param>
    /// <param name="classes">How many classes have names; null: none.</param>
    public static string? ToPredict(EncoderNetworkSpec spec, HeadKind head, int? classes) =>
        spec.Output.Head != head ? $"its output is {spec.Output.Head}, where the task needs {head}"
        : spec.Output.EveryStep ? "it has an output for every step, where the task needs one for the sequence"
        : Classes(spec, classes);

    /// <summary>A class for each step.</summary>
    /// <param name="spec">Of the network.</param>
    /// <param name="classes">How many classes have names; null: none.</param>
    public static string? ToTag(EncoderNetworkSpec spec, int? classes) =>
        spec.Output.Head is not (HeadKind.Softmax or HeadKind.Crf)
        ? $"its output is {spec.Output.Head}, where tags need {HeadKind.Softmax} or {HeadKind.Crf}"
        : !spec.Output.EveryStep ? "it has one output for the sequence, where tags need one for every step"
        : Classes(spec, classes);

    /// <summary>What comes next, after each step.</summary>
    /// <param name="spec">Of the network.</param>
    /// <param name="tokens">How many tokens have names; null: none.</param>
    public static string? ToContinue(EncoderNetworkSpec spec, int? tokens)
    {
        StepFeature step = spec.Inputs[0];
        HeadKind head = spec.Inputs.AreTokens ? HeadKind.Softmax : HeadKind.MultiLabel;
        long outputs = spec.Inputs.AreTokens ? step.Size + 1L : step.Size;
        return spec.Inputs.Count > 1 ? $"it reads several features of its steps ({spec.Inputs}), and predicts one"
            : spec.Output.Head != head ? $"its output is {spec.Output.Head}, where a language model of {step.Kind} needs {head}"
            : !spec.Output.EveryStep ? "it has one output for the sequence, where a language model needs one for every step"
            : spec.NeedsWholeSequences is not null ? "its scores depend on later steps, which a language model must not know"
            : spec.Output.NumberOfOutputs != outputs
            ? Invariant($"it has {spec.Output.NumberOfOutputs} outputs, where the next of {step.Size} needs {outputs}")
            : tokens is not null && (!spec.Inputs.AreTokens || tokens != step.Size)
                ? Invariant($"it reads {step.Kind} of {step.Size}, where {tokens} tokens have names") : null;
    }

    /// <summary>Numbers for a window of frames.</summary>
    /// <param name="spec">Of the network.</param>
    /// <param name="head">The loss's.</param>
    /// <param name="quantiles">The loss's.</param>
    /// <param name="labels">Numbers in a forecast.</param>
    /// <param name="frameSize">Numbers in a frame of a window.</param>
    /// <param name="linearSteps">Frames that a linear path reads; 0: there is none.</param>
    public static string? ToForecast(EncoderNetworkSpec spec, HeadKind head, Quantiles quantiles, int labels, int frameSize,
        int linearSteps)
    {
        long outputs = (long)labels * QuantileHead.OutputsOf(head, quantiles.Count);
        return spec.Output.Head != head || !spec.Output.Quantiles.Equals(quantiles)
            ? $"its output is {spec.Output.Head} {spec.Output.Quantiles}, where the forecast needs {head} {quantiles}"
            : !spec.Inputs.AreFrames || spec.Inputs[0].Size != frameSize
                ? Invariant($"it reads {spec.Inputs}, where a window has Frames of {frameSize}")
            : spec.Output.LinearSteps != linearSteps
            ? Invariant($"it has a linear path from {Counted.Of(spec.Output.LinearSteps, "step")}, where the forecast has one ") +
                Invariant($"from {linearSteps}")
            : spec.Output.RowFeatureSize > 0 ? "it reads numbers of a whole row beside its window, where a forecast has none"
            : spec.Output.NumberOfOutputs != outputs
            ? Invariant($"it has {spec.Output.NumberOfOutputs} outputs, where the forecast has {outputs}") : null;
    }

    /// <summary>Another sequence for each.</summary>
    /// <param name="spec">Of the network.</param>
    /// <param name="tokens">How many tokens of the target have names; null: none.</param>
    /// <param name="looks">Whether what is looked at is needed.</param>
    public static string? ToTranslate(TranslationSpec spec, int? tokens, bool looks) =>
        tokens is not null && tokens != spec.Decoder.VocabularySize
        ? Invariant($"it writes {spec.Decoder.VocabularySize} tokens, where {tokens} have names")
        : looks && spec.Decoder.Attention == AttentionKind.None ? "it has no attention, by which unknown tokens are replaced"
        : null;

    /// <summary>The tokens that its steps spell.</summary>
    /// <param name="spec">Of the network.</param>
    /// <param name="tokens">How many tokens have names; null: none.</param>
    public static string? ToTranscribe(EncoderNetworkSpec spec, int? tokens) =>
        spec.Output.Head != HeadKind.Ctc ? $"its output is {spec.Output.Head}, where transcription needs {HeadKind.Ctc}"
        : spec.Inputs.Count > 1 ? $"it reads several features of its steps ({spec.Inputs}), where transcription reads one"
        : tokens is not null && tokens != spec.Output.NumberOfOutputs - 1
        ? Invariant($"it says {spec.Output.NumberOfOutputs - 1} tokens, where {tokens} have names") : null;

    private static string? Classes(EncoderNetworkSpec spec, int? classes) =>
        classes is null || classes == spec.Output.NumberOfOutputs ? null
        : Invariant($"it has {spec.Output.NumberOfOutputs} outputs, where {classes} classes have names");
}
