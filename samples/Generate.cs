// A character model learns the rules of a small grammar from its sentences, and writes new ones.
// dotnet run samples/Generate.cs
#:project ../src/SequenceModels/SequenceModels.csproj
#:property PublishAot=false
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels;

string path = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "data", "harbour.txt");
string[] lines = File.ReadAllLines(path);
string learned = string.Join('\n', lines[..^100]) + "\n", kept = string.Join('\n', lines[^100..]) + "\n";

var ml = new MLContext(seed: 1);
ml.Log += (_, e) =>
{
    if (e.RawMessage.StartsWith("epoch", StringComparison.Ordinal))
        Console.WriteLine($"  {e.RawMessage}");
};
IDataView train = ml.Data.LoadFromEnumerable(new[] { new Text(learned) }), test = ml.Data.LoadFromEnumerable(new[] { new Text(kept) });

// One long text in one row: it is read at BatchSize places at once, 50 characters at a time.
var pipeline = ml.Transforms.Text.TokenizeIntoSequence("Features", nameof(Text.Content), SequenceTokenization.Characters())
    .Append(ml.Sequences().LanguageModeling.Trainers.Lstm(options: new()
    {
        HiddenSize = 128,
        EmbeddingSize = 32,
        BatchSize = 16,
        TruncatedBackpropagationSteps = 50,
        LearningRate = 5e-3f,
        NumberOfEpochs = 8,
    }));
Console.WriteLine($"Training an LSTM on {learned.Length:N0} characters.");
TransformerChain<LanguageModelTransformer> model = pipeline.Fit(train);

LanguageModelMetrics metrics = ml.Sequences().LanguageModeling.Evaluate(test, model);
Console.WriteLine($"\nOf sentences held out it is in doubt among {metrics.Perplexity:F2} characters: {metrics.BitsPerToken:F2} bits each, where " +
    $"{Math.Log2(learned.Distinct().Count()):F2} would tell them apart.");

SequenceGenerator generator = ml.Sequences().LanguageModeling.CreateGenerator(model);
foreach (float temperature in new[] { 0, 0.5f, 1, 1.5f })
{
    Console.WriteLine($"\nTemperature {temperature}:");
    // Each token is worked out when it is asked for, so that a text can be shown as it is written.
    foreach (GeneratedToken token in generator.Generate("the ", new GenerationOptions { Temperature = temperature, MaximumLength = 150, Seed = 1 }))
        Console.Write(token.Text);
    Console.WriteLine();
}

// The state of a text is a value: it can be copied, and each copy goes its own way.
Console.WriteLine("\nThree ends of one sentence:");
GeneratorState state = generator.Start("every captain ");
for (int seed = 1; seed <= 3; seed++)
    Console.WriteLine("  every captain " + string.Concat(
        generator.Generate(state.Copy(), new GenerationOptions { Seed = seed, StopTokens = ["\n"] }).Select(token => token.Text)));

// How likely a text is tells what is unusual in it.
foreach (string sentence in new[] { "the sailor watches the red boat.", "the boat watches sailor the red." })
{
    IReadOnlyList<ScoredToken> scored = generator.Score("\n" + sentence);
    Console.WriteLine($"\nPerplexity {Math.Exp(-scored.Skip(1).Average(token => token.LogProbability)):F2}: {sentence}");
}

internal sealed record Text(string Content);
