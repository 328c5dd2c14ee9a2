using System.Globalization;
using SequenceModels.Benchmarks.Accuracy;

// dotnet run -c Release --project tests/SequenceModels.Benchmarks -- accuracy --data FOLDER [--seeds N] [--write FILE] [NAME...]
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["accuracy", .. string[] rest])
    return AccuracyRun.Run(rest);
Console.Error.WriteLine("Usage: accuracy --data FOLDER [--seeds N] [--write FILE] [NAME...]");
return 2;
