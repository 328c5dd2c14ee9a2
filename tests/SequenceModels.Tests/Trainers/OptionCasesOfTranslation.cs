using Microsoft.ML;
using SequenceModels.Tests.Conformance;
using SequenceModels.Tests.Translation;

namespace SequenceModels.Tests.Trainers;

/// <summary>The options of translations, on numbers that are spelled backwards.</summary>
internal static class OptionCasesOfTranslation
{
    public static OptionCases Create()
    {
        TranslationOptions b = new()
        {
            HiddenSize = 8, EmbeddingSize = 8, Dropout = 0, LabelSmoothing = 0, NumberOfEpochs = 2, BatchSize = 16,
            LearningRate = 0.02f, LearningRateSchedule = LearningRateSchedule.Constant, Seed = 1, NumberOfThreads = 1,
        };
        TranslationOptions watched = b with
        {
            ValidationFraction = 0.3,
            NumberOfEpochs = 12,
            EarlyStoppingPatience = 12,
            LearningRate = 0.1f,
            LearningRateSchedule = LearningRateSchedule.ReduceOnPlateau(0.1f, patience: 0),
        };
        TranslationOptions restless = b with { ValidationFraction = 0.2, NumberOfEpochs = 30, LearningRate = 0.1f };
        TranslationOptions wide = b with { Attention = AttentionKind.None, EmbeddingSize = 16 };
        return new OptionCases<TranslationOptions>(b, Learn, new()
        {
            [nameof(b.EarlyStoppingPatience)] = (restless, restless with { EarlyStoppingPatience = 1 }),
            [nameof(b.Bidirectional)] = (b, b with { Bidirectional = false }),
            [nameof(b.EmbeddingSize)] = (b, b with { EmbeddingSize = 9 }),
            [nameof(b.PretrainedVectors)] = (b, b with { PretrainedVectors = OptionCasesOfTasks.Vectors(b, "one", "two") }),
            [nameof(b.WordDropout)] = (b, b with { WordDropout = 0.2f }),
            [nameof(b.EmbeddingDeviation)] = (b, b with { EmbeddingDeviation = 0.5f }),
            [nameof(b.FrameScaling)] = (b, b with { FrameScaling = FrameScaling.None }),
            [nameof(b.LabelSmoothing)] = (b, b with { LabelSmoothing = 0.1f }),
            [nameof(b.LayerRateDecay)] = (b, b with { LayerRateDecay = 0.5f }),
            [nameof(b.Attention)] = (b, b with { Attention = AttentionKind.Dot }),
            [nameof(b.InputFeeding)] = (b, b with { InputFeeding = true }),
            [nameof(b.DecoderHiddenSize)] = (b, b with { DecoderHiddenSize = 9 }),
            [nameof(b.BeamSize)] = (b, b with { BeamSize = 1 }),
            [nameof(b.LengthPenalty)] = (b, b with { LengthPenalty = 3 }),
            [nameof(b.CoveragePenalty)] = (b, b with { CoveragePenalty = 3 }),
            [nameof(b.MaximumLength)] = (b, b with { MaximumLength = 1 }),
            [nameof(b.TiedEmbeddings)] = (wide, wide with { TiedEmbeddings = true }),
            [nameof(b.ReplaceUnknown)] = (b, b with { ReplaceUnknown = true }),
            [nameof(b.OutputAttention)] = (b, b with { OutputAttention = true }),
            [nameof(b.SelectBy)] = (watched, watched with { SelectBy = TranslationSelection.SequenceErrorRate }),
        });
    }

    private static string[] Learn(MLContext ml, TranslationOptions options, string option)
    {
        if (option == nameof(options.FrameScaling))
        {
            var frames = new TestView(TestColumn.Numbers("Features", [0, 2], [1, 5, 2, 4], [3, 2]),
                TestColumn.Keys("Label", 2, [1, 2, 2], [2]));
            return Rows.Of(ml.Sequences().Translation.Trainers.Lstm(options: options).Fit(frames).Transform(frames), "Score");
        }
        IDataView data = ml.Data.LoadFromEnumerable(SpelledNumbers.Create(80, seed: 1));
        // Some of the target's tokens are unknown.
        IDataView rows = ml.Transforms.Text.TokenizeIntoSequence("Features", "Source").Append(ml.Transforms.Text
            .TokenizeIntoSequence("Label", "Target", SequenceTokenization.Characters(maximumVocabularySize: 2))).Fit(
                data).Transform(data);
        IDataView translated = ml.Sequences().Translation.Trainers.Lstm(options: options).Fit(rows).Transform(rows);
        return options.OutputAttention ? Rows.Of(translated, "PredictedLabel", "Score", "Attention")
            : Rows.Of(translated, "PredictedLabel", "Score");
    }
}
