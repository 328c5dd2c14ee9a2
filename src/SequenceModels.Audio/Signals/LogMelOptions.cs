using System.Diagnostics.CodeAnalysis;

namespace SequenceModels;

/// <summary>How sound becomes log-mel frames. The defaults are those of most speech recognition.</summary>
/// <remarks>
/// A frame is: samples at the scale of 16 bits; each less <see cref="PreEmphasis"/> times the one before; a window of them,
/// weighted; its power spectrum; for each filter, a triangle in frequency whose corners are even on the mel scale
/// (1127 ln(1 + f / 700)), the weighted sum E; ln(1 + E). There is no dither: silence is 0.
/// </remarks>
public record LogMelOptions
{
    /// <summary>
    /// Samples in a second. Default 0: as the column of samples says, which LoadAudio makes; must be given for other columns.
    /// </summary>
    public int SampleRate { get; init; }

    /// <summary>Length of a window in milliseconds. Default 25.</summary>
    public double WindowMilliseconds { get; init; } = 25;

    /// <summary>From the start of a window to that of the next, in milliseconds. Default 10: 100 frames a second.</summary>
    public double HopMilliseconds { get; init; } = 10;

    /// <summary>How the samples of a window are weighted. Default <see cref="WindowFunction.Hamming"/>.</summary>
    public WindowFunction Window { get; init; } = WindowFunction.Hamming;

    /// <summary>
    /// Length of the Fourier transform, a power of two, at least a window's samples and at most 65,536. Default 0: the smallest
    /// that a window fits into.
    /// </summary>
    public int FftLength { get; init; }

    /// <summary>F, the number of filters. Default 40.</summary>
    public int NumberOfFilters { get; init; } = 40;

    /// <summary>Where the first filter begins, in Hz. Default 20.</summary>
    public double LowestFrequency { get; init; } = 20;

    /// <summary>Where the last filter ends, in Hz. Default 0: half the sample rate, the most that there is.</summary>
    public double HighestFrequency { get; init; }

    /// <summary>Raises high frequencies: how much of each sample is taken off the next, 0 to 1. Default 0.97.</summary>
    public double PreEmphasis { get; init; } = 0.97;

    /// <summary>What is made alike in all recordings. Default <see cref="FrameNormalization.MeanAndDeviation"/>.</summary>
    public FrameNormalization Normalization { get; init; } = FrameNormalization.MeanAndDeviation;

    /// <summary>The values, in the invariant culture.</summary>
    public sealed override string ToString() => InvariantText.OfRecord(GetType().Name, PrintMembers);

    /// <summary>Throws where a value is out of range, whatever the sample rate.</summary>
    internal virtual void Validate()
    {
        Require(SampleRate is >= 0 and <= MaximumRate, nameof(SampleRate), SampleRate,
            Invariant($"between 1 and {MaximumRate}, or 0 (as the column says)"));
        Require(WindowMilliseconds is > 0 and <= 10_000, nameof(WindowMilliseconds), WindowMilliseconds,
            "more than 0, at most 10000");
        Require(HopMilliseconds is > 0 and <= 10_000, nameof(HopMilliseconds), HopMilliseconds, "more than 0, at most 10000");
        Require(Enum.IsDefined(Window), nameof(Window), Window, "Hamming, Hann or Rectangular");
        Require(FftLength == 0 || (int.IsPow2(FftLength) && FftLength is >= 4 and <= MaximumFftLength), nameof(FftLength),
            FftLength, Invariant($"a power of two from 4 to {MaximumFftLength}, or 0 (the smallest that a window fits into)"));
        Require(NumberOfFilters is >= 1 and <= 4096, nameof(NumberOfFilters), NumberOfFilters, "between 1 and 4096");
        Require(LowestFrequency >= 0 && double.IsFinite(LowestFrequency), nameof(LowestFrequency), LowestFrequency, "at least 0");
        Require(HighestFrequency == 0 || (HighestFrequency > LowestFrequency && double.IsFinite(HighestFrequency)),
            nameof(HighestFrequency), HighestFrequency, "greater than LowestFrequency, or 0 (half the sample rate)");
        Require(PreEmphasis is >= 0 and <= 1, nameof(PreEmphasis), PreEmphasis, "between 0 and 1");
        Require(Enum.IsDefined(Normalization), nameof(Normalization), Normalization, "None, Mean or MeanAndDeviation");
    }

    /// <summary>Throws an error that names an option unless a condition holds.</summary>
    internal void Require([DoesNotReturnIf(false)] bool holds, string name, object value, string expected)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, InvariantText.Of(value), $"{GetType().Name}.{name} must be {expected}.");
    }

    internal const int MaximumRate = 10_000_000, MaximumFftLength = 65_536;
}
