// dotnet run             trains and measures a model where there is none yet, and predicts
// dotnet run -- train    trains and measures it anew
using System.Globalization;
using Microsoft.ML;
using SequenceModels;

// Numbers and dates are written alike on every machine.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

if (args is ["train"] || !File.Exists(ModelClass.MLNetModelPath))
{
    TaggingMetrics metrics = ModelClass.Evaluate();
    Console.WriteLine(metrics);
    string ofSpans = metrics.F1Score is { } f1 ? $"; F1 of spans {f1:P1}" : "";
    Console.WriteLine($"Accuracy on sentences held out: {metrics.Accuracy:P1} of words{ofSpans}");
    ModelClass.Train(ModelClass.MLNetModelPath);
    Console.WriteLine($"Saved a model of all sentences: {ModelClass.MLNetModelPath}");
}

// A few sentences of the file. The model has learned from them: what it is worth on others is the accuracy above.
var mlContext = new MLContext();
IDataView data = ModelClass.LoadIDataViewFromFile(mlContext, ModelClass.RetrainFilePath, ModelClass.RetrainSeparatorChar,
    ModelClass.RetrainHasHeader, ModelClass.RetrainAllowQuoting);
Console.WriteLine("\nActual and predicted:");
foreach (ModelClass.ModelInput row in mlContext.Data.CreateEnumerable<ModelClass.ModelInput>(data, reuseRowObject: false).Take(3))
{
    foreach ((string word, string tag, string predicted) in row.Words.Zip(row.Tags, ModelClass.Predict(row).PredictedTags))
        Console.WriteLine($"  {word,-20} {tag,-15} {predicted}");
    Console.WriteLine();
}
