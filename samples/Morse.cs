// Writes down Morse code: dots and dashes of any speed, as sound, with noise 10 dB below the tone. Nobody says which moment is which letter.
// Log-mel frames of the sound are read by an LSTM that learns by connectionist temporal classification (CTC).
// dotnet run samples/Morse.cs
#:project ../src/SequenceModels.Audio/SequenceModels.Audio.csproj
#:property PublishAot=false
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels;

const int Rate = 4000;
string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
string[] codes = (".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --.. " +
    "----- .---- ..--- ...-- ....- ..... -.... --... ---.. ----.").Split(' ');

var ml = new MLContext(seed: 1);
var random = new Random(1);
Message[] messages = [.. Enumerable.Range(0, 4_100).Select(_ => Make(RandomText(), wordsPerMinute: random.Next(15, 31)))];
IDataView test = ml.Data.LoadFromEnumerable(messages[..100]), train = ml.Data.LoadFromEnumerable(messages[100..]);

var pipeline = ml.Transforms.LogMelFrames("Frames", nameof(Message.Sound), new()
    {
        SampleRate = Rate,
        WindowMilliseconds = 32,
        HopMilliseconds = 16,
        NumberOfFilters = 4,
        LowestFrequency = 400,
        HighestFrequency = 800,
    })
    .Append(ml.Transforms.StackFrames("Features", 2, "Frames"))
    .Append(ml.Transforms.Text.TokenizeIntoSequence("Label", nameof(Message.Text), SequenceTokenization.Characters()))
    .Append(ml.Sequences().Transcription.Trainers.Lstm(options: new()
    {
        HiddenSize = 64,
        NumberOfEpochs = 10,
        BatchSize = 16,
        LearningRate = 6e-3f,
        Dropout = 0.1f,
    }))
    .Append(ml.Transforms.Text.DetokenizeSequence("Heard", "PredictedLabel"));
var model = pipeline.Fit(train);

IDataView heard = model.Transform(test);
TranscriptionMetrics metrics = ml.Sequences().Transcription.Evaluate(heard);
Console.WriteLine($"{metrics.TokenErrorRate:P1} of the characters of {metrics.NumberOfSequences} messages that were never heard are wrong\n");
foreach (Answer answer in ml.Data.CreateEnumerable<Answer>(heard, reuseRowObject: false).Take(5))
    Console.WriteLine($"{answer.Text,-12} {answer.Heard}");

Console.WriteLine("\nThe same at other speeds, in words a minute:");
var engine = ml.Model.CreatePredictionEngine<Message, Answer>(model);
foreach (int speed in new[] { 15, 20, 25, 30 })
{
    Message message = Make("SOS", speed);
    Console.WriteLine($"  {speed}: {message.Sound.Length / (double)Rate:F1} s of sound, {engine.Predict(message).Heard}");
}
return metrics.TokenErrorRate < 0.05 ? 0 : 1;

string RandomText() => string.Join(' ', Enumerable.Range(0, random.Next(1, 3))
    .Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => letters[random.Next(letters.Length)]))));

// A dot is 1 unit long, a dash 3; 1 unit between these, 3 between letters, 7 between words. "PARIS " is 50 units, a word.
Message Make(string text, int wordsPerMinute)
{
    double unit = 1.2 / wordsPerMinute, frequency = 550 + random.NextDouble() * 100;
    var isOn = new List<bool>(new bool[Rate / 10]);
    foreach (char letter in text)
    {
        foreach (char sign in letter == ' ' ? "" : codes[letters.IndexOf(letter)])
        {
            Add(sign == '.' ? 1 : 3, true);
            Add(1, false);
        }
        Add(letter == ' ' ? 4 : 2, false);
    }
    // A tone of amplitude 0.5 has the power 1/8; noise 10 dB below it a tenth.
    double deviation = Math.Sqrt(0.125 / 10);
    float[] sound = [.. isOn.Select((on, i) => (float)((on ? 0.5 * Math.Sin(2 * Math.PI * frequency * i / Rate) : 0) + deviation * Noise()))];
    return new Message { Text = text, Sound = sound };

    // No operator's hand is quite even.
    void Add(int units, bool on) => isOn.AddRange(Enumerable.Repeat(on, (int)(units * unit * (0.9 + 0.2 * random.NextDouble()) * Rate)));
}

double Noise() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

internal sealed class Message
{
    public float[] Sound { get; set; } = [];

    public string Text { get; set; } = "";
}

internal sealed class Answer
{
    public string Text { get; set; } = "";

    public string Heard { get; set; } = "";
}
