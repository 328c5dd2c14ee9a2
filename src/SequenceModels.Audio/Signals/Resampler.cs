using System.Numerics.Tensors;

namespace SequenceModels.Audio;

/// <summary>
/// Sound at another sample rate: each new sample is a sum of old ones under a sinc, windowed by Kaiser's function, that lets pass
/// what both rates can carry (Smith and Gossett, "A flexible sampling-rate conversion method", ICASSP 1984).
/// </summary>
/// <remarks>
/// 32 zero crossings to each side, cut off at 0.94 of half the lower rate. Not for several threads at a time.
/// </remarks>
internal sealed class Resampler
{
    private const int ZeroCrossings = 32, MostKept = 65_536;
    private const double Cutoff = 0.94, Beta = 9;

    private readonly long _phases, _step; // the place of new sample n is n * _step / _phases old ones
    private readonly double _scale;       // old samples to those of the lower rate
    private readonly int _reach;          // old samples to each side
    private readonly double _atBeta = Bessel(Beta);
    private float[]?[]? _kernels;
    private float[] _kernel = [];

    /// <param name="from">Samples in a second that there are, at least 1.</param>
    /// <param name="to">That there shall be, at least 1.</param>
    public Resampler(long from, long to)
    {
        (From, To) = (from, to);
        long divisor = (long)System.Numerics.BigInteger.GreatestCommonDivisor(from, to);
        (_phases, _step) = (to / divisor, from / divisor);
        _scale = Math.Min(1, (double)to / from);
        _reach = (int)Math.Min(int.MaxValue / 4, Math.Ceiling(ZeroCrossings / _scale));
    }

    public long From { get; }

    public long To { get; }

    /// <summary>How many samples become of <paramref name="count"/>; of one or more, at least one.</summary>
    public static long Count(long count, long from, long to) => (long)(((UInt128)count * (ulong)to +
        (ulong)from - 1) / (ulong)from);

    /// <param name="samples">The old ones; beyond them there is silence.</param>
    /// <param name="resampled">The new ones, as many as <see cref="Count"/> says.</param>
    public void Apply(ReadOnlySpan<float> samples, Span<float> resampled)
    {
        // Kept where they are few and will be used again and again.
        if (_phases * 2 * _reach <= Math.Min(MostKept, samples.Length / 2))
            _kernels ??= new float[_phases][];
        (long steps, long turn) = Math.DivRem(_step, _phases);
        long place = 0, phase = 0;
        for (int n = 0; n < resampled.Length; n++)
        {
            // The kernel's first weight is that of old sample place - reach + 1.
            long first = Math.Max(0, place - _reach + 1), last = Math.Min(samples.Length - 1, place + _reach);
            if (first <= last)
            {
                int from = (int)(first - (place - _reach + 1)), count = (int)(last - first + 1);
                ReadOnlySpan<float> kernel = _kernels is null ? Weigh(phase, from, count)
                    : (_kernels[phase] ??= Weigh(phase, 0, 2 * _reach).ToArray()).AsSpan(from, count);
                resampled[n] = TensorPrimitives.Dot(kernel, samples.Slice((int)first, count));
            }
            place += steps;
            phase += turn;
            if (phase >= _phases)
                (phase, place) = (phase - _phases, place + 1);
        }
    }

    /// <summary>A part of a kernel.</summary>
    /// <param name="phase">How far behind an old sample the new one lies.</param>
    /// <param name="from">The part's first weight.</param>
    /// <param name="count">How many.</param>
    private ReadOnlySpan<float> Weigh(long phase, int from, int count)
    {
        if (_kernel.Length < count)
            _kernel = new float[count];
        double behind = (double)phase / _phases;
        for (int i = 0; i < count; i++)
        {
            double distance = (from + i - _reach + 1 - behind) * _scale, share = distance / ZeroCrossings;
            double angle = Math.PI * Cutoff * distance, sinc = angle == 0 ? 1 : Math.Sin(angle) / angle;
            double window = share * share >= 1 ? 0 : Bessel(Beta * Math.Sqrt(1 - share * share)) / _atBeta;
            _kernel[i] = (float)(_scale * Cutoff * sinc * window);
        }
        return _kernel.AsSpan(0, count);
    }

    /// <summary>The modified Bessel function of order 0.</summary>
    private static double Bessel(double x)
    {
        double sum = 1, term = 1;
        for (int k = 1; term > 1e-12 * sum; k++)
            sum += term *= x / (2 * k) * (x / (2 * k));
        return sum;
    }
}
