namespace SequenceModels;

/// <summary>How sound becomes mel-frequency cepstral coefficients (MFCC): a cosine transform of log-mel frames.</summary>
/// <remarks>
/// c_k = sqrt(2 / F) * sum over the filters m = 0 .. F - 1 of logmel_m cos(pi k (m + 1/2) / F), and c_0 by sqrt(1 / F); then c_k
/// times 1 + L / 2 sin(pi k / L), L being <see cref="Liftering"/>. What <see cref="LogMelOptions.Normalization"/> makes alike are
/// the coefficients.
/// </remarks>
public sealed record MfccOptions : LogMelOptions
{
    /// <summary>Numbers in a frame, from c_0 on, at most <see cref="LogMelOptions.NumberOfFilters"/>. Default 13.</summary>
    public int NumberOfCoefficients { get; init; } = 13;

    /// <summary>
    /// L, from 1 to 1,000, which brings higher coefficients to the size of lower ones. Default 22; 0: they stay as they are.
    /// </summary>
    public double Liftering { get; init; } = 22;

    /// <summary>Defaults.</summary>
    public MfccOptions()
    {
    }

    /// <summary>Cepstral coefficients of log-mel frames that are described already.</summary>
    internal MfccOptions(LogMelOptions logMel) : base(logMel)
    {
    }

    internal override void Validate()
    {
        base.Validate();
        Require(NumberOfCoefficients >= 1 && NumberOfCoefficients <= NumberOfFilters, nameof(NumberOfCoefficients),
            NumberOfCoefficients,
            Invariant($"between 1 and NumberOfFilters ({NumberOfFilters})"));
        Require(Liftering is 0 or (>= 1 and <= 1000), nameof(Liftering), Liftering, "between 1 and 1000, or 0 (none)");
    }
}
