using SequenceModels.Sequences;

namespace SequenceModels.Training;

/// <summary>Which rows a training learns from, and which it measures itself on.</summary>
internal sealed class TrainValidationRows : IDisposable
{
    private readonly ValidationSplit? _split;

    public TrainValidationRows(TrainingJob job)
    {
        Training = new RowSelection(job.Data);
        if (job.Validation is not null)
            Validation = new RowSelection(job.Validation);
        else if (job.Options.ValidationFraction > 0)
        {
            _split = ValidationSplit.Draw(job.Data, job.Options.ValidationFraction, job.Seed,
                byClass: job.Data.Targets is RowTargets && job.Spec.Output.HasClasses);
            Training = new RowSelection(job.Data, _split.Training);
            Validation = new RowSelection(job.Data, _split.Validation);
        }
    }

    public RowSelection Training { get; }

    /// <summary>Null: there are none.</summary>
    public RowSelection? Validation { get; }

    /// <summary>
    /// Some of the validation rows, or of the training rows where there are no others. Null where the next step is predicted.
    /// </summary>
    public SampledRows? Examples() => Training.Data.Targets is NextStepTargets ? null : Validation is null
        ? SampledRows.Choose(Training, "training rows") : SampledRows.Choose(Validation, "validation rows");

    public void Dispose() => _split?.Dispose();
}
