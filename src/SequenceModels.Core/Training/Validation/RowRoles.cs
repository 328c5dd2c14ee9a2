using SequenceModels.Sequences;

namespace SequenceModels.Training;

/// <summary>Which rows a training learns from, and which it measures itself on.</summary>
internal sealed class RowRoles : IDisposable
{
    private readonly ValidationSplit? _split;

    public RowRoles(TrainingJob job)
    {
        Training = new SelectedRows(job.Data);
        if (job.Validation is not null)
            Validation = new SelectedRows(job.Validation);
        else if (job.Options.ValidationFraction > 0)
        {
            _split = ValidationSplit.Draw(job.Data, job.Options.ValidationFraction, job.Seed,
                byClass: job.Data.Targets is RowTargets && job.Spec.HasClasses);
            Training = new SelectedRows(job.Data, _split.Training);
            Validation = new SelectedRows(job.Data, _split.Validation);
        }
    }

    public SelectedRows Training { get; }

    /// <summary>Null: there are none.</summary>
    public SelectedRows? Validation { get; }

    /// <summary>Some of the validation rows, or of the training rows where there are no others. Not where the next step is predicted.</summary>
    public ExampleRows Examples() => Validation is null
        ? ExampleRows.Choose(Training, "training rows") : ExampleRows.Choose(Validation, "validation rows");

    public void Dispose() => _split?.Dispose();
}
