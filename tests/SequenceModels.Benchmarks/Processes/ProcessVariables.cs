namespace SequenceModels.Benchmarks.Processes;

/// <summary>Environment variables that must be set before a process starts. One that is set already stays as it is.</summary>
internal static class ProcessVariables
{
    public static IReadOnlyDictionary<string, string> None { get; } = new Dictionary<string, string>();

    /// <summary>
    /// glibc keeps what is freed. As it is shipped it gives large tensors back to the system after every training step,
    /// and libtorch then waits for fresh pages; with this libtorch is at its best.
    /// </summary>
    public static IReadOnlyDictionary<string, string> TunedAllocator { get; } = new Dictionary<string, string>
    {
        ["MALLOC_MMAP_THRESHOLD_"] = "2000000000",
        ["MALLOC_TRIM_THRESHOLD_"] = "4000000000",
        ["MALLOC_TOP_PAD_"] = "200000000",
    };

    /// <summary>.NET takes the processor for one without AVX-512. Native libraries still see what it has.</summary>
    public static IReadOnlyDictionary<string, string> WithoutAvx512 { get; } =
        new Dictionary<string, string> { ["DOTNET_EnableAVX512"] = "0" };
}
