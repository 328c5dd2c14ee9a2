using Microsoft.ML;

namespace SequenceModels.Tests.Conformance;

internal static partial class Subjects
{
    private static TranscriptionOptions SmallTranscription => new()
    {
        HiddenSize = 4, EmbeddingSize = 3, NumberOfEpochs = 2, BatchSize = 2, Seed = 1, NumberOfThreads = 1,
    };

    private static Subject Transcription(string name, TestColumn feature,
        Func<MLContext, string, string, TranscriptionOptions, TranscriptionTrainer> create, TranscriptionOptions options)
    {
        TestColumn label = TestColumn.Keys("Label", 3, [[1], [], [2], [3], [1]]);
        (string, Func<MLContext, IEstimator<ITransformer>>) Refused(string option, TranscriptionOptions refused) =>
            ("TranscriptionOptions." + option, ml => create(ml, "Label", "Features", refused));
        return new(name, (ml, named) => create(ml, named("Label"), named(feature.Name), options), [feature, label],
            ["PredictedLabel", "Score", "Times"])
        {
            NamesItsOutputs = false,
            OnlyForFit = ["Label"],
            Refused =
            [
                Refused("HiddenSize", options with { HiddenSize = 0 }),
                Refused("BeamSize", options with { BeamSize = 0 }),
                Refused("LanguageModelWeight", options with { LanguageModelWeight = -1 }),
                Refused("LengthBonus", options with { LengthBonus = float.NaN }),
                Refused("TimeMasks", options with { TimeMasks = -1 }),
                Refused("TimeMaskSteps", options with { TimeMaskSteps = 0 }),
                Refused("FrequencyMasks", options with { FrequencyMasks = 101 }),
                Refused("FrequencyMaskSize", options with { FrequencyMaskSize = 0 }),
                Refused("SelectBy", options with { SelectBy = (TranscriptionSelection)9 }),
                Refused("ClassWeights", options with { ClassWeights = ClassWeights.Balanced }),
                Refused("LabelSmoothing", options with { LabelSmoothing = 0.1f }),
                Refused("CharacterHiddenSize", options with { CharacterHiddenSize = 3 }),
                ("labelColumnName", ml => create(ml, "", "Features", options)),
                ("featureColumnName", ml => create(ml, "Label", "", options)),
            ],
        };
    }
}
