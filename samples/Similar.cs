// Similar texts: a network that has learned what sentences to a house want makes a vector of each, and the nearest vectors are those of
// sentences that want the same in other words. KMeans finds the kinds of sentences by itself.
// dotnet run samples/Similar.cs
#:project ../src/SequenceModels/SequenceModels.csproj
#:property PublishAot=false
using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels;

var ml = new MLContext(seed: 1);
string sentences = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "data", "intents.csv");
IDataView rows = ml.Data.LoadFromTextFile<Sentence>(sentences, separatorChar: ',', hasHeader: true, allowQuoting: true);
IDataView labelled = ml.Transforms.Conversion.MapValueToKey("Label", nameof(Sentence.Intent)).Fit(rows).Transform(rows);

var tokens = ml.Transforms.Text.TokenizeIntoSequence("Features", nameof(Sentence.Text)).Fit(rows);
SequencePredictionTransformer model = ml.MulticlassClassification.Trainers.Gru(options: new()
{
    HiddenSize = 32,
    EmbeddingSize = 16,
    Bidirectional = true,
    Pooling = SequencePooling.Mean,
    NumberOfEpochs = 10,
    LearningRate = 5e-3f,
    Seed = 1,
}).Fit(tokens.Transform(labelled));

var featurizer = tokens.Append(ml.Sequences().Featurize("Vector", model).Fit(tokens.Transform(rows)));
PredictionEngine<Sentence, Featurized> engine = ml.Model.CreatePredictionEngine<Sentence, Featurized>(featurizer);
Featurized[] all = [.. ml.Data.CreateEnumerable<Featurized>(featurizer.Transform(rows), reuseRowObject: false)];
foreach (string text in new[] { "I would like to listen to jazz", "is it going to rain in Aldbury", "make the kitchen bright" })
{
    float[] vector = engine.Predict(new Sentence { Text = text }).Vector;
    Console.WriteLine(text);
    foreach (Featurized near in all.OrderByDescending(other => TensorPrimitives.CosineSimilarity(vector, other.Vector)).Take(3))
        Console.WriteLine($"  {TensorPrimitives.CosineSimilarity(vector, near.Vector):F3}  {near.Text}");
}

var clusters = featurizer.Append(ml.Clustering.Trainers.KMeans("Vector", numberOfClusters: 4).Fit(featurizer.Transform(rows)));
uint[] found = [.. clusters.Transform(rows).GetColumn<uint>("PredictedLabel")];
Console.WriteLine("Clusters of KMeans, and what their sentences want:");
foreach (IGrouping<uint, Featurized> cluster in all.Zip(found).GroupBy(pair => pair.Second, pair => pair.First).OrderBy(group => group.Key))
    Console.WriteLine($"  {cluster.Key}: " + string.Join(", ", cluster.GroupBy(row => row.Intent).OrderByDescending(intent => intent.Count())
        .Select(intent => $"{intent.Count()} {intent.Key}")));

internal class Sentence
{
    [LoadColumn(0)]
    public string Intent { get; set; } = "";

    [LoadColumn(1)]
    public string Text { get; set; } = "";
}

internal sealed class Featurized : Sentence
{
    [VectorType(64)]
    public float[] Vector { get; set; } = [];
}
