using SequenceModels.Heads;
using SequenceModels.Sequences;

namespace SequenceModels.Training;

/// <summary>What a network with a CRF cannot be trained with. Its loss is of whole tag sequences.</summary>
internal static class CrfTraining
{
    /// <summary>Throws if an option weighs or blurs the classes of single steps.</summary>
    /// <exception cref="ArgumentException">It does; the message names the option.</exception>
    public static void RequireFitting(TrainingOptions options)
    {
        TaskOptions task = options.TaskOptions;
        if (task.LabelSmoothing > 0)
            throw new ArgumentException(Invariant(
                $"{options.NameOf(nameof(task.LabelSmoothing))} is {task.LabelSmoothing}, but a CRF learns whole tag ") +
                "sequences, and there is no spreading the probability of one over all others. Leave it at 0, or train without " +
                "a CRF.", nameof(options));
        if (task.ClassWeights is not null)
            throw new ArgumentException($"{options.NameOf(nameof(task.ClassWeights))} is {task.ClassWeights}, but a CRF " +
                "learns whole tag sequences, not the classes of single steps. Leave it null and give rows weights, or train " +
                "without a CRF.",
                nameof(options));
    }

    /// <summary>Throws if the job's options or rows are none that a CRF, where the job asks for one, can learn from.</summary>
    /// <exception cref="ArgumentException">An option; the message names it.</exception>
    /// <exception cref="InvalidOperationException">
    /// A row has a tag sequence that the constraints exclude; the message names both.
    /// </exception>
    public static void RequireFitting(TrainingJob job)
    {
        if (job.Spec.Output.Head != HeadKind.Crf)
            return;
        RequireFitting(job.Options);
        if (job.Spec.Output.Constraints is not { } constraints)
            return;
        RequireAllowed(job.Data, constraints, "training");
        if (job.Validation is not null)
            RequireAllowed(job.Validation, constraints, "validation");
    }

    private static void RequireAllowed(SequenceDataset data, CrfConstraints constraints, string kind)
    {
        for (int row = 0; row < data.Count; row++)
            if (constraints.FindViolation(data.Labels(row)) is { } violation)
                throw new InvalidOperationException(
                    Invariant($"Row {row} of the {kind} data (counted from 0) has at step {violation.Step} ") + (violation switch
                    {
                        { To: null } => Invariant($"its end, but tag {violation.From} may not end a sequence"),
                        { From: null } => Invariant($"tag {violation.To}, which may not begin a sequence"),
                        _ => Invariant($"tag {violation.To}, which may not follow tag {violation.From}"),
                    }) + ". Correct the tags, or train without these constraints.");
    }
}
