// Yes or no, of DNA: does a strand have a TATA box, in either direction of reading? A bidirectional GRU reads it base by base.
// dotnet run samples/Dna.cs
#:project ../src/SequenceModels/SequenceModels.csproj
#:property PublishAot=false
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels;

var ml = new MLContext(seed: 1);
var random = new Random(1);
IDataView train = ml.Data.LoadFromEnumerable(Strands(4000)), test = ml.Data.LoadFromEnumerable(Strands(1000));

var pipeline = ml.Transforms.Text.TokenizeIntoSequence("Features", nameof(Strand.Bases), SequenceTokenization.Characters())
    .Append(ml.BinaryClassification.Trainers.Gru(nameof(Strand.HasBox), options: new()
    {
        Bidirectional = true,
        Pooling = SequencePooling.Max,
        HiddenSize = 32,
        EmbeddingSize = 8,
        NumberOfEpochs = 8,
        LearningRate = 5e-3f,
    }));
var model = pipeline.Fit(train);
CalibratedBinaryClassificationMetrics metrics = ml.BinaryClassification.Evaluate(model.Transform(test), nameof(Strand.HasBox));
Console.WriteLine(metrics.ConfusionMatrix.GetFormattedConfusionTable());
Console.WriteLine($"Accuracy on strands held out: {metrics.Accuracy:P1}; area under the ROC curve {metrics.AreaUnderRocCurve:F4}");

var engine = ml.Model.CreatePredictionEngine<Strand, Answer>(model);
foreach (string bases in new[] { "GGCATATAAAGGCGCG", "CGCGCCTTTATATGCC", "GGCATATCCAGGCGCG" })
    Console.WriteLine($"  {bases}  {engine.Predict(new Strand { Bases = bases }).Probability:P1}");
return metrics.Accuracy > 0.95 ? 0 : 1;

// Strands of 20 to 80 bases; half of them get a box, TATAAA or TATATA, or its complement read backwards.
IEnumerable<Strand> Strands(int count)
{
    string[] boxes = ["TATAAA", "TATATA", "TTTATA"];
    for (int i = 0; i < count; i++)
    {
        char[] bases = random.GetItems("ACGT".AsSpan(), random.Next(20, 80));
        if (i % 2 == 0)
            boxes[random.Next(boxes.Length)].CopyTo(bases.AsSpan(random.Next(bases.Length - 6)));
        string strand = new(bases);
        yield return new Strand { Bases = strand, HasBox = boxes.Any(box => strand.Contains(box, StringComparison.Ordinal)) };
    }
}

internal sealed class Strand
{
    public string Bases { get; set; } = "";

    public bool HasBox { get; set; }
}

internal sealed class Answer
{
    public float Probability { get; set; }
}
