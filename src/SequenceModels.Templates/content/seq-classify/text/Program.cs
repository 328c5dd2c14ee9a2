// dotnet run             trains and measures a model where there is none yet, and predicts
// dotnet run -- train    trains and measures it anew
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

// Numbers and dates are written alike on every machine.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

if (args is ["train"] || !File.Exists(ModelClass.MLNetModelPath))
{
    MulticlassClassificationMetrics metrics = ModelClass.Evaluate();
    Console.WriteLine(metrics.ConfusionMatrix.GetFormattedConfusionTable());
    Console.WriteLine($"Accuracy on rows held out: {metrics.MicroAccuracy:P1}; macro {metrics.MacroAccuracy:P1}, log loss {metrics.LogLoss:F3}");
    ModelClass.Train(ModelClass.MLNetModelPath);
    Console.WriteLine($"Saved a model of all rows: {ModelClass.MLNetModelPath}");
}

// A few rows of the file. The model has learned from them: what it is worth on others is the accuracy above.
var mlContext = new MLContext();
IDataView data = ModelClass.LoadIDataViewFromFile(mlContext, ModelClass.RetrainFilePath, ModelClass.RetrainSeparatorChar,
    ModelClass.RetrainHasHeader, ModelClass.RetrainAllowQuoting);
ModelClass.ModelInput[] rows = [.. mlContext.Data.CreateEnumerable<ModelClass.ModelInput>(data, reuseRowObject: false).Take(5)];
Console.WriteLine("\nActual and predicted:");
foreach (ModelClass.ModelInput row in rows)
    Console.WriteLine($"  {row.Label}, predicted {ModelClass.Predict(row).PredictedLabel}: {row.Text}");

Console.WriteLine($"\n{rows[0].Text}");
foreach ((string label, float score) in ModelClass.PredictAllLabels(rows[0]).Take(5))
    Console.WriteLine($"  {label,-20} {score:P1}");
