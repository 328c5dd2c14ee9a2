using Xunit;

namespace SequenceModels.Tests.Audio;

public class ResamplingTests
{
    [Theory]
    [InlineData(8000, 16_000)]
    [InlineData(44_100, 16_000)]
    [InlineData(48_000, 16_000)]
    [InlineData(11_025, 16_000)]
    [InlineData(16_000, 8000)]
    [InlineData(44_099, 16_000)] // for which no kernels are kept
    public void A_tone_that_both_rates_carry_stays_as_it_is(int from, int to)
    {
        float[] resampled = new AudioClip(Tone(1000, from), from).Resample(to).Samples.ToArray(), expected = Tone(1000, to);
        Assert.Equal((int)Math.Ceiling(from / 2 * (double)to / from), resampled.Length);
        // Silence begins beyond the ends, and reaches in.
        for (int i = 200; i < resampled.Length - 200; i++)
            Assert.InRange(resampled[i], expected[i] - 1e-4f, expected[i] + 1e-4f);
    }

    [Theory]
    [InlineData(9000, 44_100, 16_000)]
    [InlineData(12_000, 48_000, 16_000)]
    [InlineData(5000, 16_000, 8000)]
    public void A_tone_that_the_lower_rate_cannot_carry_is_gone(int frequency, int from, int to)
    {
        float[] resampled = new AudioClip(Tone(frequency, from), from).Resample(to).Samples.ToArray();
        Assert.All(resampled[200..^200], sample => Assert.InRange(sample, -1e-4f, 1e-4f));
    }

    [Fact]
    public void A_short_clip_is_the_beginning_of_a_long_one_whichever_kernels_are_kept()
    {
        float[] tone = Tone(440, 11_025);
        float[] all = new AudioClip(tone, 11_025).Resample(16_000).Samples.ToArray();
        float[] some = new AudioClip(tone.AsSpan(0, 100), 11_025).Resample(16_000).Samples.ToArray();
        Assert.Equal(146, some.Length);
        for (int i = 0; i < 90; i++)
            Assert.Equal(all[i], some[i], 1e-6f);
    }

    [Fact]
    public void The_same_rate_is_the_same_clip()
    {
        var clip = new AudioClip([1, 0], 8000);
        Assert.Same(clip, clip.Resample(8000));
        Assert.Empty(new AudioClip([], 8000).Resample(16_000).Samples.ToArray());
    }

    /// <summary>Half a second.</summary>
    private static float[] Tone(double frequency, int rate) =>
        [.. Enumerable.Range(0, rate / 2).Select(i => (float)(0.5 * Math.Sin(2 * Math.PI * frequency * i / rate)))];
}
