using System.Globalization;
using Microsoft.ML;

namespace SequenceModels.Benchmarks.Transcriptions;

/// <summary>
/// Strings of 3 to 7 digits, as WAV files: recordings of one speaker one behind the other, up to a quarter of a second of silence
/// between. Takes 0 to 4 of each digit are for test, 45 to 49 for dev, as the origin has it; no recording is in two parts.
/// </summary>
internal static class DigitStrings
{
    private const int Rate = 8000, LongestPause = Rate / 4;

    private static readonly string[] s_speakers = ["jackson", "nicolas"];

    public static TranscriptionSet Load(string folder)
    {
        string strings = Directory.CreateTempSubdirectory("digit-strings").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(strings, recursive: true);
        TranscriptionRow[] Rows(string part, int count, int firstTake, int endTake) =>
            Make(Path.Combine(folder, "spoken-digits"), strings, part, count, firstTake, endTake);
        return new("spoken-digits", Rows("train", 1500, 5, 45), Rows("dev", 200, 45, 50), Rows("test", 500, 0, 5),
            ml => ml.Transforms.LoadAudio("Samples", null, nameof(TranscriptionRow.Path), Rate)
                .Append(ml.Transforms.LogMelFrames("Frames", "Samples")).Append(ml.Transforms.StackFrames("Features", 3, "Frames")),
            "-");
    }

    private static TranscriptionRow[] Make(string recordings, string folder, string part, int count, int firstTake, int endTake)
    {
        var random = new Random(part[0]);
        return [.. Enumerable.Range(0, count).Select(row =>
        {
            string speaker = s_speakers[random.Next(s_speakers.Length)];
            string digits = string.Concat(Enumerable.Range(0, random.Next(3, 8)).Select(_ => random.Next(10)));
            var samples = new List<float>();
            foreach (char digit in digits)
            {
                string take = random.Next(firstTake, endTake).ToString(CultureInfo.InvariantCulture);
                samples.AddRange(new float[random.Next(LongestPause)]);
                samples.AddRange(AudioClip.Load(Path.Combine(recordings, $"{digit}_{speaker}_{take}.wav"), Rate).Samples.Span);
            }
            string path = Path.Combine(folder, $"{part}{row}.wav");
            new AudioClip([.. samples], Rate).Save(path);
            return new TranscriptionRow { Path = path, Said = digits };
        })];
    }
}
