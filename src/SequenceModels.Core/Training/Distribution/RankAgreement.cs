using System.Reflection;
using System.Runtime.Intrinsics.X86;
using SequenceModels.Files;
using SequenceModels.Kernels;

namespace SequenceModels.Training;

/// <summary>
/// What the processes of a training must have in common, beside the training itself, for all of them to come to the same bits.
/// It is compared before the first update: another file, another option or another version on one machine would else show in
/// nothing but a worse model.
/// </summary>
internal static class RankAgreement
{
    private const string Kind = "SEQRANKS";

    /// <summary>Throws on all ranks if one of them is about to do another training than the first.</summary>
    /// <exception cref="InvalidOperationException">One is; the message names the rank and what differs.</exception>
    public static void Require(TrainingJob job, TrainingRanks ranks)
    {
        if (ranks.Group is not { } group)
            return;
        byte[] own = CheckpointContent.Bytes(Own(job).Write);
        string differences = "";
        for (int rank = 0; rank < group.Size; rank++)
        {
            byte[] bytes = ranks.Of(rank, own);
            if (rank > 0 && ranks.IsFirst)
                differences += Describe(rank, TrainingFingerprint.Differences(Read(bytes).Traits, Read(own).Traits));
        }
        ranks.OnFirst(() =>
        {
            if (differences != "")
                throw new InvalidOperationException(
                    Invariant($"The {group.Size} processes of this training ") +
                    "do not do the same, where each must have the same rows, " +
                    $"options and packages as rank 0.{differences}");
        });
    }

    private static TrainingFingerprint Read(byte[] bytes) => TrainingFingerprint.Read(new PayloadReader(bytes, Kind, version: 1));

    private static string Describe(int rank, string differences) =>
        differences == "" ? "" : Invariant($" What differs on rank {rank}: ") +
        $"{differences.Replace(", here ", ", on rank 0 ", StringComparison.Ordinal)}.";

    private static TrainingFingerprint Own(TrainingJob job)
    {
        TrainingFingerprint identity = TrainingFingerprint.Of(job);
        TrainingOptions options = job.Options;
        return identity with
        {
            Traits =
            [
                new("version of SequenceModels", typeof(RankAgreement).Assembly
                    .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? ""),
                new("version of .NET", Environment.Version.ToString()),
                new("vector width", Invariant($"{Simd.Width} bits{(Fma.IsSupported ? ", fused multiply-add" : "")}")),
                .. identity.Traits.Where(trait => trait.Name != nameof(options.NumberOfEpochs)),
                new(nameof(options.NumberOfEpochs), Invariant($"{options.NumberOfEpochs}")),
                new(nameof(options.OnCancel), options.OnCancel.ToString()),
                new(nameof(options.TimeBudget), InvariantText.Of(options.TimeBudget) ?? "none"),
            ],
        };
    }
}
