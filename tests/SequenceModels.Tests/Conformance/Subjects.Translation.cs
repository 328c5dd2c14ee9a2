using Microsoft.ML;

namespace SequenceModels.Tests.Conformance;

internal static partial class Subjects
{
    private static TranslationOptions SmallTranslation => new()
    {
        HiddenSize = 4, EmbeddingSize = 3, NumberOfEpochs = 2, BatchSize = 2, Seed = 1, NumberOfThreads = 1, MaximumLength = 4,
    };

    private static Subject Translation(string name, TestColumn feature,
        Func<MLContext, string, string, TranslationOptions, TranslationTrainer> create, TranslationOptions options)
    {
        TestColumn label = TestColumn.Keys("Label", 3, [[1, 2, 3], [], [2, 0], [3], [1, 1, 2, 3, 3]]);
        (string, Func<MLContext, IEstimator<ITransformer>>) Refused(string option, TranslationOptions refused) =>
            ("TranslationOptions." + option, ml => create(ml, "Label", "Features", refused));
        return new(name, (ml, named) => create(ml, named("Label"), named(feature.Name), options), [feature, label],
            ["PredictedLabel", "Score", .. options.OutputAttention ? ["Attention"] : Array.Empty<string>()])
        {
            NamesItsOutputs = false,
            OnlyForFit = ["Label"],
            Refused =
            [
                Refused("HiddenSize", options with { HiddenSize = 0 }),
                Refused("EmbeddingSize", options with { EmbeddingSize = 0 }),
                Refused("Attention", options with { Attention = (AttentionKind)9 }),
                Refused("InputFeeding", options with { Attention = AttentionKind.None, InputFeeding = true }),
                Refused("DecoderHiddenSize", options with { DecoderHiddenSize = -1 }),
                Refused("DecoderHiddenSize", options with { Attention = AttentionKind.Dot, DecoderHiddenSize = 5 }),
                Refused("BeamSize", options with { BeamSize = 0 }),
                Refused("LengthPenalty", options with { LengthPenalty = -1 }),
                Refused("CoveragePenalty", options with { CoveragePenalty = float.NaN }),
                Refused("MaximumLength", options with { MaximumLength = -1 }),
                Refused("EmbeddingSize", options with { Attention = AttentionKind.None, TiedEmbeddings = true }),
                Refused("ReplaceUnknown", options with { Attention = AttentionKind.None, ReplaceUnknown = true }),
                Refused("OutputAttention", options with { Attention = AttentionKind.None, OutputAttention = true }),
                Refused("SelectBy", options with { SelectBy = (TranslationSelection)9 }),
                Refused("Pooling", options with { Pooling = SequencePooling.Mean }),
                Refused("RowFeatureColumnName", options with { RowFeatureColumnName = "x" }),
                Refused("ClassWeights", options with { ClassWeights = ClassWeights.Balanced }),
                Refused("FrameStacking", options with { FrameStacking = 2 }),
                Refused("FrozenEpochs", options with { FrozenEpochs = 1 }),
                Refused("TruncatedBackpropagationSteps", options with { TruncatedBackpropagationSteps = 5 }),
                ("labelColumnName", ml => create(ml, "", "Features", options)),
                ("featureColumnName", ml => create(ml, "Label", "", options)),
            ],
        };
    }
}
