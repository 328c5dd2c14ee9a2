// Which words of a sentence are a place, a person, a time? A bidirectional LSTM with a CRF tags each word, from its letters too.
// dotnet run samples/Tags.cs
#:project ../src/SequenceModels/SequenceModels.csproj
#:property PublishAot=false
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels;

var ml = new MLContext(seed: 1);
var random = new Random(1);
// Names of the test sentences occur in no training sentence: only their letters and neighbours tell what they are.
string[] places = [.. Enumerable.Range(0, 60).Select(_ => Made("brad dun elm glen har kil lin mar nor wes", "bury ford ham mouth ton wick"))];
string[] people = [.. Enumerable.Range(0, 60).Select(_ => Made("an be cla ed fi ju lu mi ro sa", "ra nny lia gar nna lie cas chael bert rah"))];
IDataView train = ml.Data.LoadFromEnumerable(Sentences(1500, places[..40], people[..40])), test = ml.Data.LoadFromEnumerable(Sentences(300, places[40..], people[40..]));

var pipeline = ml.Transforms.Conversion.MapValueToKey("Label", nameof(Sentence.Tags))
    .Append(ml.Transforms.Text.TokenizeIntoSequence("Tokens", nameof(Sentence.Words), SequenceTokenization.Whitespace(minimumCount: 2)))
    .Append(ml.Sequences().Tagging.Trainers.Lstm("Label", ["Tokens", nameof(Sentence.Words)], new()
    {
        TagDecoding = TagDecoding.Crf,
        Bidirectional = true,
        HiddenSize = 48,
        EmbeddingSize = 32,
        WordDropout = 0.1f,
        NumberOfEpochs = 6,
        LearningRate = 5e-3f,
    }))
    .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedTags", "PredictedLabel"));
var model = pipeline.Fit(train);

TaggingMetrics metrics = ml.Sequences().Tagging.Evaluate(model.Transform(test));
Console.WriteLine(metrics);
var engine = ml.Model.CreatePredictionEngine<Sentence, Tagged>(model);
string[] words = "does Fibert go from Kilmouth to Elmwick at noon".Split(' ');
foreach ((string word, string tag) in words.Zip(engine.Predict(new Sentence { Words = words }).PredictedTags))
    Console.WriteLine($"  {word,-10} {tag}");
return metrics.F1Score > 0.9 ? 0 : 1;

string Pick(string choices) => Any(choices.Split(' '));

string Any(string[] choices) => choices[random.Next(choices.Length)];

string Made(string beginnings, string ends)
{
    string name = Pick(beginnings) + Pick(ends);
    return char.ToUpperInvariant(name[0]) + name[1..];
}

IEnumerable<Sentence> Sentences(int count, string[] towns, string[] names)
{
    for (int i = 0; i < count; i++)
    {
        string sentence = Pick("A_goes_to_P_T A_left_P_T is_A_in_P_or_P T_the_train_from_P_is_late book_a_room_in_P_for_A does_A_go_from_P_to_P_T P_is_far");
        List<string> spoken = [], tags = [];
        foreach (string part in sentence.Split('_'))
        {
            string said = part switch { "A" => Any(names), "P" => Any(towns), "T" => Pick("today at_noon on_Monday tomorrow_night"), _ => part };
            string type = part switch { "A" => "person", "P" => "place", "T" => "time", _ => "" };
            string[] all = said.Split('_');
            spoken.AddRange(all);
            tags.AddRange(all.Select((_, k) => type == "" ? "O" : (k == 0 ? "B-" : "I-") + type));
        }
        yield return new Sentence { Words = [.. spoken], Tags = [.. tags] };
    }
}

internal sealed class Sentence
{
    public string[] Words { get; set; } = [];

    public string[] Tags { get; set; } = [];
}

internal sealed class Tagged
{
    public string[] PredictedTags { get; set; } = [];
}
