using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceModels.Tests.Conformance;

/// <summary>Trainers that read raw texts.</summary>
internal static partial class Subjects
{
    private static Subject OfTexts(string name, TestColumn label, string[] outputs,
        Func<MLContext, string, string, string, TextTrainerOptions, SequenceTrainer> create, TestColumn? beside = null)
    {
        TextTrainerOptions small = new()
        {
            HiddenSize = 4, EmbeddingSize = 3, NumberOfEpochs = 2, BatchSize = 2, Seed = 1, NumberOfThreads = 1,
        };
        (string, Func<MLContext, IEstimator<ITransformer>>) Refused(string option, TextTrainerOptions options) =>
            (option, ml => create(ml, "Label", "Text", "Weight", options));
        return new(name, (ml, named) => create(ml, named("Label"), named("Text"), named("Weight"),
            small with { RowFeatureColumnName = beside is null ? null : named(beside.Name) }),
            [Text, label, TestColumn.Of("Weight", NumberDataViewType.Single, 1f, 2, 1, 0.5f, 1),
                .. beside is null ? Array.Empty<TestColumn>() : [beside]], outputs)
        {
            NamesItsOutputs = false,
            OnlyForFit = ["Label", "Weight"],
            Refused =
            [
                Refused(nameof(small.HiddenSize), small with { HiddenSize = 0 }),
                Refused("TextTrainerOptions.MaximumNGrams", small with { MaximumNGrams = -1 }),
                Refused("TextTrainerOptions.AuxiliaryLossWeight", small with { AuxiliaryLossWeight = float.NaN }),
                Refused(nameof(SequenceTokenization.MinimumCount),
                    small with { Tokenization = SequenceTokenization.Words() with { MinimumCount = 0 } }),
                ("labelColumnName", ml => create(ml, "", "Text", "Weight", small)),
                ("textColumnName", ml => create(ml, "Label", "", "Weight", small)),
            ],
        };
    }
}
