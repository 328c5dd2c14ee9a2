using System.Numerics.Tensors;
using SequenceModels.Kernels;
using SequenceModels.Networks;

namespace SequenceModels.Training;

/// <summary>The errors of a training whose numbers are none any more, on all of its processes alike.</summary>
/// <param name="job">What is trained.</param>
/// <param name="network">Its network.</param>
/// <param name="keptEpoch">The epoch whose weights a checkpoint has; 0: no epoch has ended.</param>
/// <param name="ranks">The processes.</param>
internal sealed class Divergence(TrainingJob job, Network network, int keptEpoch, TrainingRanks ranks)
{
    private TrainingOptions Options => job.Options;

    /// <summary>Loss and gradient may be finite where the step that followed was too large for a number.</summary>
    /// <exception cref="InvalidOperationException">A weight, or one of the sums, is no number.</exception>
    public void RequireFiniteWeights(IReadOnlyList<FloatBuffer> sums, int epoch, float rate)
    {
        if (!IsFinite(network.Parameters.Values) || !sums.All(IsFinite))
            throw ranks.Shared(new InvalidOperationException(
                Invariant($"Training diverged: in epoch {epoch} a weight, or one of the optimizer's sums, became infinite or ") +
                "NaN. " +
                Invariant($"The learning rate was {rate}: use a smaller {nameof(TrainingOptions.LearningRate)} (now ") +
                Invariant($"{Options.LearningRate}).") +
                LargeValues.Advice(job.Data, network, Options) + WhatIsKept()));
    }

    /// <summary>The error of a batch whose loss or gradient is no number.</summary>
    /// <param name="place">Its epoch and its number.</param>
    /// <param name="loss">Its loss.</param>
    /// <param name="norm">That of its gradient.</param>
    /// <param name="normBefore">That of the batch before; NaN where there was none.</param>
    /// <param name="rate">The learning rate.</param>
    public Exception OfLoss(string place, double loss, double norm, double normBefore, float rate)
    {
        string before = double.IsNaN(normBefore) ? "" : Invariant($", after a norm of {normBefore} in the batch before");
        return ranks.Shared(new InvalidOperationException(
            Invariant($"Training diverged: in {place}, the loss was {loss} and the norm of its gradient {norm}{before}. The ") +
            Invariant($"learning rate was {rate}: ") +
            Invariant($"use a smaller {nameof(TrainingOptions.LearningRate)} (now {Options.LearningRate}), or a smaller ") +
            Invariant($"{nameof(TrainingOptions.GradientClipNorm)} (now {Options.GradientClipNorm}).") +
            LargeValues.Advice(job.Data, network, Options) + WhatIsKept()));
    }

    private static bool IsFinite(FloatBuffer values) => values.Length == 0 || TensorPrimitives.IsFiniteAll<float>(values.Span);

    private string WhatIsKept() => Options.CheckpointPath is null || keptEpoch == 0 ? "" :
        Invariant($" The weights after epoch {keptEpoch} are in '{Options.CheckpointPath}': ") +
        "SequenceModelParameters.FromCheckpoint reads them. Delete the file before training with other options.";
}
