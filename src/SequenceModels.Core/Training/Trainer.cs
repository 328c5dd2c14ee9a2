using SequenceModels.Sequences;

namespace SequenceModels.Training;

internal static class Trainer
{
    /// <summary>Trains a network of the given shape.</summary>
    /// <param name="spec">Its shape; must agree with <paramref name="data"/>.</param>
    /// <param name="data">At least one row.</param>
    /// <param name="options">Validated options; Seed and shape are taken from the other parameters.</param>
    /// <param name="seed">Of weights, order and dropout.</param>
    /// <param name="onEpoch">Told after each epoch: epoch from 1, mean training loss.</param>
    /// <param name="isCanceled">Asked after each batch, beside the options' token.</param>
    public static SequenceNetwork Train(NetworkSpec spec, SequenceDataset data, SequenceTrainerOptions options, int seed,
        Action<int, double>? onEpoch = null, Func<bool>? isCanceled = null) => throw new NotSupportedException();
}
