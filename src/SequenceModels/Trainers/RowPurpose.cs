namespace SequenceModels.Trainers;

/// <summary>What rows with labels are read for.</summary>
internal enum RowPurpose
{
    /// <summary>To learn from.</summary>
    Training,

    /// <summary>To be measured on after each epoch.</summary>
    Validation,

    /// <summary>To measure a trained model on.</summary>
    Evaluation,
}
