// dotnet run             trains and measures a model where there is none yet, and writes
// dotnet run -- train    trains and measures it anew
using System.Globalization;
using Microsoft.ML;
using SequenceModels;

// Numbers and dates are written alike on every machine.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

if (args is ["train"] || !File.Exists(ModelClass.MLNetModelPath))
{
    TranslationMetrics metrics = ModelClass.Evaluate();
    Console.WriteLine(metrics);
    Console.WriteLine($"Wholly right on rows held out: {1 - metrics.SequenceErrorRate:P1}; BLEU {metrics.Bleu:F1}, chrF {metrics.ChrF:F1}");
    ModelClass.Train(ModelClass.MLNetModelPath);
    Console.WriteLine($"Saved a model of all rows: {ModelClass.MLNetModelPath}");
}

// A few rows of the file. The model has learned from them: what it is worth on others is told above.
var mlContext = new MLContext();
IDataView data = ModelClass.LoadIDataViewFromFile(mlContext, ModelClass.RetrainFilePath, ModelClass.RetrainSeparatorChar,
    ModelClass.RetrainHasHeader, ModelClass.RetrainAllowQuoting);
ModelClass.ModelInput[] rows = [.. mlContext.Data.CreateEnumerable<ModelClass.ModelInput>(data, reuseRowObject: false).Take(5)];
Console.WriteLine("\nRead, wanted and written:");
foreach (ModelClass.ModelInput row in rows)
    Console.WriteLine($"  {row.Source} -> {row.Target}: {ModelClass.Predict(row).Text}");

Console.WriteLine($"\n{rows[0].Source}, the best answers:");
foreach (TranslationAnswer answer in ModelClass.PredictBest(rows[0], 3))
    Console.WriteLine($"  {answer.Text,-20} {Math.Exp(answer.LogProbability):P1}");
