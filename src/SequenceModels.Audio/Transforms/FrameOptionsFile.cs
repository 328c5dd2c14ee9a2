using SequenceModels.Files;

namespace SequenceModels.Audio;

/// <summary>What frames are made, in a model file.</summary>
internal static class FrameOptionsFile
{
    public static void Write(PayloadWriter writer, LogMelOptions options)
    {
        writer.Write(options.SampleRate);
        writer.Write(options.WindowMilliseconds);
        writer.Write(options.HopMilliseconds);
        writer.Write((int)options.Window);
        writer.Write(options.FftLength);
        writer.Write(options.NumberOfFilters);
        writer.Write(options.LowestFrequency);
        writer.Write(options.HighestFrequency);
        writer.Write(options.PreEmphasis);
        writer.Write((int)options.Normalization);
        var cepstral = options as MfccOptions;
        writer.Write(cepstral is not null);
        if (cepstral is null)
            return;
        writer.Write(cepstral.NumberOfCoefficients);
        writer.Write(cepstral.Liftering);
    }

    /// <exception cref="InvalidDataException">They do not fit together.</exception>
    public static FrameExtractor Read(PayloadReader reader)
    {
        var options = new LogMelOptions
        {
            SampleRate = reader.ReadInt32("SampleRate", 1, LogMelOptions.MaximumRate),
            WindowMilliseconds = reader.ReadFiniteDouble("WindowMilliseconds"),
            HopMilliseconds = reader.ReadFiniteDouble("HopMilliseconds"),
            Window = reader.ReadEnum<WindowFunction>("Window"),
            FftLength = reader.ReadInt32(),
            NumberOfFilters = reader.ReadInt32(),
            LowestFrequency = reader.ReadFiniteDouble("LowestFrequency"),
            HighestFrequency = reader.ReadFiniteDouble("HighestFrequency"),
            PreEmphasis = reader.ReadFiniteDouble("PreEmphasis"),
            Normalization = reader.ReadEnum<FrameNormalization>("Normalization"),
        };
        if (reader.ReadBoolean())
            options = new MfccOptions(options)
            {
                NumberOfCoefficients = reader.ReadInt32(),
                Liftering = reader.ReadFiniteDouble("Liftering"),
            };
        try
        {
            return new FrameExtractor(options);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw reader.Invalid(e.Message);
        }
    }
}
