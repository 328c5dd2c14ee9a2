namespace SequenceModels.Benchmarks.Translations;

/// <summary>How a translation set is learned.</summary>
/// <param name="Words">The settings, in words.</param>
/// <param name="Options">The settings.</param>
/// <param name="Subwords">How many subwords either side is cut into; 0: tokens are those of the data.</param>
internal sealed record TranslationRecipe(string Words, TranslationOptions Options, int Subwords = 0)
{
    private static readonly TranslationOptions s_lettersOptions = new()
    {
        HiddenSize = 128, EmbeddingSize = 128, InputFeeding = true, Dropout = 0.3f, LabelSmoothing = 0.1f, NumberOfEpochs = 30,
        BatchSize = 32, LearningRate = 3e-3f, LearningRateSchedule = LearningRateSchedule.Cosine(0.05f), GradientClipNorm = 1,
        WordDropout = 0, EmbeddingDeviation = 0.25f, LengthPenalty = 0.6f, BeamSize = 4,
    };

    private static readonly TranslationRecipe s_pronunciations = new(
        "bidirectional LSTM 128, decoder 256 with input feeding, vectors of 128, dropout 0.3, smoothing 0.1, 30 epochs of batches of 32, " +
        "rate 3e-3 falling along a cosine; beam 4", s_lettersOptions);

    private static readonly TranslationRecipe s_inflection = new(
        "as pronunciations, but variational dropout 0.4, and 60 epochs of batches of 16 at a rate of 1e-3", s_lettersOptions with
        {
            Dropout = 0.4f, VariationalDropout = true, NumberOfEpochs = 60, BatchSize = 16, LearningRate = 1e-3f,
        });

    private static readonly TranslationRecipe s_commands = new(
        "bidirectional LSTM 100, decoder 200, vectors of 64, variational dropout 0.3, 12 epochs of batches of 32, rate 2e-3 falling along a " +
        "cosine; beam 1",
        new()
        {
            HiddenSize = 100, EmbeddingSize = 64, InputFeeding = true, Dropout = 0.3f, VariationalDropout = true, LabelSmoothing = 0,
            NumberOfEpochs = 12, BatchSize = 32, LearningRate = 2e-3f, LearningRateSchedule = LearningRateSchedule.Cosine(0.05f), GradientClipNorm = 1,
            WordDropout = 0, EmbeddingDeviation = 0.25f, BeamSize = 1,
        });

    private static readonly TranslationRecipe s_captions = new(
        "5,000 subwords a side, bidirectional LSTM 256, decoder 256, vectors of 256, variational dropout 0.3, smoothing 0.1, 20 epochs of " +
        "batches of 64, rate 3e-3 falling along a cosine; beam 4", new()
        {
            HiddenSize = 256, DecoderHiddenSize = 256, EmbeddingSize = 256, Dropout = 0.3f, VariationalDropout = true,
            LabelSmoothing = 0.1f, NumberOfEpochs = 20, BatchSize = 64, LearningRate = 3e-3f, LearningRateSchedule = LearningRateSchedule.Cosine(0.05f), GradientClipNorm = 1,
            WordDropout = 0, EmbeddingDeviation = 0.25f, LengthPenalty = 0.6f, BeamSize = 4,
        }, Subwords: 5_000);

    /// <summary>One recipe for all languages' pronunciations; one each for inflection, commands and captions.</summary>
    public static TranslationRecipe Of(string set) => set.StartsWith("scan", StringComparison.Ordinal) ? s_commands
        : set.StartsWith("multi30k", StringComparison.Ordinal) ? s_captions
        : set.StartsWith("inflection", StringComparison.Ordinal) ? s_inflection : s_pronunciations;
}
