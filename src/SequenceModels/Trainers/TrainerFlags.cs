using Microsoft.ML;

namespace SequenceModels.Trainers;

/// <summary>What ML.NET asks of a trainer: ours need neither normalised features nor a cache.</summary>
internal static class TrainerFlags
{
    // TrainerInfo has no public constructor; this trainer's flags are ours.
    private static readonly Lazy<TrainerInfo> s_info = new(() =>
        new MLContext().MulticlassClassification.Trainers.NaiveBayes().Info);

    public static TrainerInfo Info => s_info.Value;
}
