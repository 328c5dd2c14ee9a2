using System.Numerics.Tensors;

namespace SequenceModels.Audio;

/// <summary>From the logarithms of a frame's energies to its cepstral coefficients.</summary>
internal sealed class CepstralTransform
{
    private readonly float[][] _rows; // [C][F]

    /// <param name="options">Sound ones.</param>
    public CepstralTransform(MfccOptions options)
    {
        int filters = options.NumberOfFilters;
        _rows = new float[options.NumberOfCoefficients][];
        for (int k = 0; k < _rows.Length; k++)
        {
            double scale = Math.Sqrt((k == 0 ? 1.0 : 2.0) / filters);
            if (options.Liftering > 0)
                scale *= 1 + options.Liftering / 2 * Math.Sin(Math.PI * k / options.Liftering);
            _rows[k] = new float[filters];
            for (int m = 0; m < filters; m++)
                _rows[k][m] = (float)(scale * Math.Cos(Math.PI * k * (m + 0.5) / filters));
        }
    }

    /// <summary>C.</summary>
    public int Count => _rows.Length;

    /// <param name="logMel">[F].</param>
    /// <param name="coefficients">[C].</param>
    public void Apply(ReadOnlySpan<float> logMel, Span<float> coefficients)
    {
        for (int k = 0; k < _rows.Length; k++)
            coefficients[k] = TensorPrimitives.Dot(_rows[k], logMel);
    }
}
