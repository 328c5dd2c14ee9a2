// Out of the house: trains a network that knows what a sentence wants, writes it as an ONNX model, and runs that in ONNX Runtime. Then
// the weights alone, as PyTorch has them, and the whole pipeline, from a sentence to what it wants.
// dotnet run samples/Onnx.cs
// dotnet run samples/Onnx.cs samples/browser/model.onnx   keeps the model, for the page of that folder
#:project ../src/SequenceModels/SequenceModels.csproj
#:package Microsoft.ML.OnnxConverter
#:package Microsoft.ML.OnnxRuntime
#:property PublishAot=false
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using SequenceModels;

var ml = new MLContext(seed: 1);
string sentences = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "data", "intents.csv");
IDataView rows = ml.Data.LoadFromTextFile<Sentence>(sentences, separatorChar: ',', hasHeader: true, allowQuoting: true);
TransformerChain<SequenceTokenizingTransformer> preparation = ml.Transforms.Conversion
    .MapValueToKey("Label", nameof(Sentence.Intent)).Append(ml.Transforms.Text.TokenizeIntoSequence("Features", nameof(Sentence.Text))).Fit(rows);
IDataView keys = preparation.Transform(rows);
SequencePredictionTransformer model = ml.MulticlassClassification.Trainers.Gru(options: new()
{
    HiddenSize = 32,
    EmbeddingSize = 16,
    Bidirectional = true,
    NumberOfEpochs = 5,
    LearningRate = 5e-3f,
    Seed = 1,
}).Fit(keys);

// 1. The model, with the names of its classes and tokens.
SequenceNetwork network = model.Model.Network;
string[] classes = NamesOf(keys.Schema["Label"]), vocabulary = NamesOf(keys.Schema["Features"]);
string path = args.Length > 0 ? args[0] : Path.Combine(Path.GetTempPath(), $"intents-{Environment.ProcessId}.onnx");
network.ExportOnnx(path, new() { Labels = classes, Vocabulary = vocabulary });
Console.WriteLine($"{new FileInfo(path).Length:N0} bytes of ONNX for {network.NumberOfParameters:N0} weights");

// 2. All sentences in one batch. Beyond a sentence's end stands anything: its length counts.
using var session = new InferenceSession(path);
uint[][] tokens = [.. keys.GetColumn<uint[]>("Features")];
var ids = new DenseTensor<long>([tokens.Length, tokens.Max(sentence => sentence.Length)]);
for (int row = 0; row < tokens.Length; row++)
    for (int t = 0; t < tokens[row].Length; t++)
        ids[row, t] = tokens[row][t];
var lengths = new DenseTensor<long>(tokens.Select(sentence => (long)sentence.Length).ToArray(), [tokens.Length]);
using var outputs = session.Run(
    [NamedOnnxValue.CreateFromTensor("tokens", ids), NamedOnnxValue.CreateFromTensor("lengths", lengths)]);
Tensor<float> scores = outputs.First(output => output.Name == "scores").AsTensor<float>();
long[] labels = [.. outputs.First(output => output.Name == "labels").AsEnumerable<long>()];

// 3. The same answers.
double largest = 0;
int equal = 0;
for (int row = 0; row < tokens.Length; row++)
{
    float[] own = network.Score(tokens[row]);
    largest = Math.Max(largest, Enumerable.Range(0, own.Length).Max(k => Math.Abs(own[k] - scores[row, k])));
    equal += Array.IndexOf(own, own.Max()) == labels[row] ? 1 : 0;
}
Console.WriteLine($"largest difference of a probability in ONNX Runtime: {largest:E1}; {equal} of {tokens.Length} classes equal");
Console.WriteLine($"'{keys.GetColumn<string>(nameof(Sentence.Text)).First()}' wants {classes[labels[0]]}");

// 4. The weights alone, and back.
string weights = Path.ChangeExtension(path, ".safetensors");
network.SaveSafetensors(weights);
SequenceNetwork again = SequenceNetwork.FromSafetensors(weights, new()
{
    Cell = network.Cell,
    InputSize = network.InputSize,
    EmbeddingSize = network.EmbeddingSize,
    HiddenSize = network.HiddenSize,
    Bidirectional = true,
    Pooling = network.Pooling,
    NumberOfOutputs = network.NumberOfOutputs,
});
Console.WriteLine($"weights written and read: scores are {(again.Score(tokens[0]).SequenceEqual(network.Score(tokens[0])) ? "the same" : "others")}");
if (args.Length == 0)
    File.Delete(path);
File.Delete(weights);

// 5. The whole pipeline, by ML.NET's own converter: without the label, which a sentence that arrives does not have.
var pipeline = new TransformerChain<ITransformer>(preparation.LastTransformer, model,
    ml.Transforms.Conversion.MapKeyToValue("Wanted", "PredictedLabel").Fit(model.Transform(keys)));
string whole = Path.ChangeExtension(path, ".pipeline.onnx");
using (FileStream file = File.Create(whole))
    ml.Model.ConvertToOnnx(pipeline, ml.Data.LoadFromEnumerable(new[] { new Spoken() }), file, "Wanted");
using var fromText = new InferenceSession(whole);
string[] spoken = [.. keys.GetColumn<string>(nameof(Sentence.Text))];
using var wanted = fromText.Run(
    [NamedOnnxValue.CreateFromTensor(nameof(Spoken.Text), new DenseTensor<string>(spoken, [spoken.Length, 1]))]);
string[] intents = [.. wanted[0].AsEnumerable<string>()];
int same = intents.Zip(labels).Count(pair => pair.First == classes[pair.Second]);
Console.WriteLine($"the whole pipeline in ONNX Runtime: {same} of {spoken.Length} sentences get the same answer");
File.Delete(whole);

static string[] NamesOf(DataViewSchema.Column column)
{
    VBuffer<ReadOnlyMemory<char>> names = default;
    column.GetKeyValues(ref names);
    return [.. names.DenseValues().Select(name => name.ToString())];
}

internal sealed class Spoken
{
    public string Text { get; set; } = "";
}

internal sealed class Sentence
{
    [LoadColumn(0)]
    public string Intent { get; set; } = "";

    [LoadColumn(1)]
    public string Text { get; set; } = "";
}
