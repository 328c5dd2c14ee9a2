namespace SequenceModels.Audio;

/// <summary>Reads WAV files, one after the other. Not for several threads at a time.</summary>
/// <remarks>
/// No more is taken from memory than 16 bytes for each byte of a file: its bytes, its samples (4 for each byte at most), and
/// what they become at another rate, which is refused where it would be more.
/// </remarks>
/// <param name="sampleRate">That sound is brought to; 0: it stays as it is.</param>
internal sealed class WaveReader(int sampleRate)
{
    private const int MostBytesForOne = 9;

    private Resampler? _resampler;

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is no WAV file, or not a sound one; the message names it.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public AudioClip Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        try
        {
            return Read(stream);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"File '{path}': {e.Message}", e);
        }
    }

    /// <summary>Reads what is left of a stream.</summary>
    public AudioClip Read(Stream stream)
    {
        if (!stream.CanSeek)
        {
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            return Decode(copy.GetBuffer().AsSpan(0, (int)copy.Length));
        }
        long length = stream.Length - stream.Position;
        if (length > Array.MaxLength)
            throw WaveHeader.Invalid(Invariant($"it has {length} bytes, more than {Array.MaxLength}. Cut it into parts"));
        byte[] file = new byte[length];
        stream.ReadExactly(file);
        return Decode(file);
    }

    private AudioClip Decode(ReadOnlySpan<byte> file)
    {
        WaveHeader header = WaveHeader.Read(file);
        long rate = sampleRate == 0 ? header.Rate : sampleRate, count = Resampler.Count(header.Count, header.Rate, rate);
        if (rate > LogMelOptions.MaximumRate)
            throw WaveHeader.Invalid(Invariant($"its sample rate is {rate}, more than {LogMelOptions.MaximumRate}"));
        float[] samples = new float[header.Count];
        Mix(file, header, samples);
        if (rate == header.Rate)
            return AudioClip.Of(samples, (int)rate);

        if (count * sizeof(float) > (long)MostBytesForOne * file.Length)
            throw WaveHeader.Invalid(Invariant($"its {Counted.Of(header.Count, "sample")} of {header.Rate} a second would ") +
                Invariant($"become {count} of {rate} a second, more than {MostBytesForOne} bytes for each byte of the file. ") +
                "Ask for a lower sampleRate, or mend the rate in the file's header");
        if (_resampler?.From != header.Rate)
            _resampler = new Resampler(header.Rate, rate);
        float[] resampled = new float[count];
        _resampler.Apply(samples, resampled);
        return AudioClip.Of(resampled, (int)rate);
    }

    /// <summary>The mean of the channels.</summary>
    private static void Mix(ReadOnlySpan<byte> file, WaveHeader header, Span<float> samples)
    {
        ReadOnlySpan<byte> left = file[header.Start..];
        float share = 1f / header.Channels;
        int length = header.NumberLength;
        for (int i = 0; i < samples.Length; i++)
        {
            float sum = 0;
            for (int c = 0; c < header.Channels; c++, left = left[length..])
            {
                float number = header.Encoding.Read(left);
                if (!(Math.Abs(number) <= SampleRange.Largest))
                    throw WaveHeader.Invalid(Invariant($"sample {i} (counted from 0) is {SampleRange.Describe(number)}"));
                sum += number;
            }
            samples[i] = sum * share;
        }
    }
}
