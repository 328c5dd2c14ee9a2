using Xunit;

namespace SequenceModels.Tests.Audio;

public class FrameExtractorTests
{
    private static readonly LogMelOptions s_raw = new() { Normalization = FrameNormalization.None };

    /// <summary>The first is the definition that data of AN4 is made by: 16 kHz, 400 samples every 160, 40 filters.</summary>
    public static TheoryData<LogMelOptions, int> Definitions => new()
    {
        { s_raw, 16_000 },
        { s_raw, 8000 },
        { s_raw with { Window = WindowFunction.Hann, PreEmphasis = 0, FftLength = 1024, NumberOfFilters = 80 }, 16_000 },
        { s_raw with { Window = WindowFunction.Rectangular, LowestFrequency = 0, HighestFrequency = 3000, NumberOfFilters = 9 },
        11_025 },
        { s_raw with { WindowMilliseconds = 2, HopMilliseconds = 1, NumberOfFilters = 3 }, 16_000 },
    };

    [Theory, MemberData(nameof(Definitions))]
    public void Log_mels_are_those_of_their_definition(LogMelOptions options, int rate)
    {
        float[] samples = Sound(rate / 10);
        var extractor = new FrameExtractor(options, rate);
        double[] expected = [.. ReferenceFrames.LogMel(samples, options, rate).SelectMany(frame => frame)];
        float[] frames = extractor.Extract(samples);
        Assert.Equal(extractor.CountFrames(samples.Length) * extractor.FrameSize, frames.Length);
        Assert.Equal(expected.Length, frames.Length);
        Assert.All(expected.Zip(frames), pair => Assert.Equal(pair.First, pair.Second, 1e-3));
    }

    [Theory]
    [InlineData(13, 22)]
    [InlineData(40, 0)]
    public void Cepstral_coefficients_are_those_of_their_definition(int count, double liftering)
    {
        float[] samples = Sound(1600);
        var options = new MfccOptions
        {
            NumberOfCoefficients = count, Liftering = liftering, Normalization = FrameNormalization.None,
        };
        double[] expected = [.. ReferenceFrames.LogMel(samples, options, 16_000)
            .SelectMany(frame => ReferenceFrames.Cepstrum(frame, count, liftering))];
        float[] frames = new FrameExtractor(options, 16_000).Extract(samples);
        Assert.Equal(expected.Length, frames.Length);
        Assert.All(expected.Zip(frames), pair => Assert.Equal(pair.First, pair.Second, 5e-3));
    }

    [Theory]
    [InlineData(FrameNormalization.Mean)]
    [InlineData(FrameNormalization.MeanAndDeviation)]
    public void What_is_made_alike_is_alike_for_every_filter(FrameNormalization normalization)
    {
        float[] samples = Sound(8000), raw = new FrameExtractor(s_raw, 16_000).Extract(samples);
        float[] frames = new FrameExtractor(s_raw with { Normalization = normalization }, 16_000).Extract(samples);
        for (int f = 0; f < 40; f++)
        {
            double[] before = [.. raw.Where((_, i) => i % 40 == f).Select(x => (double)x)];
            double[] after = [.. frames.Where((_, i) => i % 40 == f).Select(x => (double)x)];
            double deviation = Deviation(before);
            Assert.Equal(0, after.Average(), 1e-5);
            Assert.Equal(normalization == FrameNormalization.Mean ? deviation : deviation / (deviation + 1e-3), Deviation(after),
                1e-4);
        }
    }

    [Fact]
    public void Loudness_does_not_matter_where_means_are_alike()
    {
        float[] samples = Sound(4000);
        var extractor = new FrameExtractor(new(), 16_000);
        float[] loud = extractor.Extract(samples), soft = extractor.Extract([.. samples.Select(sample => sample / 4)]);
        Assert.All(loud.Zip(soft), pair => Assert.Equal(pair.First, pair.Second, 1e-2));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(399, 1)]
    [InlineData(400, 1)]
    [InlineData(559, 1)]
    [InlineData(560, 2)]
    public void There_is_a_frame_for_each_whole_window_and_one_for_what_is_shorter(int samples, int frames)
    {
        var extractor = new FrameExtractor(s_raw, 16_000);
        Assert.Equal(frames, extractor.CountFrames(samples));
        Assert.Equal(frames * 40, extractor.Extract(Sound(samples)).Length);
        Assert.Equal(160, extractor.Hop);
    }

    [Fact]
    public void Silence_is_0_in_every_way()
    {
        foreach (FrameNormalization normalization in Enum.GetValues<FrameNormalization>())
            Assert.All(new FrameExtractor(new() { Normalization = normalization }, 16_000).Extract(new float[2000]),
                number => Assert.Equal(0, number));
    }

    [Fact]
    public void The_rate_must_be_known_and_one()
    {
        Assert.Contains("LogMelOptions.SampleRate", Assert.Throws<ArgumentOutOfRangeException>(() =>
            new FrameExtractor(new())).Message);
        Assert.Contains("8000, the sample rate of the sound", Assert.Throws<ArgumentOutOfRangeException>(() =>
            new FrameExtractor(new() { SampleRate = 16_000 }, 8000)).Message);
        Assert.Contains("Sample 1 (counted from 0) is NaN", Assert.Throws<ArgumentException>(() =>
            new FrameExtractor(new(), 8000).Extract([0, float.NaN])).Message);
    }

    [Fact]
    public void The_loudest_sound_that_is_taken_does_not_overflow() => Assert.All(
        new FrameExtractor(s_raw, 16_000).Extract([.. Enumerable.Range(0, 2000).Select(i => i % 2 == 0 ? 1e9f : -1e9f)]),
        number => Assert.True(float.IsFinite(number)));

    /// <summary>Tones and noise.</summary>
    private static float[] Sound(int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(i =>
            (float)(0.3 * Math.Sin(i * 0.05) + 0.1 * Math.Sin(i * i * 1e-3) + 0.02 * random.NextDouble()))];
    }

    private static double Deviation(double[] values) => Math.Sqrt(values.Average(value => Math.Pow(value - values.Average(), 2)));
}
