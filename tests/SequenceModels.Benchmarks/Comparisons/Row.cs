using System.Text.Json.Serialization;

namespace SequenceModels.Benchmarks.Comparisons;

/// <summary>One workload at one number of threads: our figure and theirs.</summary>
/// <param name="Section">The part of the report that it belongs to.</param>
/// <param name="Name">The workload.</param>
/// <param name="Title">The workload in words.</param>
/// <param name="Unit">Tokens a second, where more is better, or microseconds a call, where less is.</param>
/// <param name="Threads">Threads of either.</param>
/// <param name="VectorBits">Width of our vectors.</param>
/// <param name="Ours">Our figure; null if it was not asked for.</param>
/// <param name="Theirs">The figure of every other library and form.</param>
/// <param name="PeakGflops">What the processor can do at most on that many threads, measured in the same minutes.</param>
/// <param name="OurGflops">Operations of our matrix products in a second.</param>
internal sealed record Row(string Section, string Name, string Title, string Unit, int Threads, int VectorBits,
    double? Ours, IReadOnlyDictionary<string, double> Theirs, double PeakGflops, double? OurGflops)
{
    public const string TokensPerSecond = "tokens/s", MicrosecondsPerCall = "us";

    private bool MoreIsBetter => Unit == TokensPerSecond;

    /// <summary>The library and form with the best figure.</summary>
    public string? BestPeer => Theirs.Count == 0 ? null : MoreIsBetter ? Theirs.MaxBy(p => p.Value).Key
        : Theirs.MinBy(p => p.Value).Key;

    [JsonIgnore]
    public double? Best => BestPeer is { } peer ? Theirs[peer] : null;

    /// <summary>How many times as fast as the best of them we are.</summary>
    public double? Ratio => MoreIsBetter ? Ours / Best : Best / Ours;

    public double? ShareOfPeak => OurGflops / PeakGflops;

    /// <summary>A figure as it is shown: three digits, or all before the point.</summary>
    public static string Show(double? figure) => figure switch
    {
        null => "-",
        < 100 => figure.Value.ToString("G3"),
        _ => figure.Value.ToString("N0"),
    };
}
