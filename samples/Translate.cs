// Numbers in words become digits: "nine hundred four thousand twelve" is 904012. No word stands for a digit by itself, nor is there a digit for each word.
// An encoder reads the words, a decoder writes digit after digit and looks back at the words that each digit comes from.
// dotnet run samples/Translate.cs
#:project ../src/SequenceModels/SequenceModels.csproj
#:property PublishAot=false
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels;

string[] ones = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"];
string[] tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

var ml = new MLContext(seed: 1);
var random = new Random(1);
// Of all numbers below a million 3,000 are learned from. None of the test rows is among them.
Number[] numbers = [.. Enumerable.Range(0, 3_400).Select(_ => random.Next(1, 1_000_000)).Distinct()
    .Select(number => new Number { Words = Spell(number), Digits = $"{number}" })];
IDataView test = ml.Data.LoadFromEnumerable(numbers[..300]), train = ml.Data.LoadFromEnumerable(numbers[300..]);

var pipeline = ml.Transforms.Text.TokenizeIntoSequence("Features", nameof(Number.Words))
    .Append(ml.Transforms.Text.TokenizeIntoSequence("Label", nameof(Number.Digits), SequenceTokenization.Characters()))
    .Append(ml.Sequences().Translation.Trainers.Gru(options: new()
    {
        HiddenSize = 48,
        EmbeddingSize = 32,
        Dropout = 0.1f,
        LearningRate = 1e-2f,
        NumberOfEpochs = 12,
        LabelSmoothing = 0, // so that the probabilities below are the network's own
    }))
    .Append(ml.Transforms.Text.DetokenizeSequence("Text", "PredictedLabel"));
var model = pipeline.Fit(train);

TranslationMetrics metrics = ml.Sequences().Translation.Evaluate(model.Transform(test));
Console.WriteLine($"{1 - metrics.SequenceErrorRate:P1} of {metrics.NumberOfSequences} numbers that were never seen are right, {1 - metrics.TokenErrorRate:P1} of their digits");

Translator translator = ml.Sequences().Translation.CreateTranslator(model);
TranslationAnswer answer = translator.Translate("nine hundred four thousand twelve")[0];
Console.WriteLine($"\n{string.Join(' ', answer.SourceTokens)} = {answer.Text}, and the words that each digit looked at:\n");
Console.WriteLine($"{"",10}" + string.Concat(answer.Tokens.Select(token => $"{token,3}")));
for (int word = 0; word < answer.SourceTokens.Count; word++)
    Console.WriteLine($"{answer.SourceTokens[word],10}" + string.Concat(answer.Attention.Select(weights => "  " + " .:+#"[(int)(weights[word] * 4.99f)])));

Console.WriteLine("\nIf it is not the first answer, which else?");
foreach (TranslationAnswer other in translator.Translate("seventy thousand seven", new() { NumberOfAnswers = 3 }))
    Console.WriteLine($"  {other.Text,-8} {Math.Exp(other.LogProbability):P2}");
return metrics.SequenceErrorRate < 0.1 ? 0 : 1;

string Spell(int number) => number switch
{
    < 20 => ones[number - 1],
    < 100 => Joined(tens[number / 10 - 2], number % 10),
    < 1_000 => Joined(ones[number / 100 - 1] + " hundred", number % 100),
    _ => Joined(Spell(number / 1_000) + " thousand", number % 1_000),
};

string Joined(string words, int rest) => rest == 0 ? words : words + " " + Spell(rest);

internal sealed class Number
{
    public string Words { get; set; } = "";

    public string Digits { get; set; } = "";
}
