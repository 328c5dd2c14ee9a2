using System.Numerics;
using SequenceModels.Audio;

namespace SequenceModels;

/// <summary>Makes log-mel frames or cepstral coefficients of sound. Safe to share between threads.</summary>
public sealed class FrameExtractor
{
    private const float SixteenBits = 32_768;

    private readonly LogMelOptions _options;
    private readonly float[] _window; // [n] weights, times what brings samples to 16 bits
    private readonly RealFourier _fourier;
    private readonly MelFilters _filters;
    private readonly CepstralTransform? _cepstral;

    /// <summary>Prepares windows and filters.</summary>
    /// <param name="options">What frames are made: a <see cref="MfccOptions"/> makes cepstral coefficients.</param>
    /// <param name="sampleRate">Samples in a second. 0: the options say.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range, or does not fit the sample rate.</exception>
    public FrameExtractor(LogMelOptions options, int sampleRate = 0)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        sampleRate = sampleRate == 0 ? options.SampleRate : sampleRate;
        options.Require(sampleRate is >= 1 and <= LogMelOptions.MaximumRate, nameof(options.SampleRate), sampleRate,
            "the number of samples in a second");
        options.Require(options.SampleRate == 0 || options.SampleRate == sampleRate, nameof(options.SampleRate),
            options.SampleRate,
            Invariant($"{sampleRate}, the sample rate of the sound, or 0"));
        _options = options with { SampleRate = sampleRate };
        int window = Samples(options.WindowMilliseconds), fft = options.FftLength;
        Hop = Samples(options.HopMilliseconds);
        options.Require(Hop >= 1, nameof(options.HopMilliseconds), options.HopMilliseconds,
            Invariant($"at least one sample of {sampleRate} a second"));
        options.Require(window >= 2 && window <= LogMelOptions.MaximumFftLength, nameof(options.WindowMilliseconds),
            options.WindowMilliseconds,
            Invariant($"from 2 to {LogMelOptions.MaximumFftLength} samples of {sampleRate} a second"));
        fft = fft == 0 ? Math.Max(4, (int)BitOperations.RoundUpToPowerOf2((uint)window)) : fft;
        options.Require(fft >= window, nameof(options.FftLength), fft, Invariant($"at least {window}, the samples of a window"));

        _window = [.. Enumerable.Range(0, window).Select(i => (float)(SixteenBits * Weight(options.Window, i, window)))];
        _fourier = new RealFourier(fft);
        _filters = new MelFilters(options, sampleRate, fft);
        _cepstral = options is MfccOptions cepstral ? new CepstralTransform(cepstral) : null;

        int Samples(double milliseconds) => (int)Math.Round(milliseconds * sampleRate / 1000);
    }

    /// <summary>Samples in a second that the sound must have.</summary>
    public int SampleRate => _options.SampleRate;

    /// <summary>F, the numbers in a frame.</summary>
    public int FrameSize => _cepstral?.Count ?? _filters.Count;

    /// <summary>Samples from the start of a frame to that of the next.</summary>
    public int Hop { get; }

    /// <summary>The options, with the sample rate.</summary>
    internal LogMelOptions Options => _options;

    /// <summary>
    /// T: how many whole windows lie in so many samples, one every <see cref="Hop"/>. Fewer samples than a window are one frame,
    /// silence behind them; no samples are no frame.
    /// </summary>
    /// <param name="samples">Number of samples, at least 0.</param>
    public int CountFrames(int samples) => samples <= 0 ? 0 : samples < _window.Length ? 1 : 1 + (samples - _window.Length) / Hop;

    /// <summary>The frames of a recording.</summary>
    /// <param name="samples">Between -1 and 1.</param>
    /// <returns>[T, F] numbers, frame after frame.</returns>
    /// <exception cref="ArgumentException">A sample is not finite, or beyond 1e9.</exception>
    public float[] Extract(ReadOnlySpan<float> samples)
    {
        if (SampleRange.FindInvalid(samples) is >= 0 and var wrong)
            throw new ArgumentException(Invariant($"Sample {wrong} (counted from 0) is {SampleRange.Describe(samples[wrong])}."),
                nameof(samples));
        float[] frames = new float[checked(CountFrames(samples.Length) * FrameSize)];
        Extract(samples, frames);
        return frames;
    }

    /// <param name="samples">Finite numbers.</param>
    /// <param name="frames">[T, F].</param>
    internal void Extract(ReadOnlySpan<float> samples, Span<float> frames)
    {
        int half = _fourier.Length / 2, size = FrameSize;
        float[] scratch = new float[_window.Length + _fourier.Length + half + 1 + _filters.Count];
        Span<float> windowed = scratch.AsSpan(0, _window.Length), re = scratch.AsSpan(_window.Length, half);
        Span<float> im = scratch.AsSpan(_window.Length + half, half);
        Span<float> power = scratch.AsSpan(_window.Length + _fourier.Length, half + 1);
        Span<float> logMel = scratch.AsSpan(scratch.Length - _filters.Count);
        for (int t = 0; t * size < frames.Length; t++)
        {
            Weigh(samples, t * Hop, windowed);
            _fourier.Power(windowed, re, im, power);
            Span<float> frame = frames.Slice(t * size, size);
            _filters.Apply(power, _cepstral is null ? frame : logMel);
            _cepstral?.Apply(logMel, frame);
        }
        Normalize(frames, size);
    }

    /// <param name="samples">All.</param>
    /// <param name="start">Of the window.</param>
    /// <param name="windowed">[n] what the spectrum is taken of.</param>
    private void Weigh(ReadOnlySpan<float> samples, int start, Span<float> windowed)
    {
        ReadOnlySpan<float> here = samples.Slice(start, Math.Min(windowed.Length, samples.Length - start));
        float emphasis = (float)_options.PreEmphasis, before = start == 0 ? 0 : samples[start - 1];
        for (int i = 0; i < here.Length; i++)
        {
            windowed[i] = _window[i] * (here[i] - emphasis * before);
            before = here[i];
        }
        windowed[here.Length..].Clear();
    }

    private void Normalize(Span<float> frames, int size)
    {
        if (_options.Normalization == FrameNormalization.None)
            return;
        int count = frames.Length / size;
        for (int f = 0; f < size; f++)
        {
            double sum = 0, squares = 0;
            for (int i = f; i < frames.Length; i += size)
                sum += frames[i];
            double mean = sum / count;
            for (int i = f; i < frames.Length; i += size)
                squares += (frames[i] - mean) * (frames[i] - mean);
            // A number that stays the same is 0, whatever rounding has left of its deviation.
            double scale = _options.Normalization == FrameNormalization.Mean ? 1 : 1 / (Math.Sqrt(squares / count) + 1e-3);
            for (int i = f; i < frames.Length; i += size)
                frames[i] = (float)((frames[i] - mean) * scale);
        }
    }

    private static double Weight(WindowFunction window, int i, int length)
    {
        double cos = Math.Cos(2 * Math.PI * i / (length - 1));
        return window switch
        {
            WindowFunction.Hamming => 0.54 - 0.46 * cos,
            WindowFunction.Hann => 0.5 - 0.5 * cos,
            _ => 1,
        };
    }
}
