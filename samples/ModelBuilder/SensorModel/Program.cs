// dotnet run             trains and measures a model where there is none yet, and predicts
// dotnet run -- train    trains and measures it anew
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

// Numbers and dates are written alike on every machine.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

if (args is ["train"] || !File.Exists(SensorModel.MLNetModelPath))
{
    MulticlassClassificationMetrics metrics = SensorModel.Evaluate();
    Console.WriteLine(metrics.ConfusionMatrix.GetFormattedConfusionTable());
    Console.WriteLine($"Accuracy on rows held out: {metrics.MicroAccuracy:P1}; macro {metrics.MacroAccuracy:P1}, log loss {metrics.LogLoss:F3}");
    SensorModel.PrintPFI();
    SensorModel.Train(SensorModel.MLNetModelPath);
    Console.WriteLine($"Saved a model of all rows: {SensorModel.MLNetModelPath}");
}

// A few rows of the file. The model has learned from them: what it is worth on others is the accuracy above.
var mlContext = new MLContext();
IDataView data = SensorModel.LoadIDataViewFromFile(mlContext, SensorModel.RetrainFilePath, SensorModel.RetrainSeparatorChar,
    SensorModel.RetrainHasHeader, SensorModel.RetrainAllowQuoting);
SensorModel.ModelInput[] rows = [.. mlContext.Data.CreateEnumerable<SensorModel.ModelInput>(data, reuseRowObject: false).Take(5)];
Console.WriteLine("\nActual and predicted:");
foreach (SensorModel.ModelInput row in rows)
    Console.WriteLine($"  {row.Label}, predicted {SensorModel.Predict(row).PredictedLabel}");

Console.WriteLine("\nThe first row:");
foreach ((string label, float score) in SensorModel.PredictAllLabels(rows[0]).Take(5))
    Console.WriteLine($"  {label,-20} {score:P1}");
