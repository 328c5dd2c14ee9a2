// Writes down the digits that somebody says, one after the other, as a number is dictated.
// dotnet run samples/SpokenDigits.cs FOLDER [FILE...]
// FOLDER holds recordings of single digits: WAV files of any rate, each named by its digit, speaker and take, such as 7_anna_12.wav (the Free Spoken Digit
// Dataset has them). FILE: recordings of several digits, to be written down. Without a folder it hears a telephone's keys in place of voices.
#:project ../src/SequenceModels.Audio/SequenceModels.Audio.csproj
#:property PublishAot=false
using System.Globalization;
using Microsoft.ML;
using SequenceModels;

const int Rate = 8000, TestTakes = 5;
string work = Directory.CreateTempSubdirectory("digits").FullName;
try
{
    return Run(args.Length > 0 ? args[0] : Keys(), strings: args.Length > 0 ? 1_500 : 600, epochs: args.Length > 0 ? 40 : 30);
}
finally
{
    Directory.Delete(work, recursive: true);
}

int Run(string folder, int strings, int epochs)
{
    var random = new Random(1);
    Recording[] recordings = [.. Directory.EnumerateFiles(folder, "*.wav").Order(StringComparer.Ordinal).Select(Recording.Of).OfType<Recording>()];
    Recording[] known = [.. recordings.Where(recording => recording.Take >= TestTakes)], unknown = [.. recordings.Except(known)];
    if (known.Length == 0 || unknown.Length == 0)
    {
        Console.Error.WriteLine($"'{folder}' has {known.Length} files such as 7_anna_12.wav to learn from, and {unknown.Length} with a take of 0 to " +
            $"{TestTakes - 1} to try what was learned on. Both are needed.");
        return 1;
    }

    var ml = new MLContext(seed: 1);
    IDataView train = ml.Data.LoadFromEnumerable(Strings(known, "train", strings, random));
    IDataView test = ml.Data.LoadFromEnumerable(Strings(unknown, "test", strings / 5, random));
    var pipeline = ml.Transforms.LoadAudio("Samples", null, nameof(Said.Path), Rate)
        .Append(ml.Transforms.LogMelFrames("Frames", "Samples"))
        .Append(ml.Transforms.StackFrames("Features", 3, "Frames"))
        .Append(ml.Transforms.Text.TokenizeIntoSequence("Label", nameof(Said.Digits), SequenceTokenization.Characters()))
        .Append(ml.Sequences().Transcription.Trainers.Lstm(options: new()
        {
            HiddenSize = 96,
            Dropout = 0.3f,
            NumberOfEpochs = epochs,
            BatchSize = 16,
            LearningRate = 3e-3f,
            LearningRateSchedule = LearningRateSchedule.Cosine(0.05f),
            TimeMasks = 2,
            TimeMaskSteps = 5,
            FrequencyMasks = 1,
            FrequencyMaskSize = 8,
            FrameScaling = FrameScaling.None,
        }))
        .Append(ml.Transforms.Text.DetokenizeSequence("Heard", "PredictedLabel"));
    var model = pipeline.Fit(train);

    TranscriptionMetrics metrics = ml.Sequences().Transcription.Evaluate(model.Transform(test));
    Console.WriteLine($"{metrics.TokenErrorRate:P1} of the digits in {metrics.NumberOfSequences} strings are wrong; none of their recordings was heard before");

    var engine = ml.Model.CreatePredictionEngine<Said, Answer>(model);
    foreach (string file in args.Length > 1 ? args[1..] : Directory.GetFiles(work, "test*.wav").Order(StringComparer.Ordinal).Take(5))
        Console.WriteLine($"{Path.GetFileName(file)}: {engine.Predict(new Said { Path = file }).Heard}");
    return metrics.TokenErrorRate < 0.1 ? 0 : 1;
}

// Three to seven digits of one speaker, with up to a quarter of a second of silence before each.
Said[] Strings(Recording[] recordings, string name, int count, Random random)
{
    string[] speakers = [.. recordings.Select(recording => recording.Speaker).Distinct()];
    return [.. Enumerable.Range(0, count).Select(i =>
    {
        string speaker = speakers[random.Next(speakers.Length)];
        Recording[] own = [.. recordings.Where(recording => recording.Speaker == speaker)];
        Recording[] chosen = [.. Enumerable.Range(0, random.Next(3, 8)).Select(_ => own[random.Next(own.Length)])];
        var samples = new List<float>();
        foreach (Recording recording in chosen)
        {
            samples.AddRange(new float[random.Next(Rate / 4)]);
            samples.AddRange(AudioClip.Load(recording.Path, Rate).Samples.Span);
        }
        string digits = string.Concat(chosen.Select(recording => recording.Digit));
        string path = Path.Combine(work, $"{name}{i:0000}-{digits}.wav");
        new AudioClip([.. samples], Rate).Save(path);
        return new Said { Path = path, Digits = digits };
    })];
}

// Each key of a telephone sounds two tones, its row's and its column's; here with noise, and pressed for 80 to 160 ms.
string Keys()
{
    var random = new Random(2);
    string folder = Directory.CreateDirectory(Path.Combine(work, "keys")).FullName;
    double[] rows = [697, 770, 852, 941], columns = [1209, 1336, 1477];
    for (int digit = 0; digit < 10; digit++)
        for (int take = 0; take < 25; take++)
        {
            int place = digit == 0 ? 10 : digit - 1;
            double low = 2 * Math.PI * rows[place / 3] / Rate, high = 2 * Math.PI * columns[place % 3] / Rate;
            float[] sound = [.. Enumerable.Range(0, random.Next(Rate * 8 / 100, Rate * 16 / 100)).Select(i =>
                (float)(0.3 * Math.Sin(low * i) + 0.3 * Math.Sin(high * i) + 0.2 * (random.NextDouble() - 0.5)))];
            new AudioClip(sound, Rate).Save(Path.Combine(folder, $"{digit}_key_{take}.wav"));
        }
    return folder;
}

internal sealed record Recording(string Path, char Digit, string Speaker, int Take)
{
    /// <summary>Null: the file has another kind of name.</summary>
    public static Recording? Of(string path) =>
        System.IO.Path.GetFileNameWithoutExtension(path).Split('_') is [[>= '0' and <= '9' and var digit], var speaker, var number] &&
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int take) ? new(path, digit, speaker, take) : null;
}

internal sealed class Said
{
    public string Path { get; set; } = "";

    public string Digits { get; set; } = "";
}

internal sealed class Answer
{
    public string Heard { get; set; } = "";
}
