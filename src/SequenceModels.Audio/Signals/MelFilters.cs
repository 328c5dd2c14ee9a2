namespace SequenceModels.Audio;

/// <summary>Triangles in frequency: each rises to 1 from the peak of the one before, and falls to the peak of the next.</summary>
internal sealed class MelFilters
{
    private readonly (int First, float[] Weights)[] _filters;

    /// <param name="options">Sound ones.</param>
    /// <param name="sampleRate">Samples in a second.</param>
    /// <param name="fftLength">n.</param>
    /// <exception cref="ArgumentOutOfRangeException">A filter ends beyond what there is, or holds no frequency.</exception>
    public MelFilters(LogMelOptions options, int sampleRate, int fftLength)
    {
        double half = sampleRate / 2.0, highest = options.HighestFrequency == 0 ? half : options.HighestFrequency;
        options.Require(highest <= half, nameof(options.HighestFrequency), highest,
            Invariant($"at most {half} Hz, half the sample rate"));
        options.Require(options.LowestFrequency < highest, nameof(options.LowestFrequency), options.LowestFrequency,
            Invariant($"less than the highest frequency, {highest} Hz"));
        int count = options.NumberOfFilters;
        double low = Mel(options.LowestFrequency), step = (Mel(highest) - low) / (count + 1);
        _filters = new (int, float[])[count];
        for (int m = 0; m < count; m++)
            _filters[m] = Triangle(Place(m), Place(m + 1), Place(m + 2));
        int empty = Array.FindIndex(_filters, filter => filter.Weights.Length == 0);
        options.Require(empty < 0, nameof(options.NumberOfFilters), count,
            Invariant($"smaller, or FftLength greater than {fftLength}: filter {empty} (counted from 0) lies between two ") +
            "frequencies of the Fourier transform");

        double Place(int corner) => Frequency(low + step * corner) * fftLength / sampleRate;
        (int, float[]) Triangle(double from, double peak, double to)
        {
            int first = (int)Math.Ceiling(from), last = Math.Min((int)Math.Floor(to), fftLength / 2);
            double Weight(int k) => k < peak ? (k - from) / (peak - from) : (to - k) / (to - peak);
            while (first <= last && !(Weight(first) > 0))
                first++;
            while (last >= first && !(Weight(last) > 0))
                last--;
            return (first, [.. Enumerable.Range(first, Math.Max(0, last - first + 1)).Select(k => (float)Weight(k))]);
        }
    }

    /// <summary>F.</summary>
    public int Count => _filters.Length;

    /// <param name="power">[n/2 + 1] a spectrum.</param>
    /// <param name="logMel">[F] ln(1 + the energy that each filter lets through).</param>
    public void Apply(ReadOnlySpan<float> power, Span<float> logMel)
    {
        for (int m = 0; m < _filters.Length; m++)
        {
            (int first, float[] weights) = _filters[m];
            float energy = 0;
            for (int k = 0; k < weights.Length; k++)
                energy += weights[k] * power[first + k];
            logMel[m] = MathF.Log(1 + energy);
        }
    }

    private static double Mel(double frequency) => 1127 * Math.Log(1 + frequency / 700);

    private static double Frequency(double mel) => 700 * (Math.Exp(mel / 1127) - 1);
}
