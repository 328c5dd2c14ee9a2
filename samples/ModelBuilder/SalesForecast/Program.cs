// dotnet run             trains and measures a model where there is none yet, and forecasts
// dotnet run -- train    trains and measures it anew
using System.Globalization;
using SequenceModels;

// Numbers and dates are written alike on every machine.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

if (args is ["train"] || !File.Exists(SalesForecast.MLNetModelPath))
{
    ForecastBackTest test = SalesForecast.Evaluate();
    Console.WriteLine(test);

    (SalesForecast.ModelInput[] actual, SalesForecast.ModelOutput predicted) = SalesForecast.ForecastLastSteps();
    Console.WriteLine("Actual and predicted, the last steps of the file, by a model of those before:");
    for (int h = 0; h < actual.Length; h++)
        Console.WriteLine($"  {actual[h].Time:yyyy-MM-dd HH:mm}  {actual[h].Value,10:F1}  {predicted.Forecast[h],10:F1}  " +
            $"({predicted.LowerBound[h]:F1} to {predicted.UpperBound[h]:F1})");

    SalesForecast.Train(SalesForecast.MLNetModelPath);
    Console.WriteLine($"Saved a model of all steps: {SalesForecast.MLNetModelPath}");
}

SalesForecast.ModelOutput next = SalesForecast.Predict();
Console.WriteLine("\nAfter the last step of the file:");
for (int h = 0; h < next.Forecast.Length; h++)
    Console.WriteLine($"  {h + 1,3} ahead  {next.Forecast[h],10:F1}  ({next.LowerBound[h]:F1} to {next.UpperBound[h]:F1})");
