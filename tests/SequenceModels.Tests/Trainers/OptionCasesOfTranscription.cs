using Microsoft.ML;
using SequenceModels.Tests.Conformance;
using SequenceModels.Tests.Transcription;

namespace SequenceModels.Tests.Trainers;

/// <summary>The options of transcription, on levels that are held, and on letters that are said several times.</summary>
internal static class OptionCasesOfTranscription
{
    private static readonly string[] s_ofTokens =
    [
        nameof(TranscriptionOptions.EmbeddingSize), nameof(TranscriptionOptions.EmbeddingDeviation),
        nameof(TranscriptionOptions.PretrainedVectors), nameof(TranscriptionOptions.WordDropout),
    ];

    public static OptionCases Create()
    {
        TranscriptionOptions b = new()
        {
            HiddenSize = 8, EmbeddingSize = 8, Dropout = 0, NumberOfEpochs = 2, BatchSize = 16, LearningRate = 0.02f,
            LearningRateSchedule = LearningRateSchedule.Constant, Seed = 1, NumberOfThreads = 1,
        };
        TranscriptionOptions watched = b with
        {
            ValidationFraction = 0.3,
            NumberOfEpochs = 30,
            EarlyStoppingPatience = 30,
            LearningRate = 0.1f,
            LearningRateSchedule = LearningRateSchedule.ReduceOnPlateau(0.1f, patience: 0),
        };
        TranscriptionOptions wide = b with { BeamSize = 4, NumberOfEpochs = 10 };
        var ml = new MLContext(1);
        IDataView texts = Letters(ml);
        LanguageModelTransformer language = ml.Sequences().LanguageModeling.Trainers.Gru("Label",
            new LanguageModelOptions { HiddenSize = 4, EmbeddingSize = 4, NumberOfEpochs = 1, Seed = 1 }).Fit(texts);
        TranscriptionOptions told = wide with { LanguageModel = language };
        TranscriptionOptions timed = b with { TimeMasks = 1 }, banded = b with { FrequencyMasks = 1 };
        return new OptionCases<TranscriptionOptions>(b, Learn, new()
        {
            [nameof(b.Bidirectional)] = (b, b with { Bidirectional = false }),
            [nameof(b.EmbeddingSize)] = (b, b with { EmbeddingSize = 9 }),
            [nameof(b.PretrainedVectors)] = (b, b with { PretrainedVectors = OptionCasesOfTasks.Vectors(b, "a", "b") }),
            [nameof(b.WordDropout)] = (b, b with { WordDropout = 0.2f }),
            [nameof(b.EmbeddingDeviation)] = (b, b with { EmbeddingDeviation = 0.5f }),
            [nameof(b.FrameScaling)] = (b, b with { FrameScaling = FrameScaling.None }),
            [nameof(b.FrozenEpochs)] = (b, b with { FrozenEpochs = 1 }),
            [nameof(b.LayerRateDecay)] = (b, b with { LayerRateDecay = 0.5f }),
            [nameof(b.BeamSize)] = (b with { LengthBonus = 3 }, b with { LengthBonus = 3, BeamSize = 4 }),
            [nameof(b.LanguageModel)] = (wide, told),
            [nameof(b.LanguageModelWeight)] = (told, told with { LanguageModelWeight = 5 }),
            [nameof(b.LengthBonus)] = (wide, wide with { LengthBonus = 3 }),
            [nameof(b.TimeMasks)] = (b, timed),
            [nameof(b.TimeMaskSteps)] = (timed, timed with { TimeMaskSteps = 3 }),
            [nameof(b.FrequencyMasks)] = (b, banded),
            [nameof(b.FrequencyMaskSize)] = (banded with { FrequencyMaskSize = 1 }, banded with { FrequencyMaskSize = 2 }),
            [nameof(b.SelectBy)] = (watched, watched with { SelectBy = TranscriptionSelection.TokenErrorRate }),
        });
    }

    private static string[] Learn(MLContext ml, TranscriptionOptions options, string option)
    {
        IDataView rows = s_ofTokens.Contains(option) ? Letters(ml)
            : option == nameof(options.FrequencyMaskSize) ? Pairs() : Levels(ml);
        TranscriptionTrainer trainer = ml.Sequences().Transcription.Trainers.Lstm(options: options);
        TranscriptionTransformer model = option != nameof(options.FrozenEpochs) ? trainer.Fit(rows)
            : trainer.Fit(rows, null, ml.Sequences().Transcription.Trainers
                .Lstm(options: options with { NumberOfEpochs = 1, FrozenEpochs = 0 }).Fit(rows).Model);
        return Rows.Of(model.Transform(rows), "PredictedLabel", "Score", "Times");
    }

    private static IDataView Levels(MLContext ml)
    {
        IDataView data = ml.Data.LoadFromEnumerable(SpokenLevels.Create(60, seed: 1, noise: 1));
        return Label(ml).Fit(data).Transform(data);
    }

    private static TestView Pairs() => new(
        TestColumn.Numbers("Features", [0, 2], [1, 5, 2, 4], [3, 2], [4, 1, 7, 2, 3, 3]),
        TestColumn.Keys("Label", 2, [1], [2], [1, 2]));

    private static IDataView Letters(MLContext ml)
    {
        IDataView data = ml.Data.LoadFromEnumerable(SpokenLevels.Create(60, seed: 1).Select(row => new Spelled
        {
            Said = row.Said, Sound = string.Concat(row.Said.Select(letter => $"{letter}{letter}-")),
        }));
        return Label(ml).Append(ml.Transforms.Text.TokenizeIntoSequence("Features", "Sound", SequenceTokenization.Characters()))
            .Fit(data).Transform(data);
    }

    private static SequenceTokenizingEstimator Label(MLContext ml) =>
        ml.Transforms.Text.TokenizeIntoSequence("Label", "Said", SequenceTokenization.Characters());

    private sealed class Spelled
    {
        public string Said { get; set; } = "";

        public string Sound { get; set; } = "";
    }
}
