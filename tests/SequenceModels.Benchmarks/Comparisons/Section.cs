using SequenceModels.Benchmarks.Peers;
using SequenceModels.Benchmarks.Processes;

namespace SequenceModels.Benchmarks.Comparisons;

/// <summary>A part of the report, measured in a process of its own.</summary>
/// <param name="Name">Its name, and with two dashes the option that asks for it.</param>
/// <param name="Title">Its heading.</param>
/// <param name="About">What is measured and how, in a sentence or two.</param>
/// <param name="MeasuredOn">The workloads.</param>
/// <param name="IsTraining">Whether a run is a training step; otherwise it is a scoring call.</param>
/// <param name="Variables">Environment variables of the process.</param>
internal sealed record Section(string Name, string Title, string About, IReadOnlyList<Workload> MeasuredOn, bool IsTraining,
    IReadOnlyDictionary<string, string> Variables)
{
    public static IReadOnlyList<Section> All { get; } =
    [
        new("training", "Training",
            "Tokens a second; each step is forward, backward and an update by Adam. glibc's allocator is tuned for libtorch.",
            Workloads.Training, true, ProcessVariables.TunedAllocator),
        new("inference", "Inference",
            "Microseconds a call. Theirs is the better of TorchSharp and ONNX Runtime. glibc's allocator is tuned for " +
            "libtorch. " +
            "A sequence alone is scored on one of our threads. Ours looks up the input products of embedded words, which " +
            "count as work all the same: " +
            "so a share of the peak can pass 100 %.",
            Workloads.Scoring, false, ProcessVariables.TunedAllocator),
        new("without-avx512", "Training without AVX-512",
            "Tokens a second, as above, in a process where .NET may not use AVX-512 (theirs may) and the allocator is as " +
            "glibc ships it.",
            Workloads.Basic, true, ProcessVariables.WithoutAvx512),
    ];
}
