using Microsoft.ML;
using SequenceModels.Fuzz;

namespace SequenceModels.Tests.Conformance;

internal static partial class Subjects
{
    private static readonly Lazy<string> s_audioFolder = new(MakeAudioFolder);

    private static LogMelOptions SmallLogMel => new()
    {
        SampleRate = 8000, WindowMilliseconds = 1, HopMilliseconds = 0.25, NumberOfFilters = 2, LowestFrequency = 0,
    };

    private static MfccOptions SmallMfcc => new()
    {
        SampleRate = 8000, WindowMilliseconds = 1, HopMilliseconds = 0.25, NumberOfFilters = 3, NumberOfCoefficients = 2,
        LowestFrequency = 0, Normalization = FrameNormalization.None,
    };

    /// <summary>Five recordings of one channel, of two, and at other rates.</summary>
    private static Subject LoadingAudio => new("LoadAudio",
        (ml, name) => ml.Transforms.LoadAudio(name("Samples"), s_audioFolder.Value, name("Path"), 8000),
        [TestColumn.Texts("Path", "0.wav", "1.wav", "2.wav", "3.wav", "4.wav")], ["Samples"])
    {
        Refused =
        [
            ("sampleRate", ml => ml.Transforms.LoadAudio("x", sampleRate: 0)),
            ("outputColumnName", ml => ml.Transforms.LoadAudio("")),
        ],
    };

    private static Subject Extracting(string what, Func<MLContext, string, string, IEstimator<ITransformer>> create)
    {
        (string, Func<MLContext, IEstimator<ITransformer>>) Refused(string option, Func<LogMelOptions, LogMelOptions> change) =>
            ("LogMelOptions." + option, ml => ml.Transforms.LogMelFrames("x", "y", change(SmallLogMel)));
        (string, Func<MLContext, IEstimator<ITransformer>>) OfCepstral(string option, MfccOptions refused) =>
            ("MfccOptions." + option, ml => ml.Transforms.MfccFrames("x", "y", refused));
        return new(what, (ml, name) => create(ml, name("Mel"), name("Sound")),
            [TestColumn.Numbers("Sound", [], Noise(20), [], Noise(3), Noise(8), Noise(11))], ["Mel"])
        {
            Refused =
            [
                Refused("SampleRate", options => options with { SampleRate = -1 }),
                Refused("WindowMilliseconds", options => options with { WindowMilliseconds = 0 }),
                Refused("WindowMilliseconds", options => options with { WindowMilliseconds = double.NaN }),
                Refused("WindowMilliseconds", options => options with { WindowMilliseconds = 0.1 }),
                Refused("WindowMilliseconds", options => options with { WindowMilliseconds = 9999 }),
                Refused("HopMilliseconds", options => options with { HopMilliseconds = -1 }),
                Refused("HopMilliseconds", options => options with { HopMilliseconds = 0.01 }),
                Refused("Window", options => options with { Window = (WindowFunction)9 }),
                Refused("FftLength", options => options with { FftLength = 12 }),
                Refused("FftLength", options => options with { FftLength = 4 }),
                Refused("NumberOfFilters", options => options with { NumberOfFilters = 0 }),
                Refused("NumberOfFilters", options => options with { NumberOfFilters = 40 }),
                Refused("LowestFrequency", options => options with { LowestFrequency = -1 }),
                Refused("LowestFrequency", options => options with { LowestFrequency = 4000 }),
                Refused("HighestFrequency", options => options with { HighestFrequency = 4001 }),
                Refused("HighestFrequency", options => options with { LowestFrequency = 300, HighestFrequency = 200 }),
                Refused("PreEmphasis", options => options with { PreEmphasis = 1.5 }),
                Refused("Normalization", options => options with { Normalization = (FrameNormalization)9 }),
                OfCepstral("NumberOfCoefficients", SmallMfcc with { NumberOfCoefficients = 4 }),
                OfCepstral("Liftering", SmallMfcc with { Liftering = double.PositiveInfinity }),
                ("outputColumnName", ml => create(ml, "", "y")),
            ],
        };
    }

    private static float[] Noise(int count) => [.. Enumerable.Range(0, count).Select(i => MathF.Sin(i * i + count) / 2)];

    private static string MakeAudioFolder()
    {
        string folder = Directory.CreateTempSubdirectory("sound").FullName;
        byte[][] files =
        [
            WaveFile.Of(Noise(40)), WaveFile.Of(Noise(40), channels: 2), WaveFile.Of(Noise(60), rate: 16_000),
            WaveFile.Of(Noise(30), rate: 11_025, bits: 24), WaveFile.Of(Noise(25), bits: 32, tag: 3),
        ];
        foreach ((int i, byte[] file) in files.Index())
            File.WriteAllBytes(Path.Combine(folder, $"{i}.wav"), file);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }
}
