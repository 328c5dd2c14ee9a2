// Will a customer send it back? An LSTM reads what the customer wrote, and the price, the shop and the number of earlier orders go
// straight into its output layer. The reviews hold the same words; only their order tells who is content.
// dotnet run samples/TextAndTable.cs
#:project ../src/SequenceModels/SequenceModels.csproj
#:property PublishAot=false
using Microsoft.ML;
using SequenceModels;

var ml = new MLContext(seed: 1);
var random = new Random(1);
IDataView train = ml.Data.LoadFromEnumerable(Sell(3000)), test = ml.Data.LoadFromEnumerable(Sell(1000));

double text = Train(rowFeatures: null), both = Train(rowFeatures: "Table");
Console.WriteLine($"Area under the ROC curve, of orders held out: text alone {text:F3}, text and table {both:F3}");
return both > text + 0.03 ? 0 : 1;

double Train(string? rowFeatures)
{
    var pipeline = ml.Transforms.Categorical.OneHotEncoding("Shops", nameof(Order.Shop))
        .Append(ml.Transforms.NormalizeMeanVariance("Numbers", nameof(Order.Numbers)))   // numbers of a row are not scaled by the trainer
        .Append(ml.Transforms.Concatenate("Table", "Shops", "Numbers"))
        .Append(ml.Transforms.Text.TokenizeIntoSequence("Features", nameof(Order.Review)))
        .Append(ml.BinaryClassification.Trainers.Lstm(options: new()
        {
            HiddenSize = 32, EmbeddingSize = 16, LearningRate = 5e-3f, NumberOfEpochs = 5, RowFeatureColumnName = rowFeatures,
        }));
    return ml.BinaryClassification.Evaluate(pipeline.Fit(train).Transform(test)).AreaUnderRocCurve;
}

// Whether an order comes back depends on the review, on the price and on the shop, and on chance.
IEnumerable<Order> Sell(int orders)
{
    string[] shops = ["market", "website", "phone"];
    for (int order = 0; order < orders; order++)
    {
        bool content = random.Next(2) == 0;
        int shop = random.Next(shops.Length), earlier = random.Next(20);
        float price = random.Next(10, 500);
        string[] words = content ? ["break", "lasts"] : ["last", "breaks"];
        string thing = new[] { "lamp", "chair", "kettle", "radio" }[random.Next(4)];
        string review = $"I thought this {thing} would {words[0]} soon but after a month it {words[1]}";
        double returns = (content ? -1.5 : 1.5) + (price - 250) / 120 + (shop - 1) - (earlier - 10) / 10.0;
        yield return new Order(review, shops[shop], [price, earlier], random.NextDouble() < 1 / (1 + Math.Exp(-returns)));
    }
}

internal sealed record Order(string Review, string Shop, [property: Microsoft.ML.Data.VectorType(2)] float[] Numbers, bool Label);
