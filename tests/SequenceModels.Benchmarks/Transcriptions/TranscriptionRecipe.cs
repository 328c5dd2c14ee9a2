namespace SequenceModels.Benchmarks.Transcriptions;

/// <summary>How a set is learned.</summary>
/// <param name="Words">The settings, in words.</param>
/// <param name="Options">The settings.</param>
/// <param name="LanguageModel">Of the language model over the training transcripts; null: there is none.</param>
internal sealed record TranscriptionRecipe(string Words, TranscriptionOptions Options, LanguageModelOptions? LanguageModel = null)
{
    private static readonly TranscriptionRecipe s_speech = new(
        "frames of 3 steps, 2 bidirectional LSTM of 160, variational dropout 0.4, 80 epochs of batches of 16, rate 2e-3 falling " +
        "along a cosine", new()
        {
            HiddenSize = 160, NumberOfLayers = 2, Dropout = 0.4f, VariationalDropout = true, NumberOfEpochs = 80, BatchSize = 16,
            LearningRate = 2e-3f,
            LearningRateSchedule = LearningRateSchedule.Cosine(0.04f), GradientClipNorm = 5, FrameScaling = FrameScaling.None,
        },
        new() { HiddenSize = 128, EmbeddingSize = 32, NumberOfEpochs = 30, Dropout = 0.3f, VariationalDropout = true, BatchSize = 16 });

    private static readonly TranscriptionRecipe s_digits = new(
        "frames of 3 steps, bidirectional LSTM of 96, variational dropout 0.3, 40 epochs of batches of 16, rate 3e-3 falling along a cosine", new()
        {
            HiddenSize = 96, Dropout = 0.3f, VariationalDropout = true, NumberOfEpochs = 40, BatchSize = 16, LearningRate = 3e-3f,
            LearningRateSchedule = LearningRateSchedule.Cosine(0.05f), GradientClipNorm = 5, TimeMasks = 2, TimeMaskSteps = 5,
            FrequencyMasks = 1, FrequencyMaskSize = 8, FrameScaling = FrameScaling.None,
        });

    public static TranscriptionRecipe Of(string set) => set == "spoken-digits" ? s_digits : s_speech;
}
