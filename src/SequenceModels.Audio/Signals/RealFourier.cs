namespace SequenceModels.Audio;

/// <summary>The power spectrum of real numbers: a complex transform of half their number, even ones beside odd ones.</summary>
/// <remarks>Cooley and Tukey (1965), radix 2, in place. Holds tables alone, and so may be shared.</remarks>
internal sealed class RealFourier
{
    private readonly int _half;
    private readonly int[] _reversed;      // [n/2] where each pair of numbers goes
    private readonly float[] _cos, _sin;   // [n/2] of -2 pi k / n

    /// <param name="length">n, a power of two from 4 on.</param>
    public RealFourier(int length)
    {
        Length = length;
        _half = length / 2;
        int bits = int.Log2(_half);
        _reversed = new int[_half];
        (_cos, _sin) = (new float[_half], new float[_half]);
        for (int k = 0; k < _half; k++)
        {
            for (int bit = 0; bit < bits; bit++)
                _reversed[k] |= ((k >> bit) & 1) << (bits - 1 - bit);
            (double sin, double cos) = Math.SinCos(-2 * Math.PI * k / length);
            (_cos[k], _sin[k]) = ((float)cos, (float)sin);
        }
    }

    public int Length { get; }

    /// <param name="values">[at most n] real numbers; those that lack are 0.</param>
    /// <param name="re">[n/2] scratch.</param>
    /// <param name="im">[n/2] scratch.</param>
    /// <param name="power">[n/2 + 1] squares of the absolute values, from frequency 0 to half the sample rate.</param>
    public void Power(ReadOnlySpan<float> values, Span<float> re, Span<float> im, Span<float> power)
    {
        for (int i = 0; i < _half; i++)
        {
            int at = _reversed[i];
            re[at] = 2 * i < values.Length ? values[2 * i] : 0;
            im[at] = 2 * i + 1 < values.Length ? values[2 * i + 1] : 0;
        }
        Butterflies(re[.._half], im[.._half]);

        // Z = E + iO, the transforms of even and odd numbers; X_k = E_k + w^k O_k.
        power[0] = (re[0] + im[0]) * (re[0] + im[0]);
        power[_half] = (re[0] - im[0]) * (re[0] - im[0]);
        for (int k = 1; k < _half; k++)
        {
            float a = re[k], b = im[k], c = re[_half - k], d = im[_half - k];
            float evenRe = (a + c) / 2, evenIm = (b - d) / 2, oddRe = (b + d) / 2, oddIm = (c - a) / 2;
            float x = evenRe + _cos[k] * oddRe - _sin[k] * oddIm, y = evenIm + _cos[k] * oddIm + _sin[k] * oddRe;
            power[k] = x * x + y * y;
        }
    }

    private void Butterflies(Span<float> re, Span<float> im)
    {
        for (int width = 1, stride = _half; width < _half; width *= 2, stride /= 2)
            for (int first = 0; first < _half; first += 2 * width)
            {
                Span<float> ar = re.Slice(first, width), ai = im.Slice(first, width);
                Span<float> br = re.Slice(first + width, width), bi = im.Slice(first + width, width);
                for (int k = 0, turn = 0; k < ar.Length; k++, turn += stride)
                {
                    float cos = _cos[turn], sin = _sin[turn];
                    float x = br[k] * cos - bi[k] * sin, y = bi[k] * cos + br[k] * sin;
                    (br[k], bi[k]) = (ar[k] - x, ai[k] - y);
                    (ar[k], ai[k]) = (ar[k] + x, ai[k] + y);
                }
            }
    }
}
