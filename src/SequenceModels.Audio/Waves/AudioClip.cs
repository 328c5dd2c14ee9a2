using SequenceModels.Audio;

namespace SequenceModels;

/// <summary>Sound of one channel, in memory.</summary>
public sealed class AudioClip
{
    private readonly float[] _samples;

    /// <summary>Takes samples.</summary>
    /// <param name="samples">As a rule between -1 and 1; copied.</param>
    /// <param name="sampleRate">Samples in a second, 1 to 10,000,000.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is out of its range.</exception>
    /// <exception cref="ArgumentException">A sample is not finite, or beyond 1e9.</exception>
    public AudioClip(ReadOnlySpan<float> samples, int sampleRate)
    {
        RequireRate(sampleRate);
        if (SampleRange.FindInvalid(samples) is >= 0 and var wrong)
            throw new ArgumentException(Invariant($"Sample {wrong} (counted from 0) is {SampleRange.Describe(samples[wrong])}."),
                nameof(samples));
        (_samples, SampleRate) = (samples.ToArray(), sampleRate);
    }

    private AudioClip(int sampleRate, float[] samples) => (_samples, SampleRate) = (samples, sampleRate);

    /// <summary>Samples in a second.</summary>
    public int SampleRate { get; }

    /// <summary>The samples; from a file of whole numbers between -1 and 1, of several channels their mean.</summary>
    public ReadOnlyMemory<float> Samples => _samples;

    /// <summary>How long it takes to hear them.</summary>
    public TimeSpan Duration => TimeSpan.FromSeconds((double)_samples.Length / SampleRate);

    /// <summary>Sound that is known to be sound, in an array that nobody else changes.</summary>
    internal static AudioClip Of(float[] samples, int sampleRate) => new(sampleRate, samples);

    /// <summary>Reads a WAV file: whole numbers of 8, 16, 24 or 32 bits, or floating point of 32 or 64.</summary>
    /// <param name="path">The file.</param>
    /// <param name="sampleRate">Samples in a second that the sound is brought to. 0: as it is in the file.</param>
    /// <exception cref="InvalidDataException">
    /// It is no WAV file, was cut short, says what is not so, or holds no sound; the message names the file and what is wrong.
    /// </exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The rate is out of its range.</exception>
    public static AudioClip Load(string path, int sampleRate = 0)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Reader(sampleRate).Read(path);
    }

    /// <summary>Reads a WAV file from a stream, from where it stands to its end.</summary>
    /// <param name="stream">The stream; left open.</param>
    /// <param name="sampleRate">Samples in a second that the sound is brought to. 0: as it is in the file.</param>
    /// <inheritdoc cref="Load(string, int)"/>
    public static AudioClip Load(Stream stream, int sampleRate = 0)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Reader(sampleRate).Read(stream);
    }

    /// <summary>The sound at another sample rate. Frequencies that this cannot carry are taken away.</summary>
    /// <param name="sampleRate">Samples in a second.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is out of its range.</exception>
    public AudioClip Resample(int sampleRate)
    {
        RequireRate(sampleRate);
        if (sampleRate == SampleRate)
            return this;
        float[] resampled = new float[checked((int)Resampler.Count(_samples.Length, SampleRate, sampleRate))];
        new Resampler(SampleRate, sampleRate).Apply(_samples, resampled);
        return Of(resampled, sampleRate);
    }

    /// <summary>Writes a WAV file of 16 bits.</summary>
    /// <param name="path">The file; what was there is replaced.</param>
    /// <remarks>Samples beyond -1 and 1 are cut.</remarks>
    public void Save(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        File.WriteAllBytes(path, WaveWriter.Write(_samples, SampleRate));
    }

    /// <summary>Writes a WAV file of 16 bits to a stream.</summary>
    /// <param name="stream">The stream; left open.</param>
    /// <inheritdoc cref="Save(string)"/>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Write(WaveWriter.Write(_samples, SampleRate));
    }

    private static WaveReader Reader(int sampleRate)
    {
        if (sampleRate != 0)
            RequireRate(sampleRate);
        return new WaveReader(sampleRate);
    }

    /// <summary>The samples' own array, of a clip that is used no more.</summary>
    internal float[] Take() => _samples;

    /// <summary>Throws unless there can be so many samples in a second.</summary>
    internal static void RequireRate(int sampleRate)
    {
        if (sampleRate is < 1 or > LogMelOptions.MaximumRate)
            throw new ArgumentOutOfRangeException(nameof(sampleRate), InvariantText.Of(sampleRate),
                Invariant($"sampleRate must be between 1 and {LogMelOptions.MaximumRate}."));
    }
}
