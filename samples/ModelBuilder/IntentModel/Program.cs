// dotnet run             trains and measures a model where there is none yet, and predicts
// dotnet run -- train    trains and measures it anew
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

// Numbers and dates are written alike on every machine.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

if (args is ["train"] || !File.Exists(IntentModel.MLNetModelPath))
{
    MulticlassClassificationMetrics metrics = IntentModel.Evaluate();
    Console.WriteLine(metrics.ConfusionMatrix.GetFormattedConfusionTable());
    Console.WriteLine($"Accuracy on rows held out: {metrics.MicroAccuracy:P1}; macro {metrics.MacroAccuracy:P1}, log loss {metrics.LogLoss:F3}");
    IntentModel.Train(IntentModel.MLNetModelPath);
    Console.WriteLine($"Saved a model of all rows: {IntentModel.MLNetModelPath}");
}

// A few rows of the file. The model has learned from them: what it is worth on others is the accuracy above.
var mlContext = new MLContext();
IDataView data = IntentModel.LoadIDataViewFromFile(mlContext, IntentModel.RetrainFilePath, IntentModel.RetrainSeparatorChar,
    IntentModel.RetrainHasHeader, IntentModel.RetrainAllowQuoting);
IntentModel.ModelInput[] rows = [.. mlContext.Data.CreateEnumerable<IntentModel.ModelInput>(data, reuseRowObject: false).Take(5)];
Console.WriteLine("\nActual and predicted:");
foreach (IntentModel.ModelInput row in rows)
    Console.WriteLine($"  {row.Label}, predicted {IntentModel.Predict(row).PredictedLabel}: {row.Text}");

Console.WriteLine($"\n{rows[0].Text}");
foreach ((string label, float score) in IntentModel.PredictAllLabels(rows[0]).Take(5))
    Console.WriteLine($"  {label,-20} {score:P1}");
