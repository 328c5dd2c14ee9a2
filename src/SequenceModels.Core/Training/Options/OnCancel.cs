namespace SequenceModels;

/// <summary>What <c>Fit</c> does when its training is cancelled, by the options' token or by the MLContext.</summary>
public enum OnCancel
{
    /// <summary>It throws <see cref="OperationCanceledException"/>.</summary>
    Throw,

    /// <summary>
    /// It returns the best model so far: of the epoch with the smallest validation loss, or, where no epoch has been validated,
    /// with the weights as they are. Cancelled while it still reads its data, it throws.
    /// </summary>
    KeepBest,
}
