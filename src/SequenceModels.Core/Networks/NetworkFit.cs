using SequenceModels.Heads;
using SequenceModels.Sequences;

namespace SequenceModels.Networks;

/// <summary>
/// Whether a network can do a task. Asked wherever a network and a task come from a file, or from two places; each answer says what is in the way, and is
/// null where nothing is.
/// </summary>
internal static class NetworkFit
{
    /// <summary>One score for a whole sequence of one feature.</summary>
    /// <param name="spec">Of the network.</param>
    /// <param name="head">The task's.</param>
    /// <param name="classes">How many classes have names; null: none.</param>
    public static string? ToPredict(NetworkSpec spec, HeadKind head, int? classes) =>
        spec.Head != head ? $"its output is {spec.Head}, where the task needs {head}"
        : spec.EveryStep ? "it has an output for every step, where the task needs one for the sequence"
        : spec.Features.Count > 0 ? $"it reads further features of its steps ({spec.Features}), of which the task has none"
        : Classes(spec, classes);

    /// <summary>A class for each step.</summary>
    /// <param name="spec">Of the network.</param>
    /// <param name="classes">How many classes have names; null: none.</param>
    public static string? ToTag(NetworkSpec spec, int? classes) =>
        spec.Head is not (HeadKind.Softmax or HeadKind.Crf) ? $"its output is {spec.Head}, where tags need {HeadKind.Softmax} or {HeadKind.Crf}"
        : !spec.EveryStep ? "it has one output for the sequence, where tags need one for every step"
        : Classes(spec, classes);

    /// <summary>What comes next, after each step.</summary>
    /// <param name="spec">Of the network.</param>
    /// <param name="tokens">How many tokens have names; null: none.</param>
    public static string? ToContinue(NetworkSpec spec, int? tokens)
    {
        HeadKind head = spec.Input == SequenceInput.Tokens ? HeadKind.Softmax : HeadKind.MultiLabel;
        long outputs = spec.Input == SequenceInput.Tokens ? spec.InputSize + 1L : spec.InputSize;
        return spec.Head != head ? $"its output is {spec.Head}, where a language model of {spec.Input} needs {head}"
            : !spec.EveryStep ? "it has one output for the sequence, where a language model needs one for every step"
            : spec.NeedsWholeSequences is not null ? "its scores depend on later steps, which a language model must not know"
            : spec.Features.Count > 0 ? $"it reads further features of its steps ({spec.Features}), which it does not predict"
            : spec.NumberOfOutputs != outputs ? Invariant($"it has {spec.NumberOfOutputs} outputs, where the next of {spec.InputSize} needs {outputs}")
            : tokens is not null && (spec.Input != SequenceInput.Tokens || tokens != spec.InputSize)
                ? Invariant($"it reads {spec.Input} of {spec.InputSize}, where {tokens} tokens have names") : null;
    }

    /// <summary>Numbers for a window of frames.</summary>
    /// <param name="spec">Of the network.</param>
    /// <param name="head">The loss's.</param>
    /// <param name="quantiles">The loss's.</param>
    /// <param name="labels">Numbers in a forecast.</param>
    /// <param name="frameSize">Numbers in a frame of a window.</param>
    public static string? ToForecast(NetworkSpec spec, HeadKind head, Quantiles quantiles, int labels, int frameSize)
    {
        long outputs = (long)labels * QuantileHead.OutputsOf(head, quantiles.Count);
        return spec.Head != head || !spec.Quantiles.Equals(quantiles) ? $"its output is {spec.Head} {spec.Quantiles}, where the forecast needs {head} {quantiles}"
            : spec.Input != SequenceInput.Frames || spec.InputSize != frameSize
                ? Invariant($"it reads {spec.Input} of {spec.InputSize}, where a window has Frames of {frameSize}")
            : spec.Features.Count > 0 ? $"it reads further features of its steps ({spec.Features}), of which a window has none"
            : spec.NumberOfOutputs != outputs ? Invariant($"it has {spec.NumberOfOutputs} outputs, where the forecast has {outputs}") : null;
    }

    private static string? Classes(NetworkSpec spec, int? classes) => classes is null || classes == spec.NumberOfOutputs ? null
        : Invariant($"it has {spec.NumberOfOutputs} outputs, where {classes} classes have names");
}
