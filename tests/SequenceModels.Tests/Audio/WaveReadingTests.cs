using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using SequenceModels.Fuzz;
using Xunit;

namespace SequenceModels.Tests.Audio;

public class WaveReadingTests
{
    private static readonly float[] s_samples = [.. Enumerable.Range(0, 60).Select(i => MathF.Sin(i * 0.3f) * 0.7f)];

    [Theory]
    [InlineData(1, 8, 1 / 128f)]
    [InlineData(1, 16, 1 / 32_768f)]
    [InlineData(1, 24, 1e-7f)]
    [InlineData(1, 32, 1e-7f)]
    [InlineData(3, 32, 0)]
    [InlineData(3, 64, 0)]
    public void Every_encoding_gives_the_samples_back(ushort tag, ushort bits, float within)
    {
        foreach (bool isExtensible in new[] { false, true })
        {
            AudioClip clip = Load(WaveFile.Of(s_samples, 11_025, 1, bits, tag, isExtensible));
            Assert.Equal(11_025, clip.SampleRate);
            Assert.Equal(s_samples.Length, clip.Samples.Length);
            Assert.All(s_samples.Zip(clip.Samples.ToArray()), pair => Assert.InRange(pair.Second, pair.First - within,
                pair.First + within));
            Assert.Equal(TimeSpan.FromSeconds(60 / 11_025.0), clip.Duration);
        }
    }

    [Fact]
    public void Extreme_numbers_lie_between_minus_1_and_1() =>
        Assert.Equal([-1, 32_767 / 32_768f, 0], Load(WaveFile.Of([-1, 1, 0])).Samples.ToArray());

    [Fact]
    public void Channels_are_mixed_to_their_mean() =>
        Assert.Equal([0.25f, -0.5f], Load(WaveFile.Of([0.5f, 0, 0.25f, -0.5f, -1, 0], channels: 3, bits: 32,
            tag: 3)).Samples.ToArray());

    [Fact]
    public void Other_chunks_are_passed_over_whatever_their_length()
    {
        byte[] file = WaveFile.Of(s_samples);
        byte[] more = [.. file[..12], .. Encoding.ASCII.GetBytes("LIST"), 3, 0, 0, 0, 1, 2, 3, 0, .. file[12..]];
        BinaryPrimitives.WriteInt32LittleEndian(more.AsSpan(4), more.Length - 8);
        Assert.Equal(Load(file).Samples.ToArray(), Load([.. more, 9, 9, 9]).Samples.ToArray());
    }

    [Fact]
    public void What_is_saved_is_loaded_from_files_and_streams_that_cannot_seek()
    {
        var clip = new AudioClip(s_samples, 8000);
        using var stream = new MemoryStream();
        clip.Save(stream);
        float[] expected = [.. s_samples.Select(sample => MathF.Round(sample * 32_768) / 32_768)];
        Assert.Equal(expected, Load(stream.ToArray()).Samples.ToArray());
        using (var deflated = new MemoryStream())
        {
            using (var deflate = new DeflateStream(deflated,
                CompressionMode.Compress, true))
                deflate.Write(stream.ToArray());
            deflated.Position = 0;
            using var inflate = new DeflateStream(deflated,
                CompressionMode.Decompress);
            Assert.Equal(expected, AudioClip.Load(inflate).Samples.ToArray());
        }
        string path = Path.GetTempFileName();
        try
        {
            new AudioClip([2, -2], 8000).Save(path);
            Assert.Equal([32_767 / 32_768f, -1], AudioClip.Load(path).Samples.ToArray());
        }
        finally
        {
            File.Delete(path);
        }
    }

    public static TheoryData<string, string> Wrong => new()
    {
        { "cut short", "its header says that it has 164 bytes, but there are 100: the file was cut short, or never finished" },
        { "data says more", "its chunk \"data\" says that it has 2000000000 bytes, but there are 120" },
        { "data says -1", "its chunk \"data\" says that it has 4294967295 bytes, but there are 120" },
        { "header says less", "its chunk \"data\" says that it has 120 bytes, but there are 6" },
        { "a chunk says more", "a chunk at byte 12 says that it has 2000000000 bytes, but there are 144" },
        { "no samples", "it has 0 samples" },
        { "rate 0", "its sample rate is 0" },
        { "channels 0", "it has 0 channels" },
        { "a sample of 3 bytes", "a sample of 1 channel of 16 bits has 2 bytes, not 3 as its format says" },
        { "13 bits", "its encoding 1 of 13 bits is not read: whole numbers (1) of 8, 16, 24 or 32 bits" },
        { "mu-law", "its encoding 7 of 8 bits is not read" },
        { "half a sample", "its 119 bytes of sound are not whole samples of 2 bytes" },
        { "not a number", "sample 2 (counted from 0) is NaN, which is no sample of sound (samples lie between -1 and 1)" },
        { "infinite", "sample 1 (counted from 0) is Infinity" },
        { "text", "it does not begin as a WAV file does" },
        { "empty", "it does not begin as a WAV file does" },
        { "no data", "it has no samples (chunk \"data\")" },
        { "no format", "its samples come before its format" },
    };

    [Theory, MemberData(nameof(Wrong))]
    public void A_file_that_is_not_what_it_says_is_refused_in_words(string what, string expected)
    {
        var error = Assert.Throws<InvalidDataException>(() => Load(WrongFile(what)));
        Assert.StartsWith("This is not a valid WAV file: ", error.Message);
        Assert.Contains(expected, error.Message);
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, WrongFile(what));
            Assert.StartsWith($"File '{path}': This is not", Assert.Throws<InvalidDataException>(() =>
                AudioClip.Load(path)).Message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>A file of a second, in truth or by its header, in and out of order; beyond 16 times its size 64 KiB for
    /// errors.</summary>
    [Theory]
    [InlineData(8000, 1, 8, 16_000)]
    [InlineData(8000, 1, 8, 48_000)]
    [InlineData(44_100, 2, 16, 16_000)]
    [InlineData(1, 1, 8, 16_000)]
    [InlineData(7919, 1, 8, 8009)]
    [InlineData(uint.MaxValue, 1, 16, 16_000)]
    public void No_more_memory_is_taken_than_16_times_the_file(uint rate, ushort channels, ushort bits, int sampleRate)
    {
        byte[] file = WaveFile.Of(new float[40_000], rate, channels, bits);
        Measure(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(40), int.MaxValue);
        Measure(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(16), int.MaxValue);
        Measure(file);

        void Measure(byte[] bytes)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Exception? error = Record.Exception(() => AudioClip.Load(new MemoryStream(bytes), sampleRate));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 16L * bytes.Length + (64 << 10));
            Assert.True(error is null or InvalidDataException, $"{error}");
        }
    }

    [Fact]
    public void A_rate_that_would_make_a_small_file_large_is_refused()
    {
        var error = Assert.Throws<InvalidDataException>(() => AudioClip.Load(new MemoryStream(WaveFile.Of(s_samples, rate: 10)),
            16_000));
        Assert.Contains("its 60 samples of 10 a second would become 96000 of 16000 a second", error.Message);
        Assert.Contains("its sample rate is 4294967295", Assert.Throws<InvalidDataException>(() =>
            Load(WaveFile.Of(s_samples, rate: uint.MaxValue))).Message);
        Assert.Equal(1, AudioClip.Load(new MemoryStream(WaveFile.Of(s_samples, rate: uint.MaxValue)), 16_000).Samples.Length);
    }

    [Fact]
    public void Rates_and_samples_out_of_range_are_refused()
    {
        Assert.Contains("sampleRate", Assert.Throws<ArgumentOutOfRangeException>(() => new AudioClip([0], 0)).Message);
        Assert.Contains("sampleRate", Assert.Throws<ArgumentOutOfRangeException>(() => new AudioClip([0],
            8000).Resample(-1)).Message);
        Assert.Contains("sampleRate", Assert.Throws<ArgumentOutOfRangeException>(() => AudioClip.Load("x.wav",
            10_000_001)).Message);
        Assert.Contains("Sample 1 (counted from 0) is NaN", Assert.Throws<ArgumentException>(() => new AudioClip([0, float.NaN],
            1)).Message);
    }

    private static byte[] WrongFile(string what)
    {
        byte[] file = WaveFile.Of(s_samples);
        switch (what)
        {
            case "cut short": return file[..100];
            case "data says more": Put(40, 2_000_000_000); break;
            case "data says -1": Put(40, -1); break;
            case "header says less": Put(4, 42); break;
            case "a chunk says more": Put(16, 2_000_000_000); break;
            case "no samples": return WaveFile.Of([]);
            case "rate 0": Put(24, 0); break;
            case "channels 0": file[22] = 0; break;
            case "a sample of 3 bytes": file[32] = 3; break;
            case "13 bits": file[34] = 13; break;
            case "mu-law": (file[20], file[34]) = (7, 8); break;
            case "half a sample": Put(40, 119); break;
            case "not a number": return WaveFile.Of([0, 1, float.NaN], bits: 32, tag: 3);
            case "infinite": return WaveFile.Of([0, float.PositiveInfinity], bits: 64, tag: 3);
            case "text": return Encoding.ASCII.GetBytes("some text that is no sound at all");
            case "empty": return [];
            case "no data": "junk"u8.CopyTo(file.AsSpan(36)); break;
            default: "junk"u8.CopyTo(file.AsSpan(12)); break;
        }
        return file;

        void Put(int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), value);
    }

    private static AudioClip Load(byte[] file) => AudioClip.Load(new MemoryStream(file));
}
