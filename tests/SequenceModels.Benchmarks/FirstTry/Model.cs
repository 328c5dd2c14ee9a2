using Microsoft.ML;

namespace SequenceModels.Benchmarks.FirstTry;

/// <summary>A pipeline as a newcomer types it, without an option, behind the key of the label.</summary>
/// <param name="Name">Names it on the command line.</param>
/// <param name="Title">Names it in tables.</param>
/// <param name="Typed">What is typed, for the page.</param>
/// <param name="OfTexts">From the column Text to a score.</param>
/// <param name="OfFrames">
/// From the columns Frames, variable in length where the set is, or Padded to a score, with the number of values a step; null:
/// the model is for texts alone.
/// </param>
internal sealed record Model(string Name, string Title, string Typed, Func<MLContext, IEstimator<ITransformer>> OfTexts,
    Func<MLContext, int, IEstimator<ITransformer>>? OfFrames)
{
    public static IReadOnlyList<Model> All { get; } =
    [
        new("ours", "Lstm()", "`TokenizeIntoSequence` for texts, `ReshapeSequence` for frames, and `Lstm()`",
            ml => ml.Transforms.Text.TokenizeIntoSequence("Features", "Text")
                .Append(ml.MulticlassClassification.Trainers.Lstm()),
            (ml, featuresPerStep) => featuresPerStep == 1
                ? ml.MulticlassClassification.Trainers.Lstm(featureColumnName: "Frames")
                : ml.Transforms.ReshapeSequence("Features", featuresPerStep, "Frames")
                    .Append(ml.MulticlassClassification.Trainers.Lstm())),
        new("textlstm", "TextLstm()", "`TextLstm()` on texts", ml => ml.MulticlassClassification.Trainers.TextLstm(), null),
        new("sdca", "Sdca", "`FeaturizeText` for texts, padded numbers of frames, and `SdcaMaximumEntropy()`",
            ml => Featurize(ml).Append(ml.MulticlassClassification.Trainers.SdcaMaximumEntropy()),
            (ml, _) => ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(featureColumnName: "Padded"))
        {
            IsBaseline = true,
        },
        new("lightgbm", "LightGbm", "`FeaturizeText` for texts, padded numbers of frames, and `LightGbm()`",
            ml => Featurize(ml).Append(ml.MulticlassClassification.Trainers.LightGbm()),
            (ml, _) => ml.MulticlassClassification.Trainers.LightGbm(featureColumnName: "Padded"))
        {
            IsBaseline = true,
        },
    ];

    /// <summary>Whether it is ML.NET's own.</summary>
    public bool IsBaseline { get; init; }

    /// <summary>Whether the model is for rows of this kind.</summary>
    public bool Takes(RowKind kind) => kind == RowKind.Texts || OfFrames is not null;

    public IEstimator<ITransformer> Pipeline(MLContext ml, Split split) => ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(split.FeaturesPerStep == 0 ? OfTexts(ml) : OfFrames!(ml, split.FeaturesPerStep));

    /// <summary>The features are kept in memory: SDCA reads them many times.</summary>
    private static Microsoft.ML.Data.EstimatorChain<ITransformer> Featurize(MLContext ml) =>
        ml.Transforms.Text.FeaturizeText("Features", "Text").AppendCacheCheckpoint(ml);
}
