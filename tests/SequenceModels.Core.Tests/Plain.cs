namespace SequenceModels.Tests;

/// <summary>For tests of trainings that look at one thing.</summary>
internal static class Plain
{
    /// <summary>Nothing is dropped or scaled, and the rate stays as it is.</summary>
    public static readonly SequenceTrainerOptions Options = new()
    {
        Dropout = 0,
        WordDropout = 0,
        EmbeddingDeviation = 1,
        NumberOfEpochs = 10,
        BatchSize = 32,
        LearningRate = 1e-3f,
        LearningRateSchedule = LearningRateSchedule.Constant,
        Pooling = SequencePooling.Last,
        FrameScaling = FrameScaling.None,
        FrameStacking = 1,
    };
}
