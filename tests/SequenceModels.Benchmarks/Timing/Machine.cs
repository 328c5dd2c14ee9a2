using System.Runtime.Intrinsics.X86;
using System.Text.RegularExpressions;

namespace SequenceModels.Benchmarks.Timing;

/// <summary>The processor that was measured on.</summary>
/// <param name="Cpu">Its name; where that names no model, with the numbers of family and model; and where it is an x86
/// without AVX-512, that.</param>
/// <param name="Cores">Processors that this process may use.</param>
internal sealed partial record Machine(string Cpu, int Cores)
{
    /// <summary>The processor's name as the name of a file.</summary>
    public string Slug => NoLetter().Replace(Mark().Replace(Cpu, "").ToLowerInvariant(), "-").Trim('-');

    public static Machine This()
    {
        string name = Field("model name") ?? "unknown processor";
        bool namesModel = Clock().Replace(name, "").Any(char.IsAsciiDigit);
        // What a host keeps from its guests is not in the name, and halves the peak.
        string missing = X86Base.IsSupported && !Avx512F.IsSupported ? "no AVX-512" : "";
        return new Machine(!namesModel ? $"{name} (family {Field("cpu family")}, model {Field("model")}{(missing == "" ? "" : "; ")}{missing})"
            : missing == "" ? name : $"{name} ({missing})", Environment.ProcessorCount);
    }

    private static string? Field(string name) => !File.Exists("/proc/cpuinfo") ? null : File.ReadLines("/proc/cpuinfo")
        .Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
        .FirstOrDefault(parts => parts[0] == name)?[1];

    [GeneratedRegex("@.*")]
    private static partial Regex Clock();

    [GeneratedRegex(@"\((R|TM)\)")]
    private static partial Regex Mark();

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NoLetter();
}
